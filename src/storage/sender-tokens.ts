// The tokens of the sender's API: one blob, in a container of its own because whoever reads it acts as the agent.
import { type BlockBlobClient, type ContainerClient, RestError } from '@azure/storage-blob';
import { type StoredTokens, type TokenStore, type Tokens, tokens } from '../rdv-solidarites/api/tokens.ts';
import { attempt } from '../rdv-solidarites/times.ts';
import { isMissing, isMissingContainer, isRefusedCondition } from './bodies.ts';
import type { Storage } from './clients.ts';
import { SENDER_CONTAINER } from './names.ts';

const BLOB = 'tokens';
/** Storage takes 15 to 60 s. A process that dies holds the others up for this long. */
const LEASE_SECONDS = 30;
const RENEW_MS = 10_000;
const WAIT_MS = 300;
/** An exchange with the sender lasts at most a minute and a half. */
const PATIENCE_MS = 150_000;

/** The stored tokens. Every error but the work's own is one of the storage SDK. */
export function openTokenStore({ blobs }: Storage): TokenStore {
  const container = blobs.getContainerClient(SENDER_CONTAINER);
  const blob = container.getBlockBlobClient(BLOB);
  return {
    read: () => readTokens(blob),
    locked: async (work) => {
      await ensure(container, blob);
      const lease = blob.getBlobLeaseClient();
      await acquire(lease);
      const renewing = setInterval(() => {
        // A lease that is lost shows when something is written.
        lease.renewLease().catch(() => undefined);
      }, RENEW_MS);
      try {
        const stored = await readTokens(blob);
        const { leaseId } = lease;
        return await work({
          stored,
          write: (next) => put(blob, next, { leaseId, ...(stored && { ifMatch: stored.etag }) }),
          remove: async () => void (await blob.deleteIfExists({ conditions: { leaseId } })),
        });
      } finally {
        clearInterval(renewing);
        // A blob that was removed has no lease any more.
        await lease.releaseLease().catch(() => undefined);
      }
    },
  };
}

/** Only what exists can be leased: an empty blob holds no tokens. */
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

async function acquire(lease: { acquireLease(seconds: number): Promise<unknown> }): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    try {
      await lease.acquireLease(LEASE_SECONDS);
      return;
    } catch (error) {
      const isTaken = error instanceof RestError && error.code === 'LeaseAlreadyPresent';
      if (!isTaken || Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
  }
}

interface Conditions {
  readonly leaseId: string;
  readonly ifMatch?: string;
}

async function put(blob: BlockBlobClient, next: Tokens, conditions: Conditions): Promise<void> {
  const text = JSON.stringify(next);
  try {
    await blob.upload(text, Buffer.byteLength(text), { conditions });
  } catch (error) {
    // The SDK repeats a write whose answer was lost, and is then refused by its own first try.
    const there = isRefusedCondition(error) ? await readTokens(blob) : undefined;
    if (there?.tokens.accessToken !== next.accessToken) throw error;
  }
}

async function readTokens(blob: BlockBlobClient): Promise<StoredTokens | undefined> {
  try {
    const answer = await blob.download();
    const chunks: Buffer[] = [];
    for await (const chunk of answer.readableStreamBody ?? []) chunks.push(Buffer.from(chunk));
    // What is no pair of tokens counts as none, and is quoted in no error.
    const read = attempt(() => tokens.safeParse(JSON.parse(Buffer.concat(chunks).toString('utf8'))));
    return read?.success && answer.etag !== undefined ? { tokens: read.data, etag: answer.etag } : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
