// The receiver behind its host and real storage.
import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeNotification, makeUser, senderJson } from '../../local/rdv-solidarites/make-notification.ts';
import { type Pipeline, SECRET, startPipeline } from './pipeline.ts';

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await startPipeline({
    RDV_WEBHOOK_SECRETS: JSON.stringify({ 'mds-1': 'mds-secret' }),
    RDV_WEBHOOK_SECRET_PREVIOUS: '@Microsoft.KeyVault(SecretUri=https://vault.example/x)',
    MAX_BODY_BYTES: '100000',
  });
});
afterAll(() => pipeline.stop());

const body = senderJson(makeNotification({ model: 'User', event: 'updated', data: makeUser({ id: 12 }) }));

/** Sends a body in chunks, without Content-Length. */
function sendChunked(): Promise<number> {
  return new Promise((resolve, reject) => {
    const signature = createHmac('sha256', SECRET).update(body).digest('hex');
    const sent = request(`${pipeline.host.url}/api/notifications`, {
      method: 'POST',
      headers: { 'transfer-encoding': 'chunked', 'x-lapin-signature': signature },
    });
    sent.on('response', (response) => resolve(response.resume().statusCode ?? 0)).on('error', reject);
    sent.end(body);
  });
}

describe('the receiver in its host', () => {
  test('accepts common secrets and those of a source, and applies the notification', async () => {
    expect((await pipeline.send(body)).status).toBe(202);
    expect((await pipeline.send(body, { source: 'mds-1', secret: 'mds-secret' })).status).toBe(202);
    expect((await pipeline.send(body, { source: 'mds-1' })).status).toBe(202);
    await pipeline.host.idle();
    const done = pipeline.events('notification.done');
    expect(done.map(({ outcome }) => outcome).sort()).toEqual(['applied', 'stale', 'stale']);
    expect(done.map(({ source }) => source ?? 'none').sort()).toEqual(['mds-1', 'mds-1', 'none']);
  });

  test('answers JSON, whatever it answers', async () => {
    const answers = [
      await pipeline.send(body, { secret: 'wrong' }),
      await pipeline.send('a'.repeat(100_001)),
      await pipeline.send(body, { source: 'a%20b' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 413, 404]);
    for (const answer of answers) expect(await answer.json()).toMatchObject({ status: 'refused' });
    expect(await sendChunked()).toBe(411);
    expect((await fetch(`${pipeline.host.url}/api/notifications`)).status).toBe(404);
  });

  test('reports a secret that cannot be used, by its name', () => {
    expect(pipeline.events('settings.secret-discarded')).toEqual([
      {
        event: 'settings.secret-discarded',
        secret: 'RDV_WEBHOOK_SECRET_PREVIOUS',
        reason: 'unresolved Key Vault reference',
        version: expect.any(String),
      },
    ]);
  });

  test('logs nothing about the person', () => {
    const logs = JSON.stringify(pipeline.host.logs);
    expect(logs).toContain('notification.received');
    for (const personal of ['Usager-Test', 'example.org', '063998', "Rue de l'Exemple", '1985-04-12']) {
      expect(logs).not.toContain(personal);
    }
  });
});
