// A body too big for the queue is stored as long as its notification may need it, and no longer.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  makeNotification,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { listQuarantine, readQuarantine } from '../../src/delivery/quarantine.ts';
import { encodeEnvelope } from '../../src/intake/envelope.ts';
import { storeBody } from '../../src/storage/bodies.ts';
import { BODIES_CONTAINER, NOTIFICATIONS_QUEUE, POISON_QUEUE } from '../../src/storage/names.ts';
import { type Pipeline, startPipeline } from './pipeline.ts';

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await startPipeline({ RETRY_DELAY_SECONDS: '1' });
});
afterAll(() => pipeline.stop());

const large = (id: number) => {
  const participations = Array.from({ length: 120 }, (_, at) =>
    makeParticipation({ user: makeUser({ id: 100 + at }) }),
  );
  return senderJson(makeNotification({ model: 'Rdv', event: 'created', data: makeRdv({ id, participations }) }));
};

async function storedBodies(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of pipeline.storage.blobs.getContainerClient(BODIES_CONTAINER).listBlobsFlat())
    names.push(name);
  return names;
}

const idOf = async (sent: Response): Promise<string> => JSON.parse(await sent.text()).notificationId;

/** Puts a message on a queue, as a delivery that was not confirmed comes again. */
async function enqueue(queue: string, notificationId: string): Promise<void> {
  const envelope = { v: 1, notificationId, receivedAt: Date.now(), content: { blob: notificationId } } as const;
  const client = pipeline.storage.queues.getQueueClient(queue);
  await client.createIfNotExists();
  await client.sendMessage(encodeEnvelope(envelope).toString('base64'));
}

describe('a stored body', () => {
  test('is gone once its notification is applied', async () => {
    await pipeline.deliver(large(81));
    expect(pipeline.events('notification.received').at(-1)).toMatchObject({ stored: 'blob' });
    expect(pipeline.events('notification.done').at(-1)).toMatchObject({ outcome: 'applied' });
    expect(await storedBodies()).toEqual([]);
  });

  test('stays while its notification waits, and serves the next attempt', async () => {
    pipeline.dataverse.faults.add({ kind: '503', times: 1 });
    const id = await idOf(await pipeline.send(large(82)));
    await until(async () => pipeline.events('notification.retried').length > 0);
    expect(await storedBodies()).toEqual([id]);
    await until(async () => (await storedBodies()).length === 0);
    expect(await pipeline.query("appointments?$filter=rdvs_rdvid eq '82'")).toHaveLength(1);
  });

  test('is gone once its notification is ignored', async () => {
    const padding = 'x'.repeat(60_000);
    await pipeline.deliver(
      JSON.stringify({ data: { id: 1, padding }, meta: { model: 'Lieu', event: 'updated', timestamp: '2026-11-24' } }),
    );
    expect(pipeline.events('notification.done').at(-1)).toMatchObject({ outcome: 'ignored' });
    expect(await storedBodies()).toEqual([]);
  });

  test('moves to quarantine, where a second delivery of the same message takes nothing away', async () => {
    const id = await idOf(await pipeline.send('x'.repeat(60_000)));
    await pipeline.host.idle();
    expect(await storedBodies()).toEqual([]);
    await enqueue(NOTIFICATIONS_QUEUE, id);
    await until(async () => pipeline.events('notification.quarantined').length === 2);
    const item = await readQuarantine(pipeline.storage, id);
    expect(item).toMatchObject({ code: 'not-json' });
    expect(Buffer.from(item?.body ?? '', 'base64').length).toBe(60_000);
  });

  test('moves to quarantine from what the host gave up', async () => {
    await storeBody(pipeline.storage, 'n-91', Buffer.from(large(91)));
    await enqueue(POISON_QUEUE, 'n-91');
    await pipeline.host.runTimer('watchQueues');
    expect(await storedBodies()).toEqual([]);
    expect((await readQuarantine(pipeline.storage, 'n-91'))?.body).toBe(Buffer.from(large(91)).toString('base64'));
    expect((await listQuarantine(pipeline.storage)).map(({ id }) => id)).toContain('n-91');
  });
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('it does not come');
}
