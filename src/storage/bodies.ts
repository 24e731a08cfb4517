// Bodies that are too big for a queue message: one blob each, by notification id.
import { RestError } from '@azure/storage-blob';
import type { Storage } from './clients.ts';
import { BODIES_CONTAINER } from './names.ts';

/** Milliseconds for a removal: a delivery has to end before the host ends it. */
const REMOVAL_MS = 5000;

/** Keeps a body until its notification is settled. */
export async function storeBody({ blobs }: Storage, notificationId: string, body: Buffer): Promise<void> {
  const container = blobs.getContainerClient(BODIES_CONTAINER);
  const blob = container.getBlockBlobClient(notificationId);
  try {
    await blob.uploadData(body);
  } catch (error) {
    if (!isMissingContainer(error)) throw error;
    await container.createIfNotExists();
    await blob.uploadData(body);
  }
}

/** Reads a body back, `undefined` when it is no longer there. */
export async function loadBody({ blobs }: Storage, name: string): Promise<Buffer | undefined> {
  try {
    return await blobs.getContainerClient(BODIES_CONTAINER).getBlockBlobClient(name).downloadToBuffer();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * Removes the body of a settled notification. A removal that fails is ignored: the retention rule of the storage
 * account removes the body later, and the notification must not be applied again for that.
 */
export async function deleteBody({ blobs }: Storage, name: string): Promise<void> {
  const blob = blobs.getContainerClient(BODIES_CONTAINER).getBlockBlobClient(name);
  await blob.deleteIfExists({ abortSignal: AbortSignal.timeout(REMOVAL_MS) }).catch(() => undefined);
}

/** Whether a blob, or its container, does not exist. */
export function isMissing(error: unknown): boolean {
  return error instanceof RestError && error.statusCode === 404;
}

/** Whether a write failed because the blob exists already. */
export function isThere(error: unknown): boolean {
  return error instanceof RestError && error.code === 'BlobAlreadyExists';
}

/** Whether a blob was not as a write wanted it: `If-Match` of one that is gone. */
export function isRefusedCondition(error: unknown): boolean {
  return error instanceof RestError && error.statusCode === 412;
}

export function isMissingContainer(error: unknown): boolean {
  return error instanceof RestError && error.code === 'ContainerNotFound';
}
