// Polls one queue and runs its function (azure-sdk-for-net, `QueueListener.cs`).
import { createBackoff } from './backoff.ts';
import { isQueueNotFound } from './queue-output.ts';
import { processMessage, type QueueTrigger } from './queue-processor.ts';
import { endsPolling, HostEnds } from './settle.ts';

export interface QueueListener {
  /** Stops receiving, then waits for the messages in flight. */
  stop(): Promise<void>;
  /** Messages in the queue, visible or not. */
  count(): Promise<number>;
}

export function listenToQueue(trigger: QueueTrigger): QueueListener {
  const { settings } = trigger;
  const queue = trigger.service.getQueueClient(trigger.queueName);
  const backoff = createBackoff(settings.maxPollingInterval);
  const running = new Set<Promise<void>>();
  let stopping = false;
  let woken = Promise.withResolvers<void>();
  const wake = () => woken.resolve();
  trigger.queues.onPoison(trigger.queueName, wake);

  const polling = poll();
  return {
    async stop() {
      stopping = true;
      wake();
      await polling;
      await Promise.all(running);
    },
    async count() {
      try {
        return (await queue.getProperties()).approximateMessagesCount ?? 0;
      } catch (error) {
        if (isQueueNotFound(error)) return 0;
        throw error;
      }
    },
  };

  async function poll(): Promise<void> {
    let found: 'found' | 'empty' = 'empty';
    while (!stopping) {
      // A poison message announced while this batch is being received shortens the wait that follows.
      woken = Promise.withResolvers();
      const messages = await receive();
      for (const message of messages) start(message);
      if (messages.length > 0) {
        found = 'found';
        // At most batchSize + newBatchThreshold messages run at once.
        while (running.size > settings.newBatchThreshold) await Promise.race(running);
      } else {
        await sleepUntilWoken(backoff.next(found));
        found = 'empty';
      }
    }
  }

  async function receive() {
    try {
      const options = { numberOfMessages: settings.batchSize, visibilityTimeout: settings.invisibility / 1000 };
      return (await queue.receiveMessages(options)).receivedMessageItems;
    } catch (error) {
      if (endsPolling(error) && !stopping) {
        trigger.crash(new HostEnds(`Queue '${trigger.queueName}' refuses to be read`, { cause: error }));
      }
      if (!isQueueNotFound(error)) trigger.warn(`Queue '${trigger.queueName}' cannot be read: ${error}`);
      return [];
    }
  }

  function start(message: Parameters<typeof processMessage>[1]): void {
    const task: Promise<void> = processMessage(trigger, message)
      .catch(trigger.crash)
      .finally(() => running.delete(task));
    running.add(task);
  }

  async function sleepUntilWoken(milliseconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const slept = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    });
    await Promise.race([slept, woken.promise]);
    clearTimeout(timer);
  }
}
