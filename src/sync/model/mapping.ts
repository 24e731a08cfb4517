// The département's own columns, as the setting MAPPING names them.

/** A column of the département, and the field of the sender that fills it. */
export type OwnLine = { readonly from: string } & (
  | { readonly type: 'text' | 'memo'; readonly maxLength: number }
  | { readonly type: 'whole'; readonly minimum: number; readonly maximum: number }
  | { readonly type: 'decimal'; readonly minimum: number; readonly maximum: number; readonly precision: number }
  | { readonly type: 'boolean' }
  | { readonly type: 'date' | 'datetime' }
  /** Value of the sender → number of the option in Dynamics. */
  | { readonly type: 'choice'; readonly values: Readonly<Record<string, number>> }
);

export interface TableMapping {
  /** Logical name of a column of the département → what fills it. */
  readonly own: Readonly<Record<string, OwnLine>>;
  /** Columns that the connector would fill, and that the département fills itself. */
  readonly without: ReadonlySet<string>;
}

export type MappedTable = 'contact' | 'appointment';
export type Mapping = Readonly<Record<MappedTable, TableMapping>>;

/** The connector's own mapping alone. */
export const OUR_MAPPING: Mapping = {
  contact: { own: {}, without: new Set() },
  appointment: { own: {}, without: new Set() },
};
