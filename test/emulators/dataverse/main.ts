// The emulator as a process: `node test/emulators/dataverse/main.ts --port 7072`.

import { parseArgs } from 'node:util';
import { startDataverse } from './emulator.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '7072' },
    token: { type: 'string', default: 'local' },
  },
});

const dataverse = await startDataverse({ port: Number(values.port), token: values.token });
console.log(`Dataverse ${dataverse.url}/api/data/v9.2/`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void dataverse.stop().then(() => process.exit(0));
  });
}
