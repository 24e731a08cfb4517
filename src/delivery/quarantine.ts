// Quarantine: notifications that cannot be applied, kept whole with the reason until somebody decides.
import * as z from 'zod';
import type { Envelope } from '../intake/envelope.ts';
import { isMissing, isMissingContainer, isThere } from '../storage/bodies.ts';
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
  const options = { blobHTTPHeaders: { blobContentType: 'application/json' }, conditions };
  try {
    await blob.uploadData(bytes, options);
  } catch (error) {
    if (kept.body === null && isThere(error)) return;
    if (!isMissingContainer(error)) throw error;
    await container.createIfNotExists();
    await blob.uploadData(bytes, options);
  }
}

/** Everything in quarantine, oldest first. */
export async function listQuarantine({ blobs }: Storage): Promise<readonly QuarantineEntry[]> {
  const entries: QuarantineEntry[] = [];
  try {
    for await (const { name, properties } of blobs.getContainerClient(QUARANTINE_CONTAINER).listBlobsFlat()) {
      entries.push({ id: name.replace(/\.json$/, ''), quarantinedAt: properties.lastModified });
    }
  } catch (error) {
    if (!isMissingContainer(error)) throw error;
  }
  return entries.sort((a, b) => a.quarantinedAt.getTime() - b.quarantinedAt.getTime());
}

/** One item, `undefined` when there is none of that id. */
export async function readQuarantine({ blobs }: Storage, id: string): Promise<QuarantineItem | undefined> {
  try {
    const blob = blobs.getContainerClient(QUARANTINE_CONTAINER).getBlobClient(blobName(id));
    return item.parse(JSON.parse((await blob.downloadToBuffer()).toString('utf8')));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Takes an item out for good. */
export async function discardQuarantine({ blobs }: Storage, id: string): Promise<void> {
  await blobs.getContainerClient(QUARANTINE_CONTAINER).getBlobClient(blobName(id)).deleteIfExists();
}
