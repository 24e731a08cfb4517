// What an OData expression sees of an item, be it a row or a definition: typed properties and navigation.

/** Null is a missing value, as in SQL. Dates are ISO text, so that their order is the order of the text. */
export type Scalar = string | number | boolean | null;

export type Kind = 'text' | 'number' | 'boolean' | 'guid' | 'date' | 'instant';

export interface Property<T> {
  readonly kind: Kind;
  readonly read: (item: T) => Scalar;
  /** Name under which an index holds this property: the primary key or a lookup. */
  readonly seek?: string | undefined;
}

export interface Navigation<T> {
  readonly many: boolean;
  readonly shape: Shape<T>;
  readonly follow: (item: T) => readonly T[];
}

export interface Shape<T> {
  readonly typeName: string;
  property(name: string): Property<T> | undefined;
  navigation(name: string): Navigation<T> | undefined;
}

const PLAIN = /^[ -~]*$/;

/**
 * Text as the database compares it: Dataverse's default collations ignore case and accents (Microsoft Learn, "Filter
 * rows": all filters using string values are case insensitive; accents by the `_CI_AI` collation), and trailing spaces.
 */
export function fold(text: string): string {
  // A filter without an index comes by here for every row.
  if (PLAIN.test(text)) return text.toLowerCase().trimEnd();
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().trimEnd();
}

/** Order of two scalars of one kind; nulls first, as in SQL Server. */
export function compare(left: Scalar, right: Scalar): number {
  if (left === right) return 0;
  if (left === null) return -1;
  if (right === null) return 1;
  if (typeof left === 'string' && typeof right === 'string') {
    const [a, b] = [fold(left), fold(right)];
    return a < b ? -1 : a > b ? 1 : 0;
  }
  return left < right ? -1 : 1;
}
