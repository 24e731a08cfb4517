// When notifications were received and applied, by all processes together: metadata of the queue itself.
import { type Activity, readActivity, together, writeActivity } from './activity.ts';
import type { Storage } from './clients.ts';
import { NOTIFICATIONS_QUEUE } from './names.ts';

/** ms since 1970 */
export interface Marks {
  readonly received?: number;
  readonly applied?: number;
}

/** Milliseconds for a save: a delivery must not wait for it. */
const SAVE_MS = 5000;

/** Keeps the newest of each, and every hour in which a source sent something. Processes that save at the same instant differ by seconds; the next one keeps the newest again. */
export async function saveMarks(
  storage: Storage,
  { received, applied }: Marks,
  activity: Activity = new Map(),
): Promise<void> {
  const queue = storage.queues.getQueueClient(NOTIFICATIONS_QUEUE);
  const abortSignal = AbortSignal.timeout(SAVE_MS);
  const { metadata = {} } = await queue.getProperties({ abortSignal });
  const kept = marksIn(metadata);
  const marks = {
    ...newest('lastreceived', kept.received, received),
    ...newest('lastapplied', kept.applied, applied),
  };
  const heard = writeActivity(together(readActivity(metadata['activity']), activity));
  await queue.setMetadata({ ...metadata, ...marks, ...(heard === '' ? {} : { activity: heard }) }, { abortSignal });
}

/** Reads them; none before the first notification. */
export async function readMarks(storage: Storage): Promise<Marks> {
  return marksIn(await metadataOf(storage));
}

/** In which hours each source sent something; empty before the first notification. */
export async function readHeard(storage: Storage): Promise<Activity> {
  return readActivity((await metadataOf(storage))['activity']);
}

async function metadataOf({ queues }: Storage): Promise<Record<string, string>> {
  const queue = queues.getQueueClient(NOTIFICATIONS_QUEUE);
  if (!(await queue.exists())) return {};
  return (await queue.getProperties()).metadata ?? {};
}

function marksIn({ lastreceived, lastapplied }: Record<string, string>): Marks {
  return {
    ...(lastreceived === undefined ? {} : { received: Date.parse(lastreceived) }),
    ...(lastapplied === undefined ? {} : { applied: Date.parse(lastapplied) }),
  };
}

function newest(name: string, ...times: readonly (number | undefined)[]): Record<string, string> {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? {} : { [name]: new Date(Math.max(...known)).toISOString() };
}
