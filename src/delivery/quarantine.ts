// Quarantine: notifications that cannot be applied, kept whole with the reason until somebody decides.
import { buffer } from 'node:stream/consumers';
import * as z from 'zod';
import type { Envelope } from '../intake/envelope.ts';
import { isMissing, isMissingContainer, isRefusedCondition, isThere } from '../storage/bodies.ts';
import type { Storage } from '../storage/clients.ts';
import { QUARANTINE_CONTAINER } from '../storage/names.ts';

/** Why a notification is there. Reasons name fields and kinds of error, never values. */
export interface Verdict {
  readonly code: string;
  readonly reason: string;
}

/** What is known of a notification's arrival. */
export type Arrival = Omit<Envelope, 'content'>;

const arrival = z.object({
  v: z.literal(1),
  notificationId: z.string(),
  kind: z.literal('snapshot').exactOptional(),
  source: z.string().exactOptional(),
  receivedAt: z.number(),
  attempt: z.number().exactOptional(),
  firstFailedAt: z.number().exactOptional(),
  replayedAt: z.number().exactOptional(),
}) satisfies z.ZodType<Arrival>;

const item = z.object({
  code: z.string(),
  reason: z.string(),
  quarantinedAt: z.string(),
  attempts: z.number(),
  /** null for a message that was no envelope. */
  envelope: arrival.nullable(),
  /** The notification's body in base64, when it could be had; the whole message when it was no envelope. */
  body: z.string().nullable(),
  /** The body was kept without a person who was erased: it is no longer what was signed. */
  redacted: z.literal(true).exactOptional(),
});

/** One blob of the container. */
export type QuarantineItem = z.infer<typeof item>;

/** An item as a list shows it. */
export interface QuarantineEntry {
  readonly id: string;
  readonly quarantinedAt: Date;
  /** Somebody set it aside in Dynamics: it stays until its retention ends. */
  readonly discarded: boolean;
}

/**
 * What is known of an item without reading it, on its blob. The time stays the same when the body is redacted, and is
 * another one after each failure.
 */
interface Metadata {
  readonly quarantinedat?: string;
  readonly discarded?: string;
}

const blobName = (id: string) => `${id}.json`;

/**
 * Keeps an item under the notification's id; keeping it twice leaves one. An item without a body never replaces one that
 * has it: a message that comes again after its notification went to quarantine finds its stored body deleted.
 */
export async function quarantine({ blobs }: Storage, id: string, kept: QuarantineItem): Promise<void> {
  const container = blobs.getContainerClient(QUARANTINE_CONTAINER);
  const blob = container.getBlockBlobClient(blobName(id));
  const bytes = Buffer.from(JSON.stringify(kept));
  const conditions = kept.body === null ? { ifNoneMatch: '*' } : {};
  const options = { blobHTTPHeaders: { blobContentType: 'application/json' }, metadata: metadataOf(kept), conditions };
  try {
    await blob.uploadData(bytes, options);
  } catch (error) {
    if (kept.body === null && isThere(error)) return;
    if (!isMissingContainer(error)) throw error;
    await container.createIfNotExists();
    await blob.uploadData(bytes, options);
  }
}

function metadataOf({ quarantinedAt }: QuarantineItem, discarded = false): Record<string, string> {
  return { quarantinedat: quarantinedAt, ...(discarded ? { discarded: 'true' } : {}) };
}

/** Everything in quarantine, oldest first. */
export async function listQuarantine({ blobs }: Storage): Promise<readonly QuarantineEntry[]> {
  const entries: QuarantineEntry[] = [];
  try {
    const container = blobs.getContainerClient(QUARANTINE_CONTAINER);
    for await (const { name, properties, metadata = {} } of container.listBlobsFlat({ includeMetadata: true })) {
      const { quarantinedat, discarded }: Metadata = metadata;
      const quarantinedAt = quarantinedat === undefined ? properties.lastModified : new Date(quarantinedat);
      entries.push({ id: name.replace(/\.json$/, ''), quarantinedAt, discarded: discarded !== undefined });
    }
  } catch (error) {
    if (!isMissingContainer(error)) throw error;
  }
  return entries.sort((a, b) => a.quarantinedAt.getTime() - b.quarantinedAt.getTime());
}

/** One item, `undefined` when there is none of that id. */
export async function readQuarantine(storage: Storage, id: string): Promise<QuarantineItem | undefined> {
  return (await openQuarantined(storage, id))?.item;
}

/** One item, with the etag of its blob. */
async function openQuarantined({ blobs }: Storage, id: string) {
  try {
    const blob = blobs.getContainerClient(QUARANTINE_CONTAINER).getBlobClient(blobName(id));
    const { etag, readableStreamBody } = await blob.download();
    if (readableStreamBody === undefined) throw new Error('a blob without a body');
    const bytes = await buffer(readableStreamBody);
    return { item: item.parse(JSON.parse(bytes.toString('utf8'))), etag };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Sets an item aside, or takes that back. Nothing happens when it is gone, or has failed again meanwhile. */
export async function markDiscarded(storage: Storage, id: string, discarded: boolean): Promise<void> {
  const opened = await openQuarantined(storage, id);
  if (opened === undefined) return;
  const blob = storage.blobs.getContainerClient(QUARANTINE_CONTAINER).getBlobClient(blobName(id));
  const conditions = { ifMatch: opened.etag ?? '*' };
  await blob.setMetadata(metadataOf(opened.item, discarded), { conditions }).catch(unlessItChanged);
}

/**
 * Takes out an item that was sent again. One that failed again since then is another item, of the same name: it stays.
 */
export async function takeOut(storage: Storage, id: string, sent: QuarantineItem): Promise<void> {
  const opened = await openQuarantined(storage, id);
  if (opened?.item.quarantinedAt !== sent.quarantinedAt) return;
  const blob = storage.blobs.getContainerClient(QUARANTINE_CONTAINER).getBlobClient(blobName(id));
  await blob.delete({ conditions: { ifMatch: opened.etag ?? '*' } }).catch(unlessItChanged);
}

function unlessItChanged(error: unknown): void {
  if (!isMissing(error) && !isRefusedCondition(error)) throw error;
}

/** Takes an item out for good. */
export async function discardQuarantine({ blobs }: Storage, id: string): Promise<void> {
  await blobs.getContainerClient(QUARANTINE_CONTAINER).getBlobClient(blobName(id)).deleteIfExists();
}
