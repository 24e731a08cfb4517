// A worker alone with its memory: delivers a trace to a Dataverse of another process, and tells what its heap holds.

import {
  makeNotification,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../../local/rdv-solidarites/make-notification.ts';
import { connect } from '../../../src/dataverse/connection.ts';
import { createGate } from '../../../src/dataverse/gate.ts';
import { deliver } from '../../../src/delivery/deliver.ts';
import { createMemory } from '../../../src/delivery/memory.ts';
import { createProgress } from '../../../src/delivery/progress.ts';
import { createRoom } from '../../../src/delivery/room.ts';
import { inTurn } from '../../../src/delivery/turns.ts';
import type { Worker } from '../../../src/delivery/worker.ts';
import { contentOf } from '../../../src/intake/envelope.ts';
import { readPolicy } from '../../../src/settings.ts';
import { OUR_MAPPED_COLUMNS } from '../../../src/sync/mapped-columns.ts';
import { given, tell } from '../child.ts';

export interface MemoryCase {
  readonly dataverseUrl: string;
  readonly notifications: number;
}

export interface MemorySeen {
  /** After a collection, in MB, at each twentieth. Heap and buffers. */
  readonly heap: readonly { readonly notifications: number; readonly megabytes: number }[];
}

const { dataverseUrl, notifications } = given<MemoryCase>();
const SAMPLES = 20;
const AT_ONCE = 8;
const START = Date.parse('2026-11-24T08:00:00Z');

const worker: Worker = {
  dataverse: {
    connection: connect({ url: dataverseUrl, token: async () => 'local' }),
    timeoutMs: 45_000,
    gate: createGate(AT_ONCE),
    mapped: OUR_MAPPED_COLUMNS,
    renewToken: () => undefined,
  },
  memory: createMemory(),
  policy: readPolicy({}),
  maxAgeMs: Number.POSITIVE_INFINITY,
  firstDelayMs: 30_000,
  inTurn: inTurn(),
  room: createRoom(),
  loadBody: async () => undefined,
  dropBody: async () => undefined,
  quarantine: () => Promise.reject(new Error('nothing fails here')),
  sendLater: () => Promise.reject(new Error('nothing fails here')),
  progress: createProgress(async () => undefined, Date.now),
  now: Date.now,
  chance: Math.random,
};

/** Each RDV is created, then marked, which the sender says twice; each is of a new usager. */
function bodyOf(at: number): string {
  const rdv = Math.floor(at / 3);
  const marked = at % 3 > 0;
  const status = marked ? 'seen' : 'unknown';
  const participations = [makeParticipation({ id: 1 + rdv, user: makeUser({ id: 1 + rdv }), status })];
  const data = makeRdv({ id: 1 + rdv, status, participations });
  const second = new Date(START + (marked ? rdv * 3 + 1 : rdv * 3) * 1000).toISOString();
  return senderJson(makeNotification({ model: 'Rdv', event: 'updated', data, at: second }));
}

async function deliverOne(at: number): Promise<void> {
  const content = contentOf(Buffer.from(bodyOf(at)));
  const envelope = { v: 1, notificationId: `n-${at}`, receivedAt: START + at * 1000, content };
  await deliver(envelope, worker, (level, event) => {
    if (event !== 'notification.done') throw new Error(`${level} ${event}`);
  });
}

const heap: { notifications: number; megabytes: number }[] = [];
const sample = async (count: number) => {
  await new Promise((resolve) => setTimeout(resolve, 50));
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  heap.push({ notifications: count, megabytes: (heapUsed + external) / 2 ** 20 });
};

let next = 0;
for (let part = 1; part <= SAMPLES; part += 1) {
  const end = Math.round((part * notifications) / SAMPLES);
  const work = async () => {
    while (next < end) {
      next += 1;
      await deliverOne(next);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  await sample(end);
}
tell({ heap } satisfies MemorySeen);
process.exit(0);
