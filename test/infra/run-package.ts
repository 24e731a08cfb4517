// `node run-package.ts DIR`: serves an unpacked package, sends it one notification, prints what came back as JSON.
import { createHmac } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startHost } from '../../local/functions-host/host.ts';

const SECRET = 'secret-of-the-package-test';
const app = process.argv[2] ?? '';
const { main } = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8'));
const files = globSync(main, { cwd: app });

const host = await startHost({
  settings: {
    NOTIFICATIONS_STORAGE: process.env['NOTIFICATIONS_STORAGE'] ?? '',
    // Nothing listens there: this test is about what is received.
    DATAVERSE_URL: 'http://127.0.0.1:9',
    RDV_WEBHOOK_SECRET: SECRET,
  },
  hostJson: JSON.parse(readFileSync(join(app, 'host.json'), 'utf8')),
  entries: files.map((file) => () => import(pathToFileURL(join(app, file)).href)),
  timers: 'by-hand',
});
const post = async (headers: Record<string, string>, body: string) => {
  const answer = await fetch(`${host.url}/api/notifications`, { method: 'POST', headers, body });
  await answer.text();
  return answer.status;
};
const body = '{"data":{},"meta":{}}';
const signature = createHmac('sha256', SECRET).update(body).digest('hex');
const signed = await post({ 'X-Lapin-Signature': signature }, body);
const unsigned = await post({}, body);
console.log(JSON.stringify({ functions: host.functions, signed, unsigned }));
await host.stop();
