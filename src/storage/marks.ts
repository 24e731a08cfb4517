// When notifications were last received and applied, by all processes together: two metadata of the queue itself.
import type { Storage } from './clients.ts';
import { NOTIFICATIONS_QUEUE } from './names.ts';

/** ms since 1970 */
export interface Marks {
  readonly received?: number;
  readonly applied?: number;
}

/** Milliseconds for a save: a delivery must not wait for it. */
const SAVE_MS = 5000;

/** Keeps the newest of each. Processes that save at the same instant differ by seconds; the next one keeps the newest again. */
export async function saveMarks(storage: Storage, { received, applied }: Marks): Promise<void> {
  const queue = storage.queues.getQueueClient(NOTIFICATIONS_QUEUE);
  const abortSignal = AbortSignal.timeout(SAVE_MS);
  const { metadata = {} } = await queue.getProperties({ abortSignal });
  const kept = marksIn(metadata);
  const marks = {
    ...newest('lastreceived', kept.received, received),
    ...newest('lastapplied', kept.applied, applied),
  };
  await queue.setMetadata({ ...metadata, ...marks }, { abortSignal });
}

/** Reads them; none before the first notification. */
export async function readMarks({ queues }: Storage): Promise<Marks> {
  const queue = queues.getQueueClient(NOTIFICATIONS_QUEUE);
  if (!(await queue.exists())) return {};
  const { metadata = {} } = await queue.getProperties();
  return marksIn(metadata);
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
