// The log lines of the functions and the host, as one list that a test can search.
import type { WorkerLogLine } from './worker.ts';

export type HostLogLine = WorkerLogLine;

export interface HostLog {
  readonly lines: readonly HostLogLine[];
  write(line: HostLogLine): void;
  host(level: HostLogLine['level'], message: string, call?: { functionName: string; invocationId?: string }): void;
}

export function createLog(listener: ((line: HostLogLine) => void) | undefined): HostLog {
  const lines: HostLogLine[] = [];
  const write = (line: HostLogLine) => {
    lines.push(line);
    listener?.(line);
  };
  return { lines, write, host: (level, message, call) => write({ level, category: 'host', message, ...call }) };
}
