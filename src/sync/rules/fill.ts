// What the sender says for each column of a table: the connector's lines and the département's, by the same rules.
import { isOurName } from '../../schema/our-names.ts';
import type { MappedTable, TableMapping } from '../model/mapping.ts';
import type { Value } from '../model/values.ts';
import { cutTo, toColumn } from './fit.ts';
import { ownValue } from './own-values.ts';
import type { WantedColumns } from './reconcile.ts';

export interface Filled {
  readonly wanted: WantedColumns;
  /** Columns whose text was cut, as `appointment.subject`. */
  readonly cut: readonly string[];
  /** Columns that cannot hold what the sender says. */
  readonly unfit: readonly string[];
}

export interface FillFrom {
  readonly mapping: TableMapping;
  /** The values of the connector's own lines. */
  readonly ours: WantedColumns;
  /** The sender's field at a path. */
  readonly said: (from: string) => unknown;
}

/** Fits each value to its column. A line that was taken away wants nothing. */
export function fill(table: MappedTable, { mapping, ours, said }: FillFrom): Filled {
  const wanted: Record<string, Value | undefined> = {};
  const cut: string[] = [];
  const unfit: string[] = [];
  const enter = (column: string, fitted: ReturnType<typeof cutTo>) => {
    if (fitted.cut) cut.push(`${table}.${column}`);
    wanted[column] = fitted.value;
  };
  for (const [column, value] of Object.entries(ours)) {
    if (!mapping.without.has(column)) enter(column, toColumn(table, column, value));
  }
  for (const [column, line] of Object.entries(mapping.own)) {
    const own = ownValue(line, said(line.from));
    if (own.unfit) unfit.push(`${table}.${column}`);
    enter(column, cutTo('maxLength' in line ? line.maxLength : undefined, own.value));
  }
  return { wanted, cut, unfit };
}

/** The département's columns that a link remembers, whatever the mapping says today. */
export function ownColumns(table: MappedTable, remembered: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(remembered).filter((column) => !isOurName(table, column));
}
