// What a payload asks to write: column values, activity parties, rows inside it.

import type { Relationship, Table } from '../schema/model.ts';
import type { Value } from '../store/row.ts';

export interface Changes {
  readonly values: Readonly<Record<string, Value>>;
  /** The activity parties of the payload; undefined when it names none. */
  readonly parties?: readonly PartyInput[] | undefined;
  /** Rows to create with this one. */
  readonly related?: readonly Related[] | undefined;
}

export interface PartyInput {
  readonly mask: number;
  readonly values: Readonly<Record<string, Value>>;
}

/** A row inside a payload, and the lookup that ties it. */
export interface Related {
  readonly relationship: Relationship;
  /** The lookup is on the row outside (`one`), or on this one. */
  readonly end: 'one' | 'many';
  readonly table: Table;
  readonly changes: Changes;
}
