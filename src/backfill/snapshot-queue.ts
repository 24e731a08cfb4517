// The queue by which the application takes what a backfill reads.
import { enqueueSnapshot } from '../delivery/enqueue-snapshot.ts';
import { lookInto } from '../delivery/waiting.ts';
import type { Storage } from '../storage/clients.ts';
import { SNAPSHOTS_QUEUE } from '../storage/names.ts';
import type { SnapshotQueue } from './run-backfill.ts';

/** @param now ms since 1970 */
export function openSnapshotQueue(storage: Storage, now: () => number): SnapshotQueue {
  return {
    send: ({ record, version }, run) => enqueueSnapshot(record, { storage, run, version, readAt: now() }),
    waiting: async () => (await lookInto(storage, SNAPSHOTS_QUEUE)).count,
  };
}
