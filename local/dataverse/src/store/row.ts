// Rows and the values of their columns.

/** A lookup value: the row it points to. */
export interface Ref {
  readonly table: string;
  readonly id: string;
}

export type Value = string | number | boolean | null | Ref;
export type Values = Readonly<Record<string, Value | undefined>>;

/** Rows are never changed in place: a write stores a new one, so that the old one can be put back. */
export interface Row {
  readonly table: string;
  readonly id: string;
  readonly version: number;
  readonly values: Values;
}

export function isRef(value: Value | undefined): value is Ref {
  return typeof value === 'object' && value !== null;
}
