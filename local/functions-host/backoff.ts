// The wait between two looks at an empty queue (azure-sdk-for-net, `RandomizedExponentialBackoffStrategy.cs`).

const MINIMUM_MS = 100;
const RANDOMIZATION = 0.2;

export interface Backoff {
  /** Milliseconds until the next look: from 100, doubling with ±20 %, up to the maximum. */
  next(foundMessage: 'found' | 'empty'): number;
}

export function createBackoff(maximum: number, random: () => number = Math.random): Backoff {
  const minimum = Math.min(MINIMUM_MS, maximum);
  let exponent = 0;
  let current = 0;
  return {
    next(foundMessage) {
      if (foundMessage === 'found') {
        exponent = 1;
        current = minimum;
      } else if (current !== maximum) {
        const factor = 1 - RANDOMIZATION + random() * 2 * RANDOMIZATION;
        const interval = minimum + (exponent > 0 ? factor * 2 ** (exponent - 1) * minimum : 0);
        if (interval < maximum) exponent += 1;
        current = Math.min(interval, maximum);
      }
      return current;
    },
  };
}
