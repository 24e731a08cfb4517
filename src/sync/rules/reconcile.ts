// Rule: nobody's work is trampled. Which columns of a row to write, given what the sender says now and said before.
import { shortHash } from '../model/applied.ts';
import type { Columns, Value } from '../model/values.ts';

/** What the sender wants in each column; `undefined` where it says nothing. */
export type WantedColumns = Readonly<Record<string, Value | undefined>>;

export interface Reconciled {
  /** The columns to write. */
  readonly write: Columns;
  /** Column → short hash of what the sender said last, to remember. */
  readonly applied: Readonly<Record<string, string>>;
}

/** Columns that are one fact, as the lines of an address: never half of one fact and half of another. */
export type Group = readonly string[];

export interface ReconcileInput {
  readonly wanted: WantedColumns;
  /** What the row holds now. It is asked only where the sender says something else than before. */
  readonly present: (column: string) => Value;
  readonly applied: Readonly<Record<string, string>>;
  /** Mixed into the hashes: the link's name. */
  readonly scope: string;
  /** The columns that move together; every other column is a fact of its own. */
  readonly groups?: readonly Group[];
  /** Recognises a value of ours that Dynamics itself has replaced, as a merge of contacts replaces lookups. */
  readonly isOurs?: (column: string, present: Value) => boolean;
  /** Recognises a value that somebody else who shares the row still says: it is not cleared. */
  readonly isHeld?: (column: string, present: Value) => boolean;
}

/** Marks a value that the sender said, but that the row had from somebody else. */
const SAID_ONLY = '~';

export const isSaidOnly = (hash: string): boolean => hash.startsWith(SAID_ONLY);
/** Whether a remembered hash is this one, whoever wrote the value. */
export const isSaid = (remembered: string | undefined, hash: string): boolean =>
  remembered === hash || remembered === SAID_ONLY + hash;
export const asSaidOnly = (hash: string): string => (isSaidOnly(hash) ? hash : SAID_ONLY + hash);

/**
 * Decides fact by fact: a column, or a group of columns that move together.
 * - a fact is written only when the sender's value differs from the one last taken from it, so that a correction made in
 *   the CRM survives until the sender changes that very fact; then the whole of it is written;
 * - what the sender does not mention stays;
 * - `null` clears what we wrote and nobody touched since, never what a CRM user typed or corrected a part of;
 * - a fact that we never wrote is filled when all of it is empty, and left alone otherwise.
 */
export function reconcile({
  wanted,
  present,
  applied,
  scope,
  groups = [],
  isOurs,
  isHeld,
}: ReconcileInput): Reconciled {
  const write: Record<string, Value> = {};
  const remembered: Record<string, string> = { ...applied };
  for (const fact of factsOf(wanted, groups)) {
    const changed = fact.filter(isChanged);
    if (changed.length === 0) continue;
    const written = toWrite(fact, changed).filter((column) => !sameValue(present(column), saidOf(column)));
    for (const column of written) write[column] = saidOf(column);
    for (const column of new Set([...changed, ...written])) {
      const hash = hashOf(scope, column, saidOf(column));
      remembered[column] = written.includes(column) || saidOf(column) === null ? hash : asSaidOnly(hash);
    }
  }
  return { write, applied: remembered };

  function toWrite(fact: Group, changed: Group): Group {
    const replaces = changed.some((column) => saidOf(column) !== null);
    const saidBefore = changed.some((column) => applied[column] !== undefined);
    if (replaces && saidBefore) return fact.filter((column) => wanted[column] !== undefined);
    if (replaces) return fact.every((column) => present(column) === null || isUntouched(column)) ? changed : [];
    const isKept = changed.some((column) => isHeld?.(column, present(column)) === true);
    return fact.every(isUntouched) && !isKept ? changed : [];
  }

  function isChanged(column: string): boolean {
    const value = wanted[column];
    if (value === undefined) return false;
    return !isSaid(applied[column], hashOf(scope, column, value));
  }

  /** Whether a column holds what we wrote, or is empty and we never wrote it. */
  function isUntouched(column: string): boolean {
    const value = present(column);
    const written = applied[column];
    if (written === undefined) return value === null;
    return written === hashOf(scope, column, value) || isOurs?.(column, value) === true;
  }

  function saidOf(column: string): Value {
    return wanted[column] ?? null;
  }
}

/** Each column that the sender may say something of, alone or with those that move with it. */
function factsOf(wanted: WantedColumns, groups: readonly Group[]): readonly Group[] {
  const grouped = new Set(groups.flat());
  return [...groups, ...Object.keys(wanted).flatMap((column) => (grouped.has(column) ? [] : [[column]]))];
}

/** Whether a row, as a plan leaves it, holds something else than the sender says. */
export function holdsOther(wanted: WantedColumns, after: (column: string) => Value): boolean {
  return Object.entries(wanted).some(([column, value]) => value !== undefined && !sameValue(after(column), value));
}

/** The short hash under which a link remembers a column's value. */
export function hashOf(scope: string, column: string, value: Value): string {
  return shortHash(scope, column, isReference(value) ? value.id : JSON.stringify(value));
}

export function sameValue(a: Value, b: Value): boolean {
  if (isReference(a) || isReference(b)) return isReference(a) && isReference(b) && a.id === b.id;
  return a === b;
}

function isReference(value: Value): value is Extract<Value, { id: string }> {
  return typeof value === 'object' && value !== null;
}
