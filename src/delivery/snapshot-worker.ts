// What applies snapshots: as notifications are applied, but never at their expense.
import { setTimeout } from 'node:timers/promises';
import { createGate, type Gate } from '../dataverse/gate.ts';
import type { Log } from '../log.ts';
import { openOnce } from '../open-once.ts';
import type { Settings } from '../settings.ts';
import { openStorage } from '../storage/clients.ts';
import { NOTIFICATIONS_QUEUE } from '../storage/names.ts';
import { deliver } from './deliver.ts';
import { readEnvelope } from './envelope-reader.ts';
import { lookInto } from './waiting.ts';
import { openWorker, type Worker } from './worker.ts';

export interface SnapshotWorker {
  readonly worker: Worker;
  /** When the oldest live notification that could be worked on arrived, in ms since 1970. */
  readonly oldestLive: () => Promise<number | undefined>;
  readonly sleep: (ms: number) => Promise<void>;
}

/** The rest after Dataverse says that it is asked too much, in ms. */
const REST_MS = 60_000;
/** Live notifications that wait longer than this go first, in ms. */
const LONGEST_LIVE_WAIT_MS = 30_000;
/** How long the queue is believed to be as it was seen, in ms. */
const LOOK_AGAIN_MS = 5_000;
/** A message that waits here keeps the host from taking further ones. Then it is put back, in ms. */
const LONGEST_STAY_MS = 30_000;
/** For how long it is put back, in ms. */
const PUT_BACK_MS = 60_000;

/**
 * Applies one snapshot once no live notification waits for long. While they do, it is not counted as an attempt.
 *
 * @throws when storage refuses to keep what could not be delivered: the message must then stay on the queue
 */
export async function deliverSnapshot(message: unknown, means: SnapshotWorker, log: Log): Promise<void> {
  const { worker, oldestLive, sleep } = means;
  const giveUpAt = worker.now() + LONGEST_STAY_MS;
  for (;;) {
    const oldest = await oldestLive();
    if (oldest === undefined || worker.now() - oldest <= LONGEST_LIVE_WAIT_MS) return deliver(message, worker, log);
    if (worker.now() >= giveUpAt) break;
    await sleep(LOOK_AGAIN_MS);
  }
  const envelope = readEnvelope(message);
  if (envelope === undefined) return deliver(message, worker, log);
  await worker.sendLater(envelope, PUT_BACK_MS);
}

/** The one worker of this process: processes of this function do nothing else (Flex Consumption scales by function). */
export const sharedSnapshotWorker = openOnce(async (settings: Settings): Promise<SnapshotWorker> => {
  const storage = await openStorage(settings.storage);
  const worker = await openWorker(settings);
  const gate = restingAfterThrottling(createGate(settings.dataverse.snapshotConcurrency));
  return {
    worker: { ...worker, dataverse: { ...worker.dataverse, gate } },
    oldestLive: seldom(async () => (await lookInto(storage, NOTIFICATIONS_QUEUE)).oldest, worker.now),
    sleep: (ms) => setTimeout(ms),
  };
});

/** A gate that stays closed for a minute after any 429, however short a pause Dataverse asks for. */
export function restingAfterThrottling(gate: Gate): Gate {
  return {
    ...gate,
    tell: (failure, closings) => {
      const rests = failure?.status === 429;
      gate.tell(rests ? { ...failure, retryAfterMs: Math.max(failure.retryAfterMs ?? 0, REST_MS) } : failure, closings);
    },
  };
}

/** Asks once in a while, however many want to know; again at once when there was no answer. */
function seldom<T>(ask: () => Promise<T>, now: () => number): () => Promise<T> {
  let kept: { readonly until: number; readonly answer: Promise<T> } | undefined;
  return () => {
    if (kept === undefined || kept.until <= now()) {
      kept = { until: now() + LOOK_AGAIN_MS, answer: ask() };
      kept.answer.catch(() => {
        kept = undefined;
      });
    }
    return kept.answer;
  };
}
