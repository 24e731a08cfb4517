// The tokens of the sender's API: one blob, in a container of its own because whoever reads it acts as the agent.
import type { BlockBlobClient } from '@azure/storage-blob';
import { type StoredTokens, type TokenStore, type Tokens, tokens } from '../rdv-solidarites/api/tokens.ts';
import { attempt } from '../rdv-solidarites/times.ts';
import { isMissing, isRefusedCondition } from './bodies.ts';
import type { Storage } from './clients.ts';
import { whileLeased } from './leased-blob.ts';
import { SENDER_CONTAINER } from './names.ts';

const BLOB = 'tokens';
/** An exchange with the sender lasts at most a minute and a half. */
const TERMS = { seconds: 30, patienceMs: 150_000 };

/** The stored tokens. Every error but the work's own is one of the storage SDK. */
export function openTokenStore({ blobs }: Storage): TokenStore {
  const container = blobs.getContainerClient(SENDER_CONTAINER);
  const blob = container.getBlockBlobClient(BLOB);
  return {
    read: () => readTokens(blob),
    locked: (work) =>
      whileLeased(container, blob, {
        ...TERMS,
        work: async (leaseId) => {
          const stored = await readTokens(blob);
          return work({
            stored,
            write: (next) => put(blob, next, { leaseId, ...(stored && { ifMatch: stored.etag }) }),
            remove: async () => void (await blob.deleteIfExists({ conditions: { leaseId } })),
          });
        },
      }),
  };
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
