// An Azure Functions host for tests and for working locally: HTTP, queue and timer triggers, queue outputs.
import { readFile } from 'node:fs/promises';
import { type AppSettings, applySettings, createQueueServices, isDisabled, resolveName } from './app-settings.ts';
import type { FunctionsHost, HostOptions } from './contract.ts';
import { readHostJson } from './host-json.ts';
import { overrideHostJson } from './host-json-settings.ts';
import { waitUntilIdle } from './idle.ts';
import { createInProcessWorker } from './in-process-worker.ts';
import { createInvoker } from './invoker.ts';
import { createLog } from './log.ts';
import { toMessages } from './output-value.ts';
import { createQueues } from './queue-output.ts';
import type { RpcBinding, RpcTypedData } from './rpc.ts';
import { runTimer, startHttp, startQueues, startTimers, type TriggerContext } from './triggers.ts';

export type { FunctionsHost, HostOptions } from './contract.ts';
export type { HostLogLine } from './log.ts';

// WebJobsScriptHostService.cs: what is running has ten seconds when the host stops.
const DRAIN_MS = 10_000;
const PROJECT_HOST_JSON = new URL('../../host.json', import.meta.url);

/** Rejects when the app cannot be loaded, a setting that a binding needs is missing, or the port is taken. */
export async function startHost(options: HostOptions): Promise<FunctionsHost> {
  const hostJson = options.hostJson ?? (JSON.parse(await readFile(PROJECT_HOST_JSON, 'utf8')) as object);
  const overridden = overrideHostJson(hostJson, { ...process.env, ...options.settings } as AppSettings);
  const config = readHostJson(overridden, options.queueOverrides);
  const restoreSettings = applySettings(options.settings);
  const worker = options.worker ?? createInProcessWorker();
  const stops: (() => Promise<void>)[] = [];
  const end = new AbortController();
  const context = createContext(options, { config, worker, end, onStop: (added) => stops.push(added) });

  const stopAll = async () => {
    const finished = Promise.all(stops.map((stopTrigger) => stopTrigger())).then(context.invoker.finished);
    await withinDrain(finished, end, options.drain);
    await worker.stop();
    restoreSettings();
  };
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= stopAll();
    return stopped;
  };

  try {
    const registered = await worker.start(options.entries, context.log.write);
    const functions = registered.filter(({ name }) => !isDisabled(name, context.appSettings));
    const url = await startHttp(functions, options, context);
    const listeners = await startQueues(functions, context);
    if (options.timers !== 'by-hand') startTimers(functions, context);
    return {
      url,
      functions: functions.map(({ name }) => name),
      logs: context.log.lines,
      idle: ({ within = 20_000 } = {}) => waitUntilIdle({ invoker: context.invoker, listeners, within }),
      runTimer: (name) => runTimer(functions, name, context.invoker),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Resolves when the work is finished or the host gone; from then on nothing that still runs changes anything. */
async function withinDrain(finished: Promise<void>, end: AbortController, drain = DRAIN_MS): Promise<void> {
  const timer = setTimeout(() => end.abort(), drain);
  const gone = new Promise<void>((resolve) => {
    if (end.signal.aborted) resolve();
    end.signal.addEventListener('abort', () => resolve());
  });
  await Promise.race([finished, gone]);
  clearTimeout(timer);
  end.abort();
}

interface Parts extends Pick<TriggerContext, 'config' | 'onStop'>, Required<Pick<HostOptions, 'worker'>> {
  end: AbortController;
}

function createContext(options: HostOptions, { config, worker, end, onStop }: Parts): TriggerContext {
  const cut = end.signal;
  const appSettings = { ...process.env } as AppSettings;
  const log = createLog(options.log);
  const queueServices = createQueueServices(appSettings);
  const queues = createQueues(config.queues.messageEncoding);

  const bindOutput = async (binding: RpcBinding, data: RpcTypedData) => {
    if (cut.aborted) throw new Error('The host has ended');
    const { type, queueName } = binding;
    if (type.toLowerCase() !== 'queue') throw new Error(`Output bindings of type "${type}" are not emulated`);
    const service = await queueServices(binding);
    const name = resolveName(queueName, appSettings).toLowerCase();
    for (const body of toMessages(data)) await queues.send(service, name, body);
  };
  const invoker = createInvoker({ worker, log, timeout: config.functionTimeout, bindOutput });
  const crash = (error: Error) => {
    if (cut.aborted) return;
    log.host('critical', error.message);
    end.abort();
    (options.onCrash ?? endProcess)(error);
  };
  return { config, appSettings, queueServices, queues, invoker, log, cut, crash, onStop };
}

function endProcess(error: Error): void {
  console.error(error);
  process.exit(1);
}
