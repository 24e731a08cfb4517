// What was read at the sender's API, on its own queue.
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  makeNotification,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { enqueueSnapshot, type SnapshotContext } from '../../src/delivery/enqueue-snapshot.ts';
import { listQuarantine, readQuarantine } from '../../src/delivery/quarantine.ts';
import { replay } from '../../src/delivery/replay.ts';
import { toUtcInstant } from '../../src/rdv-solidarites/times.ts';
import { poisonOf, SNAPSHOTS_QUEUE } from '../../src/storage/names.ts';
import { type Pipeline, startPipeline } from './pipeline.ts';

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await startPipeline();
  for (const name of [SNAPSHOTS_QUEUE, poisonOf(SNAPSHOTS_QUEUE)]) {
    await pipeline.storage.queues.getQueueClient(name).createIfNotExists();
  }
});
afterAll(() => pipeline.stop());

const AT = Date.parse('2026-11-24T09:00:00Z');
const people = (count: number) =>
  Array.from({ length: count }, (_, at) => makeParticipation({ user: makeUser({ id: 100 + at }) }));
const context = (second: number): SnapshotContext => ({
  storage: pipeline.storage,
  run: 'night-1',
  version: toUtcInstant(AT + second * 1000),
  readAt: AT + second * 1000 + 2500,
});
const snapshot = (data: Parameters<typeof makeRdv>[0] = {}) =>
  ({ event: 'snapshot', model: 'Rdv', data: { ...makeRdv(data) } }) as const;
const statusOf = async () => (await pipeline.query('appointments?$select=rdvs_status'))[0]?.['rdvs_status'];

test('is applied, counted under its run and record, and costs no write the second time', async () => {
  expect(await enqueueSnapshot(snapshot(), context(0))).toBe('night-1.rdv-77001');
  await pipeline.host.idle();
  await enqueueSnapshot(snapshot(), context(60));
  await pipeline.host.idle();
  expect(await statusOf()).toBe(1);
  const done = pipeline.events('notification.done').map(({ notificationId, outcome, healed, change, requests }) => ({
    notificationId,
    outcome,
    healed,
    change,
    requests,
  }));
  const id = { notificationId: 'night-1.rdv-77001', change: 'snapshot' };
  expect(done).toEqual([
    { ...id, outcome: 'applied', healed: 2, requests: 2 },
    { ...id, outcome: 'unchanged', healed: 0, requests: 1 },
  ]);
});

test('a record too big for a message, read twice, keeps both bodies until each is applied', async () => {
  const participations = people(80);
  await enqueueSnapshot(snapshot({ participations, status: 'unknown' }), context(120));
  await enqueueSnapshot(snapshot({ participations, status: 'seen' }), context(180));
  await pipeline.host.idle();
  expect(await statusOf()).toBe(2);
  expect(await listQuarantine(pipeline.storage)).toEqual([]);
});

test('one that cannot be read ends in quarantine, and a replay goes back to its own queue', async () => {
  await enqueueSnapshot({ event: 'snapshot', model: 'Rdv', data: { id: 5 } }, context(0));
  await pipeline.host.idle();
  const [entry] = await listQuarantine(pipeline.storage);
  expect(await readQuarantine(pipeline.storage, entry?.id ?? '')).toMatchObject({
    code: 'invalid-data',
    envelope: { kind: 'snapshot' },
  });
  expect(await replay(pipeline.storage, 'night-1.rdv-5', Date.now())).toBe('sent');
  await pipeline.host.idle();
  expect(await listQuarantine(pipeline.storage)).toHaveLength(1);
});

test('a signed body may not call itself a snapshot', async () => {
  const body = senderJson(makeNotification({ model: 'Rdv', event: 'updated', data: makeRdv({ status: 'noshow' }) }));
  await pipeline.deliver(body.replace('"updated"', '"snapshot"'));
  expect(pipeline.events('notification.done').at(-1)).toMatchObject({ reasons: ['unknown-event'] });
});

test('its poison queue is emptied and counted with the others', async () => {
  const poison = pipeline.storage.queues.getQueueClient(poisonOf(SNAPSHOTS_QUEUE));
  await poison.sendMessage(Buffer.from('{"v":1}').toString('base64'));
  const before = (await listQuarantine(pipeline.storage)).length;
  await pipeline.host.runTimer('watchQueues');
  expect(await listQuarantine(pipeline.storage)).toHaveLength(before + 1);
  expect(pipeline.events('watch.depth').at(-1)).toMatchObject({ poisonCount: 0, snapshotDepth: 0, heldCount: 0 });
});
