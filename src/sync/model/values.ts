// Values of columns, as the core reads and writes them.
import type { Guid } from './link-names.ts';

/** A row that a lookup points to. */
export interface Reference {
  readonly table: 'contact' | 'systemuser' | 'team';
  readonly id: Guid;
}

/** A column's value. Instants are `2026-01-02T03:04:05Z`, dates `2026-01-02`. */
export type Value = string | number | boolean | null | Reference;
export type Columns = Readonly<Record<string, Value>>;
