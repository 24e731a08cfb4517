// Clients of Azure Storage. Loaded only where a body is too big for the queue, or by the worker.
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import type { StorageSettings } from '../settings.ts';

export interface Storage {
  readonly blobs: BlobServiceClient;
  readonly queues: QueueServiceClient;
}

/** Opens the storage account of the notifications: nothing is sent yet. */
export async function openStorage(settings: StorageSettings): Promise<Storage> {
  if (settings.kind === 'connection-string') {
    return {
      blobs: BlobServiceClient.fromConnectionString(settings.connectionString),
      queues: QueueServiceClient.fromConnectionString(settings.connectionString),
    };
  }
  const { DefaultAzureCredential } = await import('@azure/identity');
  const { queueUri, blobUri, clientId } = settings;
  const credential = new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
  return { blobs: new BlobServiceClient(blobUri, credential), queues: new QueueServiceClient(queueUri, credential) };
}
