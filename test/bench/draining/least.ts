// The least time in which Dataverse's limits let a queue be drained.
import { LIMITS } from '../defaults.ts';

/** What was sent, and with how many exchanges at the same time. */
export interface Sent {
  readonly requests: number;
  readonly executionSeconds: number;
  readonly atOnce: number;
}

/**
 * In seconds: the longer of what both limits ask for. Each lets so much pass in a window, as fast as so many exchanges at
 * the same time can take it, and the rest in the next window. The way there and back counts for nothing.
 */
export function leastSeconds({ requests, executionSeconds, atOnce }: Sent): number {
  const ofRequests = windowsBefore(requests, LIMITS.requests);
  const inOneWindow = Math.min(LIMITS.executionSeconds, atOnce * LIMITS.windowSeconds);
  const ofExecution = windowsBefore(executionSeconds, inOneWindow);
  const rest = (executionSeconds - ofExecution * inOneWindow) / atOnce;
  return Math.max(ofRequests * LIMITS.windowSeconds, ofExecution * LIMITS.windowSeconds + rest);
}

/** The full windows before the one in which the last is sent. */
const windowsBefore = (all: number, inOne: number): number => Math.max(0, Math.ceil(all / inOne) - 1);
