// The state of the connector in Dynamics: true for all processes, and seldom written.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeNotification, makeUser, senderJson } from '../../local/rdv-solidarites/make-notification.ts';
import manifest from '../../package.json' with { type: 'json' };
import { openDataverse } from '../../src/dataverse/access.ts';
import { createProgress } from '../../src/delivery/progress.ts';
import { optionValues } from '../../src/schema/schema.ts';
import { readDataverseSettings } from '../../src/settings.ts';
import { readMarks, saveMarks } from '../../src/storage/marks.ts';
import { sendEnvelope } from '../../src/storage/queue.ts';
import { showState } from '../../src/watch/connector-state.ts';
import { type Pipeline, startPipeline } from './pipeline.ts';

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await startPipeline();
});
afterAll(() => pipeline.stop());

const state = () => pipeline.dataverse.rows.list('rdvs_run');

/** As the timer does it, at another time. */
async function show(afterMs: number): Promise<number> {
  const before = pipeline.dataverse.requests.length;
  await showState({
    dataverse: openDataverse(readDataverseSettings(pipeline.environment)),
    storage: pipeline.storage,
    now: () => Date.now() + afterMs,
    log: () => undefined,
  });
  return pipeline.dataverse.requests.length - before;
}

test('says what was last received and applied, what waits and since when', async () => {
  await pipeline.host.runTimer('settleIncidents');
  expect(state()).toMatchObject([
    {
      rdvs_name: 'État du connecteur',
      rdvs_kind: optionValues.rdvs_run.rdvs_kind.state,
      rdvs_lastreceived: null,
      rdvs_waiting: 0,
      rdvs_oldest: null,
      rdvs_incidents: 0,
      rdvs_version: manifest.version,
    },
  ]);
  const before = Date.now() - 1000;
  await pipeline.deliver(senderJson(makeNotification({ model: 'User', event: 'created', data: makeUser({ id: 5 }) })));
  const receivedAt = Date.parse('2027-01-05T09:00:00Z');
  const content = { base64: Buffer.from('{}').toString('base64') };
  await sendEnvelope(pipeline.storage, { v: 1, notificationId: 'n-1', receivedAt, content }, 0);
  await pipeline.host.idle();
  await sendEnvelope(pipeline.storage, { v: 1, notificationId: 'n-2', receivedAt, content }, 3_600_000);
  expect(await show(6 * 60_000)).toBe(2);
  const [row] = state();
  for (const column of ['rdvs_lastreceived', 'rdvs_lastapplied']) {
    expect(Date.parse(String(row?.[column]))).toBeGreaterThan(before);
  }
  expect(row).toMatchObject({ rdvs_waiting: 1, rdvs_incidents: 1 });
});

test('is written when it changed, at most every five minutes', async () => {
  expect(await show(12 * 60_000)).toBe(1);
  await saveMarks(pipeline.storage, { received: Date.parse('2027-02-01T09:00:00Z') });
  expect(await show(4 * 60_000)).toBe(1);
  expect(await show(6 * 60_000)).toBe(2);
  expect(state()).toMatchObject([{ rdvs_lastreceived: '2027-02-01T09:00:00Z' }]);
});

test('keeps the newest mark of several processes, saved once a minute each', async () => {
  let clock = Date.parse('2027-03-01T09:00:00Z');
  let saved = 0;
  const process = () =>
    createProgress(
      (marks) => {
        saved += 1;
        return saveMarks(pipeline.storage, marks);
      },
      () => clock,
    );
  const [one, other] = [process(), process()];
  one.received(clock);
  one.applied(clock);
  other.received(clock - 60_000);
  await one.save();
  await other.save();
  one.received(clock + 5000);
  await one.save();
  expect(saved).toBe(2);
  expect(await readMarks(pipeline.storage)).toEqual({ received: clock, applied: clock });
  clock += 60_000;
  await one.save();
  expect(await readMarks(pipeline.storage)).toEqual({ received: clock - 55_000, applied: clock - 60_000 });
});

test('a delivery does not fail because its marks cannot be saved', async () => {
  const progress = createProgress(() => Promise.reject(new Error('storage')), Date.now);
  progress.received(1);
  await expect(progress.save()).resolves.toBeUndefined();
});
