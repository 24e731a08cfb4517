// The way in for what was read at the sender's API: one message a record, on a queue of its own.
import { recordName, type SnapshotRecord, writeSnapshot } from '../rdv-solidarites/snapshot.ts';
import type { UtcInstant } from '../rdv-solidarites/times.ts';
import type { Storage } from '../storage/clients.ts';
import { sendEnvelope } from '../storage/queue.ts';
import { pack } from './replay.ts';

export interface SnapshotContext {
  readonly storage: Storage;
  /** The backfill or reconciliation that read it: letters, digits and hyphens, 40 at most. */
  readonly run: string;
  /** From the answer before the one that held the record: see `versionAfter`. */
  readonly version: UtcInstant;
  /** When it was read, in ms since 1970, by our own clock. */
  readonly readAt: number;
}

/**
 * Sends a record to be decided about. Sent twice, it is applied once.
 *
 * @returns the id under which logs, quarantine and links name it: run and record
 */
export async function enqueueSnapshot(record: SnapshotRecord, context: SnapshotContext): Promise<string> {
  const { storage, run, version, readAt } = context;
  const notificationId = `${run}.${recordName(record)}`;
  const arrival = { v: 1, kind: 'snapshot', notificationId, receivedAt: readAt } as const;
  // A record may be read again within its run: each body has a blob of its own.
  const blob = `${notificationId}.${readAt}`;
  await sendEnvelope(storage, await pack(storage, arrival, writeSnapshot(record, version), blob), 0);
  return notificationId;
}
