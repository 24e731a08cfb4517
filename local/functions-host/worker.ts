// What a language worker must offer to the host, so that another one can replace the in-process worker.
import type { FunctionMetadata, InvocationRequest, InvocationResponse, LogCategory, LogLevel } from './rpc.ts';

export interface RegisteredFunction extends FunctionMetadata {
  functionId: string;
}

export interface WorkerLogLine {
  level: LogLevel;
  category: LogCategory;
  message: string;
  functionName?: string;
  invocationId?: string;
}

/** Each one loads a file of the app, which registers its functions. */
export type Entry = () => Promise<unknown>;

export interface Worker {
  /** Loads the app. Rejects when an entry fails: no function is then served, as on Node 20 and later. */
  start(entries: readonly Entry[], log: (line: WorkerLogLine) => void): Promise<readonly RegisteredFunction[]>;
  /** Runs one function. Rejects with what the function threw. */
  invoke(functionId: string, request: InvocationRequest): Promise<InvocationResponse>;
  stop(): Promise<void>;
}
