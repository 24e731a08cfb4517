// Held: notifications that were accepted while the connector may not write to Dynamics. Each keeps its body beside it, so that
// it can be read however long it is held.
import type { BlockBlobClient } from '@azure/storage-blob';
import type { Envelope } from '../intake/envelope.ts';
import { isMissing, isMissingContainer, isRefusedCondition } from '../storage/bodies.ts';
import type { Storage } from '../storage/clients.ts';
import { HELD_CONTAINER } from '../storage/names.ts';
import { readEnvelope } from './envelope-reader.ts';

/** A held notification as a list shows it. */
export interface HeldEntry {
  /** The name of its blob. */
  readonly name: string;
  readonly notificationId: string;
  /** ms since 1970 */
  readonly receivedAt: number;
}

export interface Held {
  readonly envelope: Omit<Envelope, 'content'>;
  readonly body: Buffer;
  /** What it must still be to be removed. */
  readonly etag: string | undefined;
}

const RECEIPT_DIGITS = 13;

/** Names sort by receipt: a list of blobs is in the order of names (Microsoft Learn, "List Blobs"). */
const blobName = ({ receivedAt, notificationId }: Pick<Envelope, 'receivedAt' | 'notificationId'>) =>
  `${String(receivedAt).padStart(RECEIPT_DIGITS, '0')}-${notificationId}.json`;

/** Keeps a notification with its body. Keeping it twice leaves one, and a release that was under way leaves it here. */
export async function hold({ blobs }: Storage, envelope: Envelope, body: Buffer): Promise<void> {
  const container = blobs.getContainerClient(HELD_CONTAINER);
  const blob = container.getBlockBlobClient(blobName(envelope));
  const bytes = textOf(envelope, body);
  try {
    await blob.uploadData(bytes);
  } catch (error) {
    if (!isMissingContainer(error)) throw error;
    await container.createIfNotExists();
    await blob.uploadData(bytes);
  }
}

const textOf = (envelope: Omit<Envelope, 'content'>, body: Buffer) =>
  Buffer.from(JSON.stringify({ ...envelope, content: { base64: body.toString('base64') } }));

/** Puts another body in its place, if it is still there as it was read. */
export async function replaceHeld(storage: Storage, { envelope, etag }: Held, body: Buffer): Promise<void> {
  const conditions = etag === undefined ? {} : { ifMatch: etag };
  await blobOf(storage, blobName(envelope))
    .uploadData(textOf(envelope, body), { conditions })
    .catch((error: unknown) => {
      if (!isRefusedCondition(error) && !isMissing(error)) throw error;
    });
}

/** Whether it is kept already. */
export async function isHeld(storage: Storage, envelope: Envelope): Promise<boolean> {
  return blobOf(storage, blobName(envelope)).exists();
}

/** Everything that is held, in the order of receipt. */
export async function listHeld({ blobs }: Storage): Promise<readonly HeldEntry[]> {
  const entries: HeldEntry[] = [];
  try {
    for await (const { name } of blobs.getContainerClient(HELD_CONTAINER).listBlobsFlat()) {
      const notificationId = name.slice(RECEIPT_DIGITS + 1).replace(/\.json$/, '');
      entries.push({ name, notificationId, receivedAt: Number(name.slice(0, RECEIPT_DIGITS)) });
    }
  } catch (error) {
    if (!isMissingContainer(error)) throw error;
  }
  return entries;
}

/** One that is held, `undefined` when it is no longer there. */
export async function readHeld(storage: Storage, name: string): Promise<Held | undefined> {
  const blob = blobOf(storage, name);
  try {
    const { etag } = await blob.getProperties();
    const bytes = await blob.downloadToBuffer(
      undefined,
      undefined,
      etag === undefined ? {} : { conditions: { ifMatch: etag } },
    );
    const read = readEnvelope(JSON.parse(bytes.toString('utf8')));
    if (read === undefined || !('base64' in read.content)) throw new Error(`${HELD_CONTAINER}/${name} cannot be read`);
    const { content: _, ...envelope } = read;
    return { envelope, body: Buffer.from(read.content.base64, 'base64'), etag };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Takes one out, unless it was held again since it was read. */
export async function dropHeld(
  storage: Storage,
  name: string,
  etag: string | undefined,
): Promise<'dropped' | 'held-again'> {
  try {
    await blobOf(storage, name).deleteIfExists(etag === undefined ? {} : { conditions: { ifMatch: etag } });
    return 'dropped';
  } catch (error) {
    if (isRefusedCondition(error)) return 'held-again';
    throw error;
  }
}

function blobOf({ blobs }: Storage, name: string): BlockBlobClient {
  return blobs.getContainerClient(HELD_CONTAINER).getBlockBlobClient(name);
}
