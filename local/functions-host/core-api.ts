// The module `@azure/functions-core`, which exists only inside a language worker and is not on npm.
// `@azure/functions` requires it to register functions (azure-functions-nodejs-worker, `setupCoreModule.ts`).
import Module from 'node:module';
import type { FunctionMetadata, InvocationRequest, InvocationResponse, LogCategory, LogLevel } from './rpc.ts';
import type { RegisteredFunction, WorkerLogLine } from './worker.ts';

export type Handler = (...inputs: unknown[]) => unknown;

export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], handler: Handler): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<InvocationResponse>;
}

export interface ProgrammingModel {
  name: string;
  version: string;
  getInvocationModel(call: {
    invocationId: string;
    request: InvocationRequest;
    metadata: FunctionMetadata;
    state?: string;
    log(level: LogLevel, category: LogCategory, message: string): void;
  }): InvocationModel;
  getCapabilities?(capabilities: Record<string, string>): Promise<Record<string, string>>;
}

type Hook = (context: Record<string, unknown>) => unknown;

interface Registry {
  model?: ProgrammingModel;
  functions: Map<string, { metadata: RegisteredFunction; handler: Handler; start: number }>;
  hooks: Map<string, Set<Hook>>;
  /** Counts the starts of a worker in this process. */
  start: number;
  log: (line: WorkerLogLine) => void;
}

// `@azure/functions` keeps the core module that it first got, for the life of the process,
// while a test runner may load this file several times: the registry belongs to the process.
const KEY = Symbol.for('rdv-solidarites-dynamics.functions-core');
const shared = globalThis as { [KEY]?: Registry };
export const registry: Registry = shared[KEY] ?? install();

function install(): Registry {
  const created: Registry = { functions: new Map(), hooks: new Map(), start: 0, log: () => {} };
  shared[KEY] = created;
  const api = coreApi(created);
  const original = Module.prototype.require;
  Module.prototype.require = Object.assign(function (this: NodeJS.Module, id: string): unknown {
    return id === '@azure/functions-core' ? api : original.call(this, id);
  }, original);
  return created;
}

function coreApi(to: Registry) {
  class Disposable {
    readonly #end: () => void;
    constructor(end: () => void) {
      this.#end = end;
    }
    dispose(): void {
      this.#end();
    }
  }
  return {
    version: '3.11.0',
    hostVersion: '4.1037.0',
    Disposable,
    setProgrammingModel: (model: ProgrammingModel) => {
      to.model = model;
    },
    getProgrammingModel: () => to.model,
    registerFunction: (metadata: FunctionMetadata, handler: Handler) => {
      const { name } = metadata;
      if (to.functions.get(name)?.start === to.start) throw new Error(`Two functions have the name "${name}"`);
      to.functions.set(name, { metadata: { ...metadata, functionId: name }, handler, start: to.start });
      return new Disposable(() => to.functions.delete(name));
    },
    registerHook: (name: string, hook: Hook) => {
      const hooks = to.hooks.get(name) ?? new Set();
      to.hooks.set(name, hooks.add(hook));
      return new Disposable(() => hooks.delete(hook));
    },
    log: (level: LogLevel, category: LogCategory, message: string) => to.log({ level, category, message }),
  };
}
