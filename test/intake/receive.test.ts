// The receiver at its handler: every row of what it answers, without a host.
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readEnvelope } from '../../src/delivery/envelope-reader.ts';
import { receive } from '../../src/intake/receive.ts';
import { readSecrets } from '../../src/intake/secrets.ts';

interface Sent {
  readonly body?: Buffer;
  readonly source?: string;
  readonly headers?: Record<string, string>;
  readonly environment?: Record<string, string>;
  readonly maxBodyBytes?: number;
}

async function post({
  body = Buffer.from('{"data":{},"meta":{}}'),
  source,
  headers = {},
  environment = { RDV_WEBHOOK_SECRET: 's' },
  maxBodyBytes = 2_000_000,
}: Sent) {
  const stored = new Map<string, Buffer>();
  const logged: object[] = [];
  let reads = 0;
  const signature = createHmac('sha256', 's').update(body).digest('hex');
  const sent = new Headers({ 'content-length': String(body.length), 'x-lapin-signature': signature, ...headers });
  for (const [name, value] of Object.entries(headers)) if (value === '') sent.delete(name);
  const arrayBuffer = async () => {
    reads += 1;
    return new Uint8Array(body).buffer;
  };
  const { answer, message } = await receive(
    { source, headers: sent, arrayBuffer },
    {
      // Short secrets are for the local connector.
      secrets: readSecrets({ DATAVERSE_URL: 'http://127.0.0.1:7072', ...environment }).secrets,
      maxBodyBytes,
      storeBody: async (id, bytes) => void stored.set(id, bytes),
      log: (level, event, fields) => void logged.push({ level, event, ...fields }),
      now: () => 1_795_000_000_000,
    },
  );
  const envelope = message && readEnvelope(JSON.parse(message.toString('utf8')));
  return { status: answer.status, json: answer.jsonBody, message, envelope, stored, logged, reads };
}

