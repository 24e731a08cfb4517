// Starts what makes functions run: the HTTP server, the queue listeners, the timers.
import { type AppSettings, type QueueServices, resolveName } from './app-settings.ts';
import type { HostOptions } from './contract.ts';
import type { HostConfig } from './host-json.ts';
import { createHttpServer } from './http-trigger.ts';
import { type Invoker, triggerOf } from './invoker.ts';
import { listen } from './listen.ts';
import type { HostLog } from './log.ts';
import type { Queues } from './queue-output.ts';
import { startQueueTrigger } from './queue-trigger.ts';
import { startTimer, timerInput } from './timers.ts';
import type { RegisteredFunction } from './worker.ts';

export interface TriggerContext {
  config: HostConfig;
  appSettings: AppSettings;
  queueServices: QueueServices;
  queues: Queues;
  invoker: Invoker;
  log: HostLog;
  /** Aborted when the host is gone: what still runs changes nothing any more. */
  cut: AbortSignal;
  /** Ends the host, as the real process ends. */
  crash(error: Error): void;
  /** Called as each trigger starts, so that a start that fails half-way can be undone. */
  onStop(stop: () => Promise<void>): void;
}

export type QueueListeners = readonly Awaited<ReturnType<typeof startQueueTrigger>>[];

/** The address. Rejects when the port is taken. */
export async function startHttp(
  functions: readonly RegisteredFunction[],
  { port = 0, authKeys }: Pick<HostOptions, 'port' | 'authKeys'>,
  { config, appSettings, invoker, cut, onStop }: TriggerContext,
): Promise<string> {
  const server = createHttpServer(functions, {
    routePrefix: config.routePrefix,
    bodyLimit: Number(appSettings['FUNCTIONS_REQUEST_BODY_SIZE_LIMIT'] ?? 104_857_600),
    authKeys,
    invoke: async (target, request) => {
      const reason = 'This function was programmatically called via the host APIs.';
      return (await invoker.invoke({ target, input: { http: request }, reason }))?.http;
    },
    runTimer: (name) => runTimer(functions, name, invoker),
  });
  const { url, stop } = await listen(server, port, cut);
  onStop(stop);
  return url;
}

export async function startQueues(
  functions: readonly RegisteredFunction[],
  context: TriggerContext,
): Promise<QueueListeners> {
  const listeners = [];
  for (const target of functions.filter(isTriggeredBy('queuetrigger'))) {
    const listener = await startQueueTrigger(target, { ...context, settings: context.config.queues });
    context.onStop(listener.stop);
    listeners.push(listener);
  }
  return listeners;
}

export function startTimers(functions: readonly RegisteredFunction[], context: TriggerContext): void {
  for (const target of functions.filter(isTriggeredBy('timertrigger'))) {
    const trigger = triggerOf(target);
    const stop = startTimer({
      schedule: resolveName(trigger['schedule'], context.appSettings),
      startup: trigger['runOnStartup'] === true ? 'run' : 'wait',
      // A failed run is in the log; the next one comes on schedule.
      run: (input) => context.invoker.invoke({ target, input, reason: 'Timer fired' }).then(nothing, nothing),
    });
    context.onStop(async () => stop());
  }
}

/** Rejects when there is no such timer function, and when it fails. */
export async function runTimer(
  functions: readonly RegisteredFunction[],
  name: string,
  invoker: Invoker,
): Promise<void> {
  const timers = functions.filter(isTriggeredBy('timertrigger'));
  const target = timers.find((timer) => timer.name === name);
  if (!target) {
    throw new Error(
      `No timer function "${name}"; there are: ${timers.map((timer) => timer.name).join(', ') || 'none'}`,
    );
  }
  await invoker.invoke({ target, input: timerInput(), reason: 'Run by hand' });
}

const nothing = () => {};

const isTriggeredBy = (type: string) => (target: RegisteredFunction) => triggerOf(target).type.toLowerCase() === type;
