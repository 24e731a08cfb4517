// What a test or the local start gives to the host, and what it gets.
import type { AuthKeys } from './auth.ts';
import type { QueueSettings } from './host-json.ts';
import type { HostLogLine } from './log.ts';
import type { Entry, Worker } from './worker.ts';

export interface HostOptions {
  /** 0 or absent: any free port. */
  port?: number;
  /** App settings: in `process.env` from before the app is loaded until the host stops. */
  settings: Record<string, string>;
  /** Default: the project's `host.json`. */
  hostJson?: object;
  /** Imports that register functions. */
  entries: readonly Entry[];
  queueOverrides?: Partial<QueueSettings>;
  /** Absent: no key is asked for. */
  authKeys?: AuthKeys;
  /** `by-hand`: only `runTimer` and `/admin/functions/…` run them. Default `on-schedule`. */
  timers?: 'on-schedule' | 'by-hand';
  log?: (line: HostLogLine) => void;
  /** How long functions in flight may go on once the host stops, in ms. The real host has no such setting, but 10 s. */
  drain?: number;
  /**
   * Called when the host ends because storage refused something that it needs. Default: the process ends with code 1.
   */
  onCrash?: (error: Error) => void;
  /** Default: the app runs in this process. */
  worker?: Worker;
}

export interface FunctionsHost {
  /** `http://127.0.0.1:PORT`, without the route prefix. */
  url: string;
  /** Names, without those that are disabled. */
  functions: string[];
  logs: readonly HostLogLine[];
  /**
   * Resolves when nothing runs and no queue with a listener holds a message, visible or not.
   * Rejects with what it waits for after `within` milliseconds (default 20,000).
   */
  idle(options?: { within?: number }): Promise<void>;
  /** Runs a timer function now. Rejects when it fails. */
  runTimer(name: string): Promise<void>;
  /** Stops listening, lets what is running finish within `drain`, then ends the app: what still runs changes nothing. */
  stop(): Promise<void>;
}
