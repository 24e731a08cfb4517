// Where a run is kept: one blob, held under a lease by whoever works on it, so that there is one chain for the application.
import { attempt } from '../rdv-solidarites/times.ts';
import { isMissing } from '../storage/bodies.ts';
import type { Storage } from '../storage/clients.ts';
import { unlessLeased } from '../storage/leased-blob.ts';
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
  return {
    read,
    locked: async (work) => {
      const hold = async (leaseId: string) => {
        const write = async (next: Run) => {
          const text = JSON.stringify(next);
          await blob.upload(text, Buffer.byteLength(text), { conditions: { leaseId } });
        };
        return work({ run: await read(), write });
      };
      const done = await unlessLeased(container, blob, { seconds: LEASE_SECONDS, patienceMs: 0, work: hold });
      return done === 'busy' ? undefined : done;
    },
  };
}