describe('the receiver', () => {
  test('accepts what is signed, and hands it over before it answers', async () => {
    const { status, json, envelope, logged } = await post({ source: 'mds-1' });
    expect(status).toBe(202);
    expect(json).toEqual({ status: 'accepted', notificationId: envelope?.notificationId });
    expect(envelope).toMatchObject({
      source: 'mds-1',
      receivedAt: 1_795_000_000_000,
      content: { base64: Buffer.from('{"data":{},"meta":{}}').toString('base64') },
    });
    expect(logged).toMatchObject([
      { event: 'notification.received', source: 'mds-1', secret: 'RDV_WEBHOOK_SECRET', stored: 'queue' },
    ]);
  });

  test.each(['', 'zz', 'a'.repeat(64), 'é'.repeat(32)])('answers 401 to the signature %j', async (signature) => {
    const { status, message } = await post({ headers: { 'x-lapin-signature': encodeURI(signature) } });
    expect([status, message]).toEqual([401, undefined]);
  });

  test.each(['', 'zz', 'a'.repeat(65)])('reads no body for the signature %j', async (signature) => {
    const { status, reads } = await post({ headers: { 'x-lapin-signature': signature } });
    expect([status, reads]).toEqual([401, 0]);
    expect((await post({ headers: { 'x-lapin-signature': 'a'.repeat(64) } })).reads).toBe(1);
  });

  test('answers 411 to a body without length, which the host would drop', async () => {
    expect(await post({ headers: { 'content-length': '' } })).toMatchObject({ status: 411, message: undefined });
  });

  test('answers 413 to a body above the limit, whatever its header claims', async () => {
    const body = Buffer.alloc(2000, 'a');
    expect(await post({ body, maxBodyBytes: 1999 })).toMatchObject({ status: 413, message: undefined });
    expect(await post({ body, maxBodyBytes: 1999, headers: { 'content-length': '10' } })).toMatchObject({
      status: 413,
    });
    expect(await post({ body, maxBodyBytes: 2000 })).toMatchObject({ status: 202 });
  });

  test.each([
    {},
    { RDV_WEBHOOK_SECRET: '' },
    { RDV_WEBHOOK_SECRET: '@Microsoft.KeyVault(SecretUri=x)' },
    { RDV_WEBHOOK_SECRET: 'local-secret', DATAVERSE_URL: 'https://contoso.crm12.dynamics.com' },
  ])('answers 503 when the secrets are %j, even to a body signed with that text', async (environment) => {
    const body = Buffer.from('{}');
    const key = Object.values(environment)[0] ?? '';
    const signature = createHmac('sha256', key).update(body).digest('hex');
    const refused = await post({ body, environment, headers: { 'x-lapin-signature': signature } });
    expect(refused).toMatchObject({ status: 503, message: undefined, logged: [{ level: 'error' }] });
  });

  test.each(['a b', 'é', '../x', 'x'.repeat(65)])('answers 404 to the source %j', async (source) => {
    const refused = await post({ source });
    expect(refused).toMatchObject({ status: 404, message: undefined, logged: [{ event: 'notification.refused' }] });
    expect(JSON.stringify(refused.logged)).not.toContain(source);
  });

  test.each([
    { headers: { 'x-lapin-signature': '' } },
    { headers: { 'content-length': '' } },
    { maxBodyBytes: 1 },
    { environment: {} },
  ])('logs the source of what it refuses: %j', async (sent) => {
    expect((await post({ source: 'mds-1', ...sent })).logged).toMatchObject([
      { event: 'notification.refused', source: 'mds-1' },
    ]);
    expect((await post(sent)).logged).toMatchObject([{ event: 'notification.refused', source: undefined }]);
  });

  test('says which secret is in use', async () => {
    const environment = { RDV_WEBHOOK_SECRET: 'new', RDV_WEBHOOK_SECRET_PREVIOUS: 's' };
    expect((await post({ environment })).logged).toMatchObject([{ secret: 'RDV_WEBHOOK_SECRET_PREVIOUS' }]);
    const perSource = { RDV_WEBHOOK_SECRETS: '{"mds-1":["x","s"]}' };
    expect((await post({ environment: perSource, source: 'mds-1' })).logged).toMatchObject([
      { secret: 'RDV_WEBHOOK_SECRETS.mds-1[1]' },
    ]);
  });

  test('keeps every byte: emoji, marks, control characters, and what is not UTF-8', async () => {
    const bodies = ['\ufeff{"a":"\u2028😀é\\u00e9e\u0301\\n\\u0000"}', '\u0000\r\n'].map((text) => Buffer.from(text));
    for (const body of [...bodies, Buffer.from([0xff, 0xfe, 0x00, 0x80])]) {
      expect((await post({ body })).envelope?.content).toEqual({ base64: body.toString('base64') });
    }
  });

  test('stores the body apart exactly when the finished envelope would exceed 48,000 bytes', async () => {
    const overhead = (await post({ body: Buffer.from('') })).message?.length ?? 0;
    // Three bytes of the body take four of the envelope.
    const longest = 3 * Math.floor((48_000 - overhead) / 4);
    const fits = await post({ body: Buffer.alloc(longest, 'a') });
    expect([(fits.message?.length ?? 0) > 47_996, fits.stored.size]).toEqual([true, 0]);
    const tooBig = await post({ body: Buffer.alloc(longest + 1, 'a') });
    const id = tooBig.envelope?.notificationId ?? '';
    expect(tooBig.envelope?.content).toEqual({ blob: id });
    expect(tooBig.stored.get(id)?.length).toBe(longest + 1);
  });

  test('never answers with a sentence that the sender takes for success, nor with HTML', async () => {
    const answers = [
      await post({}),
      await post({ source: '?' }),
      await post({ environment: {} }),
      await post({ headers: { 'x-lapin-signature': '' } }),
    ];
    for (const { json } of answers) {
      expect(JSON.stringify(json)).not.toMatch(/<html>|appointment/i);
      expect(json).not.toHaveProperty('message');
    }
  });
});
