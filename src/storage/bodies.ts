// Bodies that are too big for a queue message: one blob each, by notification id.
import { RestError } from '@azure/storage-blob';
import type { Storage } from './clients.ts';
import { BODIES_CONTAINER } from './names.ts';

/** Keeps a body. It is removed by the storage account's own rule, after every retry is over. */
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

/** Whether a blob, or its container, does not exist. */
export function isMissing(error: unknown): boolean {
  return error instanceof RestError && error.statusCode === 404;
}

export function isMissingContainer(error: unknown): boolean {
  return error instanceof RestError && error.code === 'ContainerNotFound';
}
