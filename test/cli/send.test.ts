// `send` posts signed notifications as the sender does.
import { createServer, type IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { run } from '../../src/cli/main.ts';
import { sign } from '../../src/rdv-solidarites/signature.ts';

const sample = (name: string) =>
  fileURLToPath(new URL(`../../local/rdv-solidarites/notifications/${name}.json`, import.meta.url));

function terminal(environment: Record<string, string> = {}) {
  const printed: string[] = [];
  const complaints: string[] = [];
  return {
    environment,
    printed,
    complaints,
    print: (line: string) => printed.push(line),
    complain: (line: string) => complaints.push(line),
  };
}

/** A receiver that remembers requests and answers with the given statuses, then with 202. */
async function receiver(...statuses: number[]) {
  const received: { request: IncomingMessage; body: Buffer }[] = [];
  const server = createServer(async (request, response) => {
    received.push({ request, body: Buffer.concat(await request.toArray()) });
    const status = statuses.shift() ?? 202;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(status === 202 ? { status: 'accepted', notificationId: 'n-1' } : { error: 'no' }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const close = () => new Promise<unknown>((closed) => server.close(closed));
  onTestFinished(async () => {
    server.closeAllConnections();
    await close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { received, port, close, url: `http://127.0.0.1:${port}/api/notifications` };
}

test('posts the bytes of the file, signed as the sender signs them', async () => {
  const { received, port } = await receiver();
  const out = terminal({ FUNCTIONS_PORT: String(port) });
  expect(await run(['send', sample('rdv-created'), '--source', 'mds-7', '--no-wait'], out)).toBe(0);

  const [{ request, body } = { request: undefined, body: Buffer.of() }] = received;
  expect(request?.method).toBe('POST');
  expect(request?.url).toBe('/api/notifications/mds-7');
  expect(request?.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(body.length),
    'x-lapin-signature': sign('local-secret', body),
  });
  expect(out.printed).toEqual(['rdv-created.json: 202 accepted n-1']);
});

test.each([
  [['--secret', 'given'], {}, 'given'],
  [[], { RDV_WEBHOOK_SECRET: 'known' }, 'known'],
  [[], { RDV_WEBHOOK_SECRET: '' }, 'local-secret'],
])('the secret comes from %j, then %j', async (options, environment, secret) => {
  const { received, url } = await receiver();
  expect(
    await run(['send', sample('user-created'), '--url', url, '--no-wait', ...options], terminal(environment)),
  ).toBe(0);
  expect(received[0]?.request.headers['x-lapin-signature']).toBe(sign(secret, received[0]?.body ?? Buffer.of()));
});

test('sends all files, and fails when one is not accepted', async () => {
  const { received, url } = await receiver(202, 401);
  const out = terminal();
  const files = ['user-created', 'rdv-created', 'rdv-updated'].map(sample);
  expect(await run(['send', '--url', url, '--no-wait', ...files], out)).toBe(1);
  expect(received).toHaveLength(3);
  expect(out.printed).toEqual([
    'user-created.json: 202 accepted n-1',
    'rdv-created.json: 401',
    'rdv-updated.json: 202 accepted n-1',
  ]);
  expect(out.complaints).toEqual(['1 of 3 notifications were not accepted']);
});

test('says to start the functions when nothing listens', async () => {
  const { url, close } = await receiver();
  await close();
  const out = terminal();
  expect(await run(['send', sample('user-created'), '--url', url], out)).toBe(1);
  expect(out.complaints).toEqual([`Nothing listens at ${new URL(url).origin}: run \`npm start\` first`]);
});

test.each([
  [
    'a remote receiver without secret',
    ['--url', 'https://example.org/api'],
    /^RDV_WEBHOOK_SECRET or --secret: expected/,
  ],
  [
    'a secret that the receiver never uses',
    ['--url', 'https://example.org/api', '--secret', 'local-secret'],
    /^The secret is shorter than 16 characters/,
  ],
  ['a label with a slash', ['--source', 'a/b'], /--source .* Expected 1 to 64 letters/],
  ['no address', ['--url', 'example'], /Expected an http or https address/],
  ['a missing file', ['no-such-file.json'], /^no-such-file.json: cannot be read/],
])('%s: says what to change, and prints nobody', async (_, options, message) => {
  const out = terminal();
  const files = options[0]?.startsWith('--') ? [sample('user-created')] : [];
  expect(await run(['send', ...files, ...options], out)).toBe(1);
  expect(out.complaints.join('\n')).toMatch(message);
  expect([...out.printed, ...out.complaints].join()).not.toMatch(/Camille|@example/);
});

test('help succeeds, an unknown command does not', async () => {
  const out = terminal();
  expect(await run(['help'], out)).toBe(0);
  expect(out.printed.join()).toMatch(/provision.*send/s);
  expect(await run(['no-such-command'], out)).toBe(1);
});
