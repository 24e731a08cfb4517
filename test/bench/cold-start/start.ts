// `start.js APP registered|answered`: loads the files of an app as the language worker does, and ends as soon as it has a
// function, or an answer of the receiver. How long this process lives is what is measured: nothing more is loaded here.
import { createHmac } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { registry } from '../../../local/functions-host/core-api.ts';
import { createInProcessWorker } from '../../../local/functions-host/in-process-worker.ts';

const [, , app = '', until] = process.argv;
const files = readdirSync(app).filter((name) => name.endsWith('.js'));

if (until === 'registered') {
  registry.functions.set = () => process.exit(0);
}
const worker = createInProcessWorker();
const functions = await worker.start(
  files.map((name) => () => import(pathToFileURL(join(app, name)).href)),
  () => undefined,
);
const receiver = functions.find(({ name }) => name === 'receiveNotification') ?? functions[0];
if (receiver === undefined) throw new Error('the app has no function');
const body = Buffer.from('{"data":{},"meta":{}}');
const secret = process.env['RDV_WEBHOOK_SECRET'] ?? '';
const headers = {
  'content-length': { value: String(body.length) },
  'x-lapin-signature': { value: createHmac('sha256', secret).update(body).digest('hex') },
};
const http = {
  url: 'http://127.0.0.1/api/notifications',
  method: 'POST',
  nullableHeaders: headers,
  nullableQuery: {},
  nullableParams: {},
  body: { bytes: body },
};
const [trigger = ''] = Object.entries(receiver.bindings).flatMap(([name, { direction }]) =>
  direction === 'in' ? [name] : [],
);
const answer = await worker.invoke(receiver.functionId, {
  invocationId: '1',
  functionId: receiver.functionId,
  inputData: [{ name: trigger, data: { http } }],
  triggerMetadata: {},
  traceContext: { traceParent: '', traceState: '', attributes: {} },
});
process.exit(Number(answer.returnValue?.http?.statusCode) === 202 ? 0 : 1);
