// A language worker in the host's own process: the real programming model of `@azure/functions`, called in the order
// of azure-functions-nodejs-worker (`InvocationHandler.ts`). The app is loaded once per process; a second start
// serves the functions registered before.
import { type ProgrammingModel, registry } from './core-api.ts';
import type { InvocationRequest, InvocationResponse, LogCategory, LogLevel } from './rpc.ts';
import type { Entry, RegisteredFunction, Worker, WorkerLogLine } from './worker.ts';

export function createInProcessWorker(): Worker {
  const appHookData = {};
  let log: (line: WorkerLogLine) => void = () => {};

  return {
    async start(entries, to): Promise<readonly RegisteredFunction[]> {
      registry.start += 1;
      log = to;
      registry.log = to;
      await load(entries);
      const capabilities = await registry.model?.getCapabilities?.({});
      // With HTTP streaming the answer leaves before the outputs are bound: 202 would no longer mean queued.
      if (capabilities?.['HttpUri']) throw new Error('enableHttpStream is not emulated: keep it off');
      await runHooks('appStart', { hookData: {}, appHookData, functionAppDirectory: process.cwd() });
      return [...registry.functions.values()].map(({ metadata }) => metadata);
    },

    async invoke(functionId, request): Promise<InvocationResponse> {
      const registered = registry.functions.get(functionId);
      if (!registered || !registry.model) throw new Error(`No function "${functionId}" is registered`);
      return run(registry.model, registered, request);
    },

    async stop(): Promise<void> {
      await runHooks('appTerminate', { hookData: {}, appHookData });
      // Another host of this process may have started since.
      if (registry.log === log) registry.log = () => {};
    },
  };

  async function run(
    model: ProgrammingModel,
    { metadata, handler }: { metadata: RegisteredFunction; handler: (...inputs: unknown[]) => unknown },
    request: InvocationRequest,
  ): Promise<InvocationResponse> {
    const call = {
      invocationId: request.invocationId,
      request,
      metadata,
      state: 'preInvocationHooks',
      log: (level: LogLevel, category: LogCategory, message: string) =>
        logCall({ level, category, message, functionName: metadata.name, invocationId: request.invocationId }),
    };
    const invocation = model.getInvocationModel(call);
    const { context, inputs } = await invocation.getArguments();
    const shared = { hookData: {}, appHookData, invocationContext: context };
    const before = { ...shared, functionCallback: handler, inputs };
    await runHooks('preInvocation', before);

    call.state = 'invocation';
    const after: { result: unknown; error: unknown; inputs: unknown[] } = {
      inputs: before.inputs,
      result: null,
      error: null,
    };
    try {
      after.result = await invocation.invokeFunction(context, before.inputs, before.functionCallback);
    } catch (error) {
      after.error = error ?? new Error('The function threw nothing');
    }

    call.state = 'postInvocationHooks';
    const answered = { ...shared, ...after };
    await runHooks('postInvocation', answered);
    if (answered.error) throw answered.error;
    return invocation.getResponse(context, answered.result);
  }

  function logCall(line: WorkerLogLine): void {
    const context = { hookData: {}, ...line };
    for (const hook of registry.hooks.get('log') ?? []) hook(context);
    log({ ...line, level: context.level, message: context.message });
  }
}

async function load(entries: readonly Entry[]): Promise<void> {
  for (const entry of entries) await entry();
  if (registry.functions.size === 0) throw new Error('The app registered no function');
}

/** In the order of registration, each one after the other: a hook may change the context for the next. */
async function runHooks(name: string, context: Record<string, unknown>): Promise<void> {
  for (const hook of registry.hooks.get(name) ?? []) await hook(context);
}
