// Runs until Ctrl-C, then stops everything that was started, the last one first.

const STOP_WITHIN_MS = 2500;

export interface Run {
  /** What to stop at the end. */
  onStop(stop: () => unknown): void;
}

/**
 * Calls `start`. When it rejects: prints why, stops what had started, exits with 1. On SIGINT, SIGTERM or SIGHUP, at any
 * moment: stops and exits with 0.
 */
export async function runUntilStopped(start: (run: Run) => Promise<void>): Promise<void> {
  const stops: (() => unknown)[] = [];
  let stopping: Promise<void> | undefined;

  const stop = (exitCode: number) => {
    stopping ??= stopAll(stops).finally(() => process.exit(exitCode));
    return stopping;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(0));

  try {
    await start({ onStop: (added) => (stopping ? added() : stops.push(added)) });
  } catch (error) {
    // A start that Ctrl-C interrupts fails too. Nothing needs to be printed then.
    if (!stopping) console.error(error instanceof Error ? error.message : error);
    await stop(1);
  }
}

async function stopAll(stops: (() => unknown)[]): Promise<void> {
  const deadline = new Promise((resolve) => setTimeout(resolve, STOP_WITHIN_MS));
  const inTurn = async () => {
    for (const stop of stops.reverse()) await Promise.resolve(stop()).catch(() => {});
  };
  await Promise.race([inTurn(), deadline]);
}
