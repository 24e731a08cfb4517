// One invocation: the call, its time limit, its outputs (azure-functions-host, `WorkerFunctionInvoker.cs`).
import { randomBytes, randomUUID } from 'node:crypto';
import type { HostLog } from './log.ts';
import type { InvocationResponse, RpcBinding, RpcTypedData } from './rpc.ts';
import type { RegisteredFunction, Worker } from './worker.ts';

export interface Call {
  target: RegisteredFunction;
  input: RpcTypedData;
  triggerMetadata?: Record<string, RpcTypedData>;
  /** For the log, in the words of the real host. */
  reason: string;
}

export interface Invoker {
  /** Resolves with the function's return value once its outputs are bound; rejects when it or an output fails. */
  invoke(call: Call): Promise<RpcTypedData | null | undefined>;
  running(): number;
  /** Counts the invocations since the host started. */
  started(): number;
  /** Resolves when nothing runs any more. */
  finished(): Promise<void>;
}

export interface InvokerOptions {
  worker: Worker;
  log: HostLog;
  /** Milliseconds. */
  timeout: number;
  bindOutput(binding: RpcBinding, data: RpcTypedData): Promise<void>;
}

export function createInvoker({ worker, log, timeout, bindOutput }: InvokerOptions): Invoker {
  const running = new Set<Promise<unknown>>();
  let started = 0;
  return {
    invoke(call) {
      const invocation = run(call).finally(() => running.delete(invocation));
      running.add(invocation);
      started += 1;
      return invocation;
    },
    running: () => running.size,
    started: () => started,
    async finished() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };

  async function run({ target, input, triggerMetadata = {}, reason }: Call) {
    const invocationId = randomUUID();
    const call = { functionName: target.name, invocationId };
    const begin = performance.now();
    const executed = (result: string) =>
      `Executed 'Functions.${target.name}' (${result}, Id=${invocationId}, Duration=${Math.round(performance.now() - begin)}ms)`;
    log.host('information', `Executing 'Functions.${target.name}' (Reason='${reason}', Id=${invocationId})`, call);
    try {
      const request = {
        invocationId,
        functionId: target.functionId,
        inputData: [{ name: triggerName(target), data: input }],
        triggerMetadata,
        traceContext: { traceParent: traceParent(), traceState: '', attributes: {} },
      };
      const response = await withinTimeout(worker.invoke(target.functionId, request), target.name);
      await bindOutputs(target, response);
      log.host('information', executed('Succeeded'), call);
      return response.returnValue;
    } catch (error) {
      log.host('error', `${executed('Failed')}: ${error instanceof Error ? error.message : error}`, call);
      throw error;
    }
  }

  /** All outputs at once; one that fails makes the invocation fail. */
  async function bindOutputs(
    target: RegisteredFunction,
    { outputData = [], returnValue }: InvocationResponse,
  ): Promise<void> {
    const outputs = new Map(outputData.map(({ name, data }) => [name, data]));
    const returnBinding = target.bindings['$return'];
    if (returnBinding && returnValue) outputs.set('$return', returnValue);
    // HandleOutputDictionary: without a `$return` binding, the keys of a returned object fill the outputs of the same name.
    if (!returnBinding && returnValue?.json) {
      for (const [name, value] of Object.entries(Object(JSON.parse(returnValue.json)))) {
        if (target.bindings[name]?.direction === 'out') outputs.set(name, { json: JSON.stringify(value) });
      }
    }
    await Promise.all(
      [...outputs].map(async ([name, data]) => {
        const binding = target.bindings[name];
        if (binding && binding.type.toLowerCase() !== 'http') await bindOutput(binding, data);
      }),
    );
  }

  /**
   * The real host fails the invocation and restarts the worker process. Here the function goes on in the background
   * and what it gives is dropped.
   */
  async function withinTimeout<T>(work: Promise<T>, name: string): Promise<T> {
    if (timeout === Number.POSITIVE_INFINITY) return work;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`Timeout value of ${timeout / 1000} s exceeded by function 'Functions.${name}'`)),
        timeout,
      );
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

export function triggerOf(target: RegisteredFunction): RpcBinding {
  const trigger = Object.values(target.bindings).find(({ type }) => /trigger$/i.test(type));
  if (!trigger) throw new Error(`Function "${target.name}" has no trigger`);
  return trigger;
}

function triggerName(target: RegisteredFunction): string {
  const [name] = Object.entries(target.bindings).find(([, { type }]) => /trigger$/i.test(type)) ?? [];
  return name ?? '';
}

const traceParent = () => `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
