// Where a run is kept: one blob, held under a lease by whoever works on it, so that there is one chain for the application.
import { RestError } from '@azure/storage-blob';
import { attempt } from '../rdv-solidarites/times.ts';
import { isMissing, isMissingContainer } from '../storage/bodies.ts';
import type { Storage } from '../storage/clients.ts';
import { SENDER_CONTAINER } from '../storage/names.ts';
import { type Run, run } from './run.ts';

export interface LockedRun {
  readonly run: Run | undefined;
  /** @throws when the lease was lost: then somebody else works on it */
  write(run: Run): Promise<void>;
}

export interface RunStore {
  read(): Promise<Run | undefined>;
  /** @returns what `work` returns; undefined when somebody else holds the run */
  locked<T extends object>(work: (kept: LockedRun) => Promise<T>): Promise<T | undefined>;
}

const BLOB = 'reconciliation';
/** Storage takes 15 to 60 s. A process that dies holds the others up for this long. */
const LEASE_SECONDS = 60;
const RENEW_MS = 20_000;

/** Every error but the work's own is one of the storage SDK. */
export function openRunStore({ blobs }: Storage): RunStore {
  const container = blobs.getContainerClient(SENDER_CONTAINER);
  const blob = container.getBlockBlobClient(BLOB);

  const read = async (): Promise<Run | undefined> => {
    try {
      const text = (await blob.downloadToBuffer()).toString('utf8');
      // What cannot be read was written by another version: a new run begins.
      return attempt(() => run.parse(JSON.parse(text)));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };
  /** Only what exists can be leased. */
  const ensure = async (): Promise<void> => {
    try {
      await blob.upload('', 0, { conditions: { ifNoneMatch: '*' } });
    } catch (error) {
      if (error instanceof RestError && IS_THERE.has(error.code ?? '')) return;
      if (!isMissingContainer(error)) throw error;
      await container.createIfNotExists();
      await ensure();
    }
  };

  return {
    read,
    locked: async (work) => {
      await ensure();
      const lease = blob.getBlobLeaseClient();
      try {
        await lease.acquireLease(LEASE_SECONDS);
      } catch (error) {
        if (error instanceof RestError && error.code === 'LeaseAlreadyPresent') return undefined;
        throw error;
      }
      const renewing = setInterval(() => {
        // A lease that is lost shows when something is written.
        lease.renewLease().catch(() => undefined);
      }, RENEW_MS);
      try {
        const write = async (next: Run) => {
          const text = JSON.stringify(next);
          await blob.upload(text, Buffer.byteLength(text), { conditions: { leaseId: lease.leaseId } });
        };
        return await work({ run: await read(), write });
      } finally {
        clearInterval(renewing);
        await lease.releaseLease().catch(() => undefined);
      }
    },
  };
}

// The second one while somebody holds the lease.
const IS_THERE: ReadonlySet<string> = new Set(['BlobAlreadyExists', 'LeaseIdMissing']);
