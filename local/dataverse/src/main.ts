// The emulator as a process: `npx local-dataverse --port 7072 --row-locks true`.

import { parseArgs } from 'node:util';
import { startDataverse } from './emulator.ts';
import { settingNames } from './settings.ts';

const flagOf = (setting: string): string => setting.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const flags: Record<string, { type: 'string'; default?: string }> = {
  port: { type: 'string', default: '7072' },
  token: { type: 'string', default: 'local' },
};
for (const name of settingNames) flags[flagOf(name)] = { type: 'string' };
const { values } = parseArgs({ options: flags });

/** The value of a setting's flag is JSON: `true`, `50`, `{"requests":100}`. */
const settings = Object.fromEntries(
  settingNames.flatMap((name) => {
    const value = values[flagOf(name)];
    return typeof value === 'string' ? [[name, JSON.parse(value)]] : [];
  }),
);

const dataverse = await startDataverse({ ...settings, port: Number(values['port']), token: String(values['token']) });
console.log(`Dataverse ${dataverse.url}/api/data/v9.2/`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void dataverse.stop().then(() => process.exit(0));
  });
}
