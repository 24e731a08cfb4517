// A sender that falls silent: by the same hours a week before, per source, from what the worker itself remembers.
import { QueueServiceClient } from '@azure/storage-queue';
import { expect, test } from 'vitest';
import { startAzurite } from '../../local/azurite.ts';
import { createProgress } from '../../src/delivery/progress.ts';
import {
  type Activity,
  readActivity,
  silences,
  together,
  withReceipt,
  writeActivity,
} from '../../src/storage/activity.ts';
import { openStorage } from '../../src/storage/clients.ts';
import { readHeard, saveMarks } from '../../src/storage/marks.ts';
import { NOTIFICATIONS_QUEUE } from '../../src/storage/names.ts';

const HOUR = 3_600_000;
const MONDAY = Date.parse('2026-11-23T00:00:00Z');
const at = (day: number, hour: number) => MONDAY + day * 24 * HOUR + hour * HOUR + 60_000;

/** A week of office hours, 8 to 18, Monday to Friday. */
function week(source: string, days = [0, 1, 2, 3, 4]): Activity {
  let activity: Activity = new Map();
  for (const day of days) {
    for (let hour = 8; hour < 18; hour += 1) activity = withReceipt(activity, source, at(day, hour));
  }
  return activity;
}

test('three hours of office time without a notification are a silence, and each further one', () => {
  const heard = week('mds-a');
  const hours = [8, 9, 10, 11, 12, 17].map((hour) => silences(heard, at(7, hour)).map(({ source }) => source));
  expect(hours).toEqual([[], [], [], ['mds-a'], ['mds-a'], ['mds-a']]);
  expect(silences(withReceipt(heard, 'mds-a', at(7, 8)), at(7, 12))).toEqual([{ source: 'mds-a', hours: 3 }]);
});

test('a night and a weekend are no silence', () => {
  const heard = together(week('mds-a'), new Map());
  for (let hour = 18; hour < 3 * 24 + 8; hour += 1) expect(silences(heard, at(4, hour)), String(hour)).toEqual([]);
});

test('one source is silent while another speaks, and a notification ends it at once', () => {
  const both = together(week('mds-a'), week('', [0, 1, 2, 3, 4, 7]));
  expect(silences(both, at(7, 18))).toEqual([{ source: 'mds-a', hours: 72 }]);
  expect(silences(withReceipt(both, 'mds-a', at(7, 18)), at(7, 18))).toEqual([]);
});

test('a sender that is new or was always rare is never silent, and one that left is forgotten after two weeks', () => {
  expect(silences(withReceipt(new Map(), 'mds-new', at(0, 9)), at(0, 17))).toEqual([]);
  expect(silences(withReceipt(withReceipt(new Map(), 'rare', at(0, 9)), 'rare', at(0, 15)), at(7, 17))).toEqual([]);
  for (let day = 19; day < 40; day += 1) expect(silences(week('mds-a'), at(day, 17))).toEqual([]);
});

test('forty sources of two weeks fit into the metadata of a queue', () => {
  const many = Array.from({ length: 40 }, (_, n) => week(`${'s'.repeat(62)}${n}`, [0, 1, 2, 3, 4, 7, 8, 9, 10, 11]));
  const text = writeActivity(many.reduce(together));
  expect(text.length).toBeLessThan(7_000);
  expect(readActivity(text).size).toBe(32);
});

test('processes save together what each heard, at most once a minute, and what was saved is read again', async () => {
  const azurite = await startAzurite();
  await QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient(NOTIFICATIONS_QUEUE).create();
  const storage = await openStorage({ kind: 'connection-string', connectionString: azurite.connectionString });
  const process = () =>
    createProgress(
      (marks, activity) => saveMarks(storage, marks, activity),
      () => MONDAY,
    );
  const [one, other] = [process(), process()];
  for (let hour = 8; hour < 12; hour += 1) one.received(at(0, hour), 'mds-a');
  other.received(at(0, 12), 'mds-a');
  other.received(at(0, 12));
  await one.save();
  await other.save();
  expect([...(await readHeard(storage)).keys()].toSorted()).toEqual(['', 'mds-a']);
  expect(silences(await readHeard(storage), at(7, 13))).toEqual([{ source: 'mds-a', hours: 167 }]);
  await azurite.stop();
});
