// The parts of a batch that several loads share, and whose answer is whose.
import type { DynamicsWebApi } from 'dynamics-web-api';
import { DataverseError, toFailure, UNREADABLE } from './failure.ts';

/** Puts one operation into the batch that a client has begun; the Content-ID is for writes, unique in the batch. */
export type Operation = (api: DynamicsWebApi, contentId: string) => Promise<unknown>;

interface Load {
  readonly operations: readonly Operation[];
  readonly isChangeSet: boolean;
}

/** Neighbouring operations of one load: a change set, or one query. */
export interface Place extends Load {
  /** Which of the loads. */
  readonly of: number;
}

/**
 * Orders the operations of all loads so that a query stands between any two change sets: dynamics-web-api makes one of
 * neighbouring ones.
 */
export function layOut(loads: readonly Load[]): readonly Place[] {
  const all = loads.map((load, of): Place => ({ ...load, of }));
  const sets = all.filter(({ isChangeSet }) => isChangeSet);
  const queries = all
    .filter(({ isChangeSet }) => !isChangeSet)
    .flatMap((load) => load.operations.map((operation): Place => ({ ...load, operations: [operation] })));
  const between = Math.max(sets.length - 1, 0);
  if (queries.length < between) throw new Error('two change sets would become one');
  return [
    ...sets.flatMap((set, at) => [set, ...queries.slice(at, Math.min(at + 1, between))]),
    ...queries.slice(between),
  ];
}

/**
 * Gives each load its answers, or the failure of its own: a failed change set has one part, a good one as many as writes.
 *
 * @throws DataverseError when the count is any other: nobody could say whose answer is whose
 */
export function answersOf(
  places: readonly Place[],
  answers: readonly unknown[],
  loads: number,
): readonly (readonly unknown[] | DataverseError)[] {
  const own = Array.from({ length: loads }, (): unknown[] => []);
  const failed = new Map<number, DataverseError>();
  let at = 0;
  for (const { of, operations } of places) {
    const isFailed = answers[at] instanceof Error;
    const part = answers.slice(at, at + (isFailed ? 1 : operations.length));
    at += isFailed ? 1 : operations.length;
    if (isFailed && !failed.has(of)) failed.set(of, new DataverseError(toFailure(part[0])));
    if (!isFailed && part.some((answer) => answer instanceof Error)) throw new DataverseError(UNREADABLE);
    own[of]?.push(...part);
  }
  if (at !== answers.length) throw new DataverseError(UNREADABLE);
  return own.map((part, of) => failed.get(of) ?? part);
}
