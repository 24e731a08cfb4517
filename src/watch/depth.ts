// Measures how much is waiting, and for how long. Alerts are made from its log line.
import { listHeld } from '../delivery/held.ts';
import { listQuarantine } from '../delivery/quarantine.ts';
import { lookInto, type Waiting } from '../delivery/waiting.ts';
import type { Storage } from '../storage/clients.ts';
import { poisonOf, QUEUES } from '../storage/names.ts';

export interface Depth {
  /** Messages on the queue, including those put back for later. */
  readonly queueDepth: number;
  /** Age of the oldest notification at the head of the queue, since its receipt; 0 for an empty queue. */
  readonly oldestMessageAgeSeconds: number;
  /** The same of what was read at the sender's API. */
  readonly snapshotDepth: number;
  readonly oldestSnapshotAgeSeconds: number;
  /** Messages in all poison queues. */
  readonly poisonCount: number;
  /** Without what somebody set aside in Dynamics. */
  readonly quarantineCount: number;
  readonly oldestQuarantineAgeSeconds: number;
  readonly heldCount: number;
  readonly oldestHeldAgeSeconds: number;
}

/** Measures the queues, the quarantine and what is held. @param now ms since 1970 */
export async function measureDepth(storage: Storage, now: number): Promise<Depth> {
  const [waiting, poison, quarantined, held] = await Promise.all([
    Promise.all(QUEUES.map(async (name) => [name, await lookInto(storage, name)] as const)),
    Promise.all(QUEUES.map((name) => lookInto(storage, poisonOf(name)))),
    listQuarantine(storage).then((entries) => entries.filter(({ discarded }) => !discarded)),
    listHeld(storage),
  ]);
  const since = (time: number | undefined) => (time === undefined ? 0 : Math.max(0, Math.round((now - time) / 1000)));
  const { notifications, snapshots } = Object.fromEntries(waiting) as Record<(typeof QUEUES)[number], Waiting>;
  return {
    queueDepth: notifications.count,
    oldestMessageAgeSeconds: since(notifications.oldest),
    snapshotDepth: snapshots.count,
    oldestSnapshotAgeSeconds: since(snapshots.oldest),
    poisonCount: poison.reduce((sum, { count }) => sum + count, 0),
    quarantineCount: quarantined.length,
    oldestQuarantineAgeSeconds: since(quarantined[0]?.quarantinedAt.getTime()),
    heldCount: held.length,
    oldestHeldAgeSeconds: since(held[0]?.receivedAt),
  };
}
