// One at a time: a small blob whose lease is held while somebody works with it.
import { type BlockBlobClient, type ContainerClient, RestError } from '@azure/storage-blob';
import { isMissingContainer } from './bodies.ts';

export interface LeaseTerms {
  /** Storage takes 15 to 60 s. A process that dies holds the others up for this long. */
  readonly seconds: number;
  /** How long to wait for another one to end, in ms. */
  readonly patienceMs: number;
}

const WAIT_MS = 300;

/**
 * Works while nobody else holds the lease, which is renewed meanwhile. One that is lost shows when something is written.
 *
 * @throws RestError `LeaseAlreadyPresent` when another one holds it for longer than the patience
 */
export async function whileLeased<T>(
  container: ContainerClient,
  blob: BlockBlobClient,
  { seconds, patienceMs, work }: LeaseTerms & { readonly work: (leaseId: string) => Promise<T> },
): Promise<T> {
  await ensure(container, blob);
  const lease = blob.getBlobLeaseClient();
  await acquire(lease, { seconds, patienceMs });
  const renewing = setInterval(() => void lease.renewLease().catch(() => undefined), (seconds * 1000) / 3);
  try {
    return await work(lease.leaseId);
  } finally {
    clearInterval(renewing);
    // A blob that was removed has no lease any more.
    await lease.releaseLease().catch(() => undefined);
  }
}

/**
 * The same. An error of the work's own stays one, also when it is about another lease.
 *
 * @returns `busy` when somebody else holds the lease for longer than the patience
 */
export async function unlessLeased<T>(
  container: ContainerClient,
  blob: BlockBlobClient,
  terms: LeaseTerms & { readonly work: (leaseId: string) => Promise<T> },
): Promise<T | 'busy'> {
  let hasBegun = false;
  const work = (leaseId: string) => {
    hasBegun = true;
    return terms.work(leaseId);
  };
  try {
    return await whileLeased(container, blob, { ...terms, work });
  } catch (error) {
    if (!hasBegun && isLeased(error)) return 'busy';
    throw error;
  }
}

const isLeased = (error: unknown) => error instanceof RestError && error.code === 'LeaseAlreadyPresent';

/** Only what exists can be leased: an empty blob holds nothing. */
async function ensure(container: ContainerClient, blob: BlockBlobClient): Promise<void> {
  try {
    await blob.upload('', 0, { conditions: { ifNoneMatch: '*' } });
  } catch (error) {
    if (error instanceof RestError && IS_THERE.has(error.code ?? '')) return;
    if (!isMissingContainer(error)) throw error;
    await container.createIfNotExists();
    await ensure(container, blob);
  }
}

// The second one while somebody holds the lease.
const IS_THERE: ReadonlySet<string> = new Set(['BlobAlreadyExists', 'LeaseIdMissing']);

async function acquire(
  lease: { acquireLease(seconds: number): Promise<unknown> },
  { seconds, patienceMs }: LeaseTerms,
): Promise<void> {
  for (const end = Date.now() + patienceMs; ; ) {
    try {
      await lease.acquireLease(seconds);
      return;
    } catch (error) {
      if (!isLeased(error) || Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
  }
}
