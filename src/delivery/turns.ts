// Turns within a process: notifications about the same record are applied one after the other.

/** What a piece of work waits for. */
export interface Turn {
  /** Records that it is about: no two pieces of work about one run at the same time. */
  readonly keys: readonly string[];
  /**
   * Records that it merely names, and that nobody here has seen: the first that names one brings it, and whatever names
   * it meanwhile waits for that first one alone.
   */
  readonly unseen: readonly string[];
  /**
   * Of those that wait for a record, the greatest goes first: after the newest snapshot, memory knows the older ones to
   * be stale, and they cost nothing.
   */
  readonly rank: string;
}

/** The rank of what goes before all snapshots: they begin with their year. */
export const FIRST = 'first';

export type InTurn = <T>(turn: Turn, work: () => Promise<T>) => Promise<T>;

interface Waiting extends Turn {
  readonly begin: () => void;
}

export function inTurn(): InTurn {
  const waiting: Waiting[] = [];
  const taken = new Set<string>();
  /** Records that somebody brings who waits, or is at work. */
  const bringing = new Map<string, Promise<unknown>>();

  const beginAll = (): void => {
    // Who is passed over keeps its records: a newer one never waits for ever behind those who need fewer.
    const kept = new Set(taken);
    for (const next of [...waiting]) {
      const isFree = !next.keys.some((key) => kept.has(key));
      for (const key of next.keys) kept.add(key);
      if (!isFree) continue;
      for (const key of next.keys) taken.add(key);
      waiting.splice(waiting.indexOf(next), 1);
      next.begin();
    }
  };
  const enter = (turn: Turn): Promise<void> =>
    new Promise((begin) => {
      const after = waiting.findIndex(({ rank }) => rank < turn.rank);
      waiting.splice(after < 0 ? waiting.length : after, 0, { ...turn, begin });
      beginAll();
    });
  const leave = ({ keys }: Turn): void => {
    for (const key of keys) taken.delete(key);
    beginAll();
  };
  const runInTurn: InTurn = async (turn, work) => {
    await enter(turn);
    try {
      return await work();
    } finally {
      leave(turn);
    }
  };

  return async (turn, work) => {
    const brought = turn.unseen.filter((key) => !bringing.has(key));
    const brings = turn.unseen.map((key) => bringing.get(key));
    const mine = Promise.allSettled(brings).then(() => runInTurn(turn, work));
    for (const key of brought) bringing.set(key, mine);
    try {
      return await mine;
    } finally {
      for (const key of brought) bringing.delete(key);
    }
  };
}
