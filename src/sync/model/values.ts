// Values of columns, as the core reads and writes them.
import type { Guid } from './link-names.ts';

/** A row that a lookup points to. */
export interface Reference {
  /** Any table: people may point a lookup to rows that the connector does not know. */
  readonly table: string;
  readonly id: Guid;
}

/** A column's value. Instants are `2026-01-02T03:04:05Z`, dates `2026-01-02`. */
export type Value = string | number | boolean | null | Reference;
export type Columns = Readonly<Record<string, Value>>;
