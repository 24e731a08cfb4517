// The worker of one process, made from the settings.

import { openDataverse } from '../dataverse/access.ts';
import type { DataverseAccess } from '../dataverse/calls.ts';
import type { Envelope } from '../intake/envelope.ts';
import { openOnce } from '../open-once.ts';
import type { Settings } from '../settings.ts';
import { deleteBody, loadBody } from '../storage/bodies.ts';
import { openStorage, type Storage } from '../storage/clients.ts';
import { saveMarks } from '../storage/marks.ts';
import { sendEnvelope } from '../storage/queue.ts';
import { mappedColumns } from '../sync/mapped-columns.ts';
import type { Policy } from '../sync/model/policy.ts';
import { hold, isHeld } from './held.ts';
import { createMemory, type Memory } from './memory.ts';
import { createProgress, type Progress } from './progress.ts';
import { type QuarantineItem, quarantine } from './quarantine.ts';
import { createRoom, type Room } from './room.ts';
import { type InTurn, inTurn } from './turns.ts';

/** Where notifications are kept while nothing may be written. */
export interface Holding {
  readonly hold: (envelope: Envelope, body: Buffer) => Promise<void>;
  readonly isHeld: (envelope: Envelope) => Promise<boolean>;
}

/** What the worker works with. */
export interface Worker {
  readonly dataverse: DataverseAccess;
  readonly memory: Memory;
  readonly policy: Policy;
  /** A notification older than this is given up, in ms since its receipt. */
  readonly maxAgeMs: number;
  /** The delay after a first failure, in ms. */
  readonly firstDelayMs: number;
  /** Lets notifications about the same record wait for each other. */
  readonly inTurn: InTurn;
  readonly loadBody: (name: string) => Promise<Buffer | undefined>;
  /** Removes the stored body of a notification that is settled. */
  readonly dropBody: (name: string) => Promise<void>;
  readonly quarantine: (id: string, item: QuarantineItem) => Promise<void>;
  /** Present while `WRITE_TO_DYNAMICS` is false. */
  readonly holding?: Holding;
  /** Puts an envelope back on the queue, to be seen after a delay in ms. */
  readonly sendLater: (envelope: Envelope, delayMs: number) => Promise<void>;
  /** Bounds the bodies in work. */
  readonly room: Room;
  /** What the state of the connector says of its work. */
  readonly progress: Progress;
  readonly now: () => number;
  /** A number from 0 to 1. */
  readonly chance: () => number;
}

/** The one worker of this process, for all functions; a start that failed is tried again by the next call. */
export const sharedWorker = openOnce(openWorker);

/** Opens what the worker needs; nothing is sent before the first message. */
export async function openWorker(settings: Settings): Promise<Worker> {
  const storage = await openStorage(settings.storage);
  return {
    dataverse: openDataverse(settings.dataverse, { mapped: mappedColumns(settings.policy) }),
    memory: createMemory(),
    policy: settings.policy,
    maxAgeMs: settings.maxAgeMs,
    firstDelayMs: settings.firstDelayMs,
    inTurn: inTurn(),
    room: createRoom(),
    loadBody: (name) => loadBody(storage, name),
    dropBody: (name) => deleteBody(storage, name),
    quarantine: (id, item) => quarantine(storage, id, item),
    ...(settings.dataverse.writes ? {} : { holding: holdingIn(storage) }),
    sendLater: (envelope, delayMs) => sendEnvelope(storage, envelope, delayMs),
    progress: createProgress((marks, activity) => saveMarks(storage, marks, activity), Date.now),
    now: Date.now,
    chance: Math.random,
  };
}

const holdingIn = (storage: Storage): Holding => ({
  hold: (envelope, body) => hold(storage, envelope, body),
  isHeld: (envelope) => isHeld(storage, envelope),
});
