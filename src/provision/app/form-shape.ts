// The vocabulary in which forms, charts and dashboards are described.

import type { Text } from '../../schema/shape.ts';

/** A list of related rows; of all rows in a dashboard. */
export interface Grid {
  readonly grid: string;
  readonly label: Text;
  /** The table of the rows, and the name of one of its views. */
  readonly of: string;
  readonly view: string;
  /** SchemaName of the relationship to the row of the form. */
  readonly relationship?: string;
  /** Name of a chart of the same table, drawn in place of the list. */
  readonly chart?: string;
}

/** Notes and activities. Not for a table without an owner. */
export interface Timeline {
  readonly timeline: string;
  readonly label: Text;
  /** Logical names of the activities to show; notes alone when empty. */
  readonly activities: readonly string[];
}

/** A column by its logical name: written by people, or by the connector alone. */
type Field = string | { readonly readOnly: string };

/** Columns that the connector alone writes. */
export const readOnly = (...names: readonly string[]): readonly Field[] => names.map((name) => ({ readOnly: name }));

export type Cell = Field | Grid | Timeline;

export interface Section {
  readonly name: string;
  readonly label: Text;
  /** Fields side by side. */
  readonly columns: 1 | 2;
  readonly cells: readonly Cell[];
}

export interface Form {
  readonly name: Text;
  readonly description: Text;
  /** Read-only columns above the tabs, four at most. */
  readonly header: readonly string[];
  /** From left to right, with their share of the width in percent. */
  readonly columns: readonly { readonly width: number; readonly sections: readonly Section[] }[];
  /** The rank among the forms of the table: low on a table of ours, high where others have theirs. */
  readonly order: number;
}

/** A column of the rows, or of the row that a lookup of theirs points to. */
export interface Grouping {
  readonly column: string;
  readonly by?: 'month' | 'week';
  readonly of?: { readonly lookup: string; readonly table: string; readonly key: string };
}

export interface Chart {
  readonly name: string;
  readonly title: Text;
  readonly groupBy: Grouping;
  /** The column whose values are stacked. */
  readonly stackedBy?: string;
}
