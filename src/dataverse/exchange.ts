// Exchanges shared: while every place to Dataverse is taken, what waits goes together in one batch; each piece of work
// gets its own answers and its own failures, as if it had gone alone.
import { type Load, sendTogether } from './batch.ts';
import { DataverseError, type Failure, toFailure } from './failure.ts';
import type { Gate } from './gate.ts';

interface Member {
  readonly load: Load;
  /** How many may travel with it, itself included: halved after each exchange that failed as a whole. */
  most: number;
  readonly resolve: (answers: readonly unknown[]) => void;
  readonly reject: (error: unknown) => void;
}

/** An exchange that failed as a whole. */
interface Attempt {
  readonly operations: number;
  readonly failure: Failure;
}

type Group = readonly [Member, ...Member[]];

export interface Exchanges {
  /**
   * Sends a load as soon as there is a place, with others that wait when there is none.
   *
   * @returns one answer an operation, in order
   * @throws DataverseError
   */
  send(load: Load): Promise<readonly unknown[]>;
}

/** Dataverse is said to take 1,000, and was seen to refuse more than 250. */
const MOST_OPERATIONS = 100;
/** Expected time of execution in one exchange, in ms: it holds a place and locks rows. A quarter of its time limit at most. */
const LONGEST_MS = 10_000;
/** The guess for one operation before any was seen, in ms. */
const FIRST_GUESS_MS = 100;
/** The weight of the newest exchange in the expected time of an operation. */
const NEWEST = 0.2;

const known = new WeakMap<Gate, Exchanges>();

/** The exchanges that share one way to Dataverse. */
export function exchangesOf(gate: Gate): Exchanges {
  const found = known.get(gate) ?? createExchanges(gate);
  known.set(gate, found);
  return found;
}

function createExchanges(gate: Gate): Exchanges {
  const waiting: Member[] = [];
  let operationMs = FIRST_GUESS_MS;
  /** Operations of exchanges that have left. */
  let underway = 0;

  // Each member brings one passage, and each passage takes at least one member along: nobody is left behind.
  const pass = (): void => {
    gate.pass(leave).then(
      (handOver) => handOver?.(),
      (error: unknown) => waiting.shift()?.reject(error),
    );
  };
  /** Gives what is left to do once the place is free again; nothing, when all had left before. */
  const leave = async (): Promise<(() => void) | undefined> => {
    const first = firstWaiting();
    if (first === undefined) return undefined;
    return sendGroup([first, ...(gate.isCrowded() ? takeCompany(first, waiting, mostOperations(first)) : [])]);
  };
  /** One place's share of all there is to do: the others would have nothing left. */
  const mostOperations = (first: Member): number => {
    const share = Math.ceil((underway + operationsOf([first, ...waiting])) / gate.places());
    return Math.min(MOST_OPERATIONS, Math.floor(longestOf(first) / operationMs), share);
  };
  const firstWaiting = (): Member | undefined => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (!isGivenUp(next)) return next;
      next.reject(next.load.signal?.reason);
    }
    return undefined;
  };
  const sendGroup = async (group: Group): Promise<() => void> => {
    const begunAt = gate.now();
    const operations = operationsOf(group);
    underway += operations;
    try {
      const answers = await sendTogether([group[0].load, ...group.slice(1).map(({ load }) => load)]);
      operationMs += NEWEST * ((gate.now() - begunAt) / operations - operationMs);
      return () => {
        group.forEach((member, at) => {
          settle(member, answers[at]);
        });
      };
    } catch (error) {
      return () => {
        if (group.length === 1) group[0].reject(error);
        else sendAgain(group, { operations, failure: toFailure(error) });
      };
    } finally {
      underway -= operations;
    }
  };
  /** Only alone may one be blamed. Dataverse refuses a rate, or the time spent, whatever the batch holds. */
  const sendAgain = (group: Group, { operations, failure }: Attempt): void => {
    if (failure.code === 'deadline') operationMs = Math.max(operationMs, (2 * longestOf(group[0])) / operations);
    if (failure.status !== 429) for (const member of group) member.most = Math.floor(group.length / 2);
    waiting.unshift(...group);
    for (const _ of group) pass();
  };
  const settle = ({ resolve, reject }: Member, answers: readonly unknown[] | DataverseError | undefined): void => {
    if (!(answers instanceof DataverseError)) resolve(answers ?? []);
    else {
      if (answers.failure.kind === 'transient') gate.tell(answers.failure);
      reject(answers);
    }
  };

  return {
    send: (load) =>
      new Promise((resolve, reject) => {
        waiting.push({ load, most: MOST_OPERATIONS, resolve, reject });
        pass();
      }),
  };
}

const operationsOf = (members: readonly Member[]): number =>
  members.reduce((sum, { load }) => sum + load.operations.length, 0);

const longestOf = ({ load }: Member): number => Math.min(LONGEST_MS, load.timeoutMs / 4);

const isGivenUp = ({ load }: Member): boolean => load.signal?.aborted === true;

/**
 * Takes those that may travel along with the first: change sets, and queries as many as must stand between them and as
 * fit besides. dynamics-web-api makes one change set of two with no query between.
 */
function takeCompany(first: Member, waiting: Member[], mostOperations: number): readonly Member[] {
  const company: Member[] = [];
  const wanted = waiting.filter((member) => !isGivenUp(member));
  const sets = wanted.filter(({ load }) => load.rows.length > 0);
  const reads = wanted.filter(({ load }) => load.rows.length === 0);
  const rows = new Set<string>();
  let most = first.most;
  let operations = 0;
  let queries = 0;
  const count = ({ load, most: own }: Member): void => {
    most = Math.min(most, own);
    operations += load.operations.length;
    if (load.rows.length === 0) queries += load.operations.length;
    else if (rows.size > 0) queries -= 1;
    for (const row of load.rows) rows.add(row);
  };
  const fits = ({ load, most: own }: Member): boolean =>
    operations + load.operations.length <= mostOperations &&
    company.length + 2 <= Math.min(most, own) &&
    !load.rows.some((row) => rows.has(row));

  count(first);
  for (;;) {
    const next = (rows.size === 0 || queries > 0 ? sets.shift() : undefined) ?? reads.shift();
    if (next === undefined) return company;
    if (!fits(next)) continue;
    count(next);
    company.push(next);
    waiting.splice(waiting.indexOf(next), 1);
  }
}
