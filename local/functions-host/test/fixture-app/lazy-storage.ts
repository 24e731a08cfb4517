// Loads a large SDK on first use only: in a bundle it becomes a chunk of its own.
import { app } from '@azure/functions';

app.http('lazy-storage', {
  methods: ['GET'],
  handler: async () => {
    const { QueueServiceClient } = await import('@azure/storage-queue');
    return { body: QueueServiceClient.fromConnectionString('UseDevelopmentStorage=true').constructor.name };
  },
});
