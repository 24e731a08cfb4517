// Chance that repeats: the same seed, the same choices.
import { pseudoRandom } from '../../chaos/virtual-queue.ts';

export interface Dice {
  /** From 0 to 1. */
  next(): number;
  /** A whole number, both ends included. */
  between(least: number, most: number): number;
  happens(probability: number): boolean;
  /** One of them; throws when there is none. */
  pick<T>(items: readonly T[]): T;
  /** One of them, each as likely as its weight. */
  weighted<T extends { readonly weight: number }>(items: readonly T[]): T;
}

export function rollDice(seed: number): Dice {
  const next = pseudoRandom(seed);
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    between,
    happens: (probability) => next() < probability,
    pick: (items) => present(items[between(0, items.length - 1)]),
    weighted: (items) => {
      let left = next() * items.reduce((sum, { weight }) => sum + weight, 0);
      const found = items.find(({ weight }) => {
        left -= weight;
        return left < 0;
      });
      return present(found ?? items.at(-1));
    },
  };
}

function present<T>(item: T | undefined): T {
  if (item === undefined) throw new Error('nothing to choose from');
  return item;
}
