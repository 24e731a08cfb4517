// Rule: nobody's work is trampled. Which columns of a row to write, given what the sender says now and said before.
import { shortHash } from '../model/applied.ts';
import type { Columns, Value } from '../model/values.ts';

/** What the sender wants in each column; `undefined` where it says nothing. */
export type Wanted = Readonly<Record<string, Value | undefined>>;

export interface Reconciled {
  /** The columns to write. */
  readonly write: Columns;
  /** Column → short hash of what the sender said last, to remember. */
  readonly applied: Readonly<Record<string, string>>;
  /** Whether the result depends on what the row holds now. */
  readonly consulted: boolean;
}

export interface Situation {
  readonly wanted: Wanted;
  /** The row as it is, or `null` when it is about to be created. */
  readonly current: Columns | null;
  readonly applied: Readonly<Record<string, string>>;
  /** Mixed into the hashes: the link's name. */
  readonly scope: string;
  /** Recognises a value of ours that Dynamics itself has replaced, as a merge of contacts replaces lookups. */
  readonly isOurs?: (column: string, present: Value) => boolean;
}

/** Marks a value that the sender said, but that the row had from somebody else. */
const SAID_ONLY = '~';

/**
 * Decides column by column:
 * - a column is written only when the sender's value differs from the one last taken from it, so that a correction made
 *   in the CRM survives until the sender changes that very field;
 * - what the sender does not mention stays;
 * - `null` clears what we wrote and nobody touched since, never what a CRM user typed;
 * - a column that we never wrote is filled when it is empty, and left alone otherwise.
 */
export function reconcile({ wanted, current, applied, scope, isOurs }: Situation): Reconciled {
  const write: Record<string, Value> = {};
  const remembered: Record<string, string> = { ...applied };
  let consulted = false;
  for (const [column, value] of Object.entries(wanted)) {
    if (value === undefined) continue;
    const hash = hashOf(scope, column, value);
    const before = applied[column];
    if (before === hash || before === SAID_ONLY + hash) continue;
    consulted = true;
    const present = current === null ? null : (current[column] ?? null);
    const written = !sameValue(present, value) && mayWrite(column, { value, present, before });
    if (written) write[column] = value;
    remembered[column] = written || value === null ? hash : SAID_ONLY + hash;
  }
  return { write, applied: remembered, consulted };

  function mayWrite(
    column: string,
    { value, present, before }: { value: Value; present: Value; before?: string | undefined },
  ) {
    if (value !== null) return before !== undefined || present === null;
    return before === hashOf(scope, column, present) || isOurs?.(column, present) === true;
  }
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
