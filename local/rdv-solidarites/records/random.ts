// Chance that repeats: the same seed, the same choices.

export interface Dice {
  /** From 0 to 1, 1 left out. */
  next(): number;
  /** A whole number, both ends included. */
  between(least: number, most: number): number;
  happens(probability: number): boolean;
  /** @throws when there is nothing to choose from */
  pick<T>(items: readonly T[]): T;
  /** A copy in any order. */
  shuffled<T>(items: readonly T[]): T[];
}

export function rollDice(seed: number): Dice {
  let state = seed;
  // mulberry32: 32 bits of state are enough to invent people.
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number) => Math.floor(next() * count);
  return {
    next,
    between: (least, most) => least + below(most - least + 1),
    happens: (probability) => next() < probability,
    pick: (items) => {
      const found = items[below(items.length)];
      if (found === undefined) throw new Error('nothing to choose from');
      return found;
    },
    shuffled: <T>(items: readonly T[]) => {
      const all = [...items];
      for (let at = all.length - 1; at > 0; at -= 1) {
        const other = below(at + 1);
        const kept = all[at] as T;
        all[at] = all[other] as T;
        all[other] = kept;
      }
      return all;
    },
  };
}
