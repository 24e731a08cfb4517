// `node run-bundle.ts DIR`: serves the bundle in DIR, calls one of its functions, prints what it saw as JSON.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startHost } from '../../host.ts';

const folder = join(process.argv[2] ?? '', 'functions');
const files = (await readdir(folder)).filter((name) => name.endsWith('.js'));
const host = await startHost({
  settings: { FIXTURE_SCHEDULE: '0 0 0 1 1 *' },
  hostJson: {},
  entries: files.map((name) => () => import(pathToFileURL(join(folder, name)).href)),
});
const answer = await (await fetch(`${host.url}/api/lazy-storage`)).text();
console.log(JSON.stringify({ functions: host.functions, answer }));
await host.stop();
