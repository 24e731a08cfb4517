// A part of a measure in a process of its own: it shares neither heap nor event loop with the others.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Runs a script with arguments given as one JSON value, and reads what it prints as JSON.
 *
 * @param script relative to this folder
 */
export async function runChild<T>(script: string, given: unknown, flags: readonly string[] = []): Promise<T> {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const running = run(process.execPath, [...flags, file, JSON.stringify(given)], { maxBuffer: 1e9 });
  running.child.stderr?.pipe(process.stderr);
  const { stdout } = await running;
  return JSON.parse(stdout) as T;
}

/** What the parent gave. */
export function given<T>(): T {
  return JSON.parse(process.argv[2] ?? 'null') as T;
}

/** Prints the result for the parent. */
export function tell(result: unknown): void {
  process.stdout.write(JSON.stringify(result));
}
