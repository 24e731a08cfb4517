// From a queue function's declaration to a running listener.
import { isUtf8 } from 'node:buffer';
import { type AppSettings, type QueueServices, resolveName } from './app-settings.ts';
import type { QueueSettings } from './host-json.ts';
import { type Invoker, triggerOf } from './invoker.ts';
import type { HostLog } from './log.ts';
import { listenToQueue, type QueueListener } from './queue-listener.ts';
import type { Queues } from './queue-output.ts';
import { triggerMetadata } from './trigger-metadata.ts';
import type { RegisteredFunction } from './worker.ts';

export interface QueueTriggerContext {
  appSettings: AppSettings;
  queueServices: QueueServices;
  settings: QueueSettings;
  queues: Queues;
  invoker: Invoker;
  log: HostLog;
  cut: AbortSignal;
  crash(error: Error): void;
}

/** Rejects when a setting that the binding names is missing. */
export async function startQueueTrigger(
  target: RegisteredFunction,
  { appSettings, queueServices, settings, queues, invoker, log, cut, crash }: QueueTriggerContext,
): Promise<QueueListener & { queueName: string }> {
  const trigger = triggerOf(target);
  const queueName = resolveName(trigger['queueName'], appSettings).toLowerCase();
  const listener = listenToQueue({
    service: await queueServices(trigger),
    queueName,
    settings,
    queues,
    cut,
    crash,
    warn: (message) => log.host('warning', message, { functionName: target.name }),
    run: async (message, body) => {
      // The text goes over untouched; `@azure/functions` parses it when it is JSON.
      const binary = trigger['dataType'] === 'binary';
      // A message that is no text fails every time, before its function runs.
      if (!binary && !isUtf8(body)) {
        log.host('error', `Message '${message.messageId}' is not valid UTF-8`, { functionName: target.name });
        return 'failed';
      }
      const text = body.toString('utf8');
      const input = binary ? { bytes: body } : { string: text };
      const reason = `New queue message detected on '${queueName}'.`;
      return invoker.invoke({ target, input, triggerMetadata: triggerMetadata(message, text), reason }).then(
        () => 'succeeded',
        () => 'failed',
      );
    },
  });
  return { ...listener, queueName };
}
