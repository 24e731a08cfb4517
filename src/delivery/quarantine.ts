// Quarantine: notifications that cannot be applied, kept whole with the reason until somebody decides.
import type { Envelope } from '../intake/envelope.ts';
import { isMissingContainer } from '../storage/bodies.ts';
import type { Storage } from '../storage/clients.ts';
import { QUARANTINE_CONTAINER } from '../storage/names.ts';

/** Why a notification is there. Reasons name fields and kinds of error, never values. */
export interface Verdict {
  readonly code: string;
  readonly reason: string;
}

/** One blob of the container. */
export interface QuarantineItem extends Verdict {
  readonly quarantinedAt: string;
  readonly attempts: number;
  /** The envelope without its content, or null for a message that was none. */
  readonly envelope: Omit<Envelope, 'content'> | null;
  /** The body in base64, when it could be had. */
  readonly body: string | null;
}

/** Keeps an item under the notification's id: putting it there twice keeps one. */
export async function quarantine({ blobs }: Storage, id: string, item: QuarantineItem): Promise<void> {
  const container = blobs.getContainerClient(QUARANTINE_CONTAINER);
  const blob = container.getBlockBlobClient(`${id}.json`);
  const bytes = Buffer.from(JSON.stringify(item));
  const options = { blobHTTPHeaders: { blobContentType: 'application/json' } };
  try {
    await blob.uploadData(bytes, options);
  } catch (error) {
    if (!isMissingContainer(error)) throw error;
    await container.createIfNotExists();
    await blob.uploadData(bytes, options);
  }
}
