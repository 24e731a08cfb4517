// Turns within a process: notifications about the same record are applied one after the other.

/**
 * Lets a piece of work wait for those that came before it.
 *
 * @param keys records that it is about: all pieces of work about one go one after the other, in the order in which they came
 * @param unseen records that it merely names, and that nobody here has seen: the first that names one brings it, and
 * whatever names it meanwhile waits for that first one alone
 */
export type InTurn = <T>(keys: readonly string[], work: () => Promise<T>, unseen?: readonly string[]) => Promise<T>;

export function inTurn(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  const bringing = new Map<string, Promise<unknown>>();
  return async (keys, work, unseen = []) => {
    const before = [...keys.map((key) => last.get(key)), ...unseen.map((key) => bringing.get(key))];
    const mine = Promise.allSettled(before).then(work);
    const brought = unseen.filter((key) => !bringing.has(key));
    for (const key of keys) last.set(key, mine);
    for (const key of brought) bringing.set(key, mine);
    try {
      return await mine;
    } finally {
      for (const key of keys) if (last.get(key) === mine) last.delete(key);
      for (const key of brought) bringing.delete(key);
    }
  };
}
