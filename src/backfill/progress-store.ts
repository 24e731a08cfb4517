// The progress of the backfill, in one blob beside the tokens: one backfill at a time.
import type { Storage } from '../storage/clients.ts';
import { unlessLeased } from '../storage/leased-blob.ts';
import { SENDER_CONTAINER } from '../storage/names.ts';
import { type Progress, progress } from './progress.ts';

const BLOB = 'backfill';
/** After one was killed, the next one is refused for this long. */
const LEASE_SECONDS = 15;
const PATIENCE_MS = 1_000;

export interface HeldProgress {
  /** Of a backfill that has not ended. */
  readonly stored: Progress | undefined;
  /** Each write is on condition of the one before, and of the lease. */
  readonly write: (next: Progress) => Promise<void>;
  readonly remove: () => Promise<void>;
}

/**
 * Works with the progress while nobody else does.
 *
 * @returns `'busy'` when another backfill runs
 * @throws errors of the storage SDK: a refused condition means that another one took over
 */
export async function withProgress<T>(
  { blobs }: Storage,
  work: (held: HeldProgress) => Promise<T>,
): Promise<T | 'busy'> {
  const container = blobs.getContainerClient(SENDER_CONTAINER);
  const blob = container.getBlockBlobClient(BLOB);
  const read = async () => {
    const { etag } = await blob.getProperties();
    return { etag, text: (await blob.downloadToBuffer()).toString('utf8') };
  };
  const hold = async (leaseId: string) => {
    const { text, ...first } = await read();
    let { etag } = first;
    return work({
      stored: text === '' ? undefined : progress.parse(JSON.parse(text)),
      write: async (next) => {
        const json = JSON.stringify(next);
        const conditions = { leaseId, ...(etag !== undefined && { ifMatch: etag }) };
        ({ etag } = await blob.upload(json, Buffer.byteLength(json), { conditions }));
      },
      remove: async () => void (await blob.deleteIfExists({ conditions: { leaseId } })),
    });
  };
  return unlessLeased(container, blob, { seconds: LEASE_SECONDS, patienceMs: PATIENCE_MS, work: hold });
}
