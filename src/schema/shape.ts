// The vocabulary in which `schema.ts` describes our tables and columns.

/** A text in French, and in English for environments whose base language is another one. */
export interface Text {
  fr: string;
  en: string;
}

interface ColumnBase {
  /** As in `new_BankName`; ours are lower-case, so that schema, logical and navigation names are the same. */
  schemaName: string;
  label: Text;
  description: Text;
  /** False for columns that only the connector reads: their changes would drown the audit log. */
  audit: boolean;
  /** True for a memo that only members of our column security profile may read or write. */
  secured?: true;
}

export interface StringColumn extends ColumnBase {
  type: 'string';
  maxLength: number;
  format: 'Text' | 'Url';
}

export interface MemoColumn extends ColumnBase {
  type: 'memo';
  maxLength: number;
}

export interface ChoiceColumn extends ColumnBase {
  type: 'choice';
  /** Our name for the option → the number that Dataverse stores. Numbers never change once released. */
  options: Readonly<Record<string, { value: number; label: Text }>>;
}

/** A number without decimals; never below zero where no minimum is said. */
export interface WholeColumn extends ColumnBase {
  type: 'whole';
  minimum?: number;
  maximum?: number;
}

export interface BooleanColumn extends ColumnBase {
  type: 'boolean';
  whenTrue: Text;
  whenFalse: Text;
}

/** An instant, stored in UTC and shown in the reader's time zone (`DateTimeBehavior` UserLocal). */
export interface DateTimeColumn extends ColumnBase {
  type: 'datetime';
}

type CascadeAction = 'Cascade' | 'NoCascade' | 'RemoveLink' | 'Restrict' | 'UserOwned';

/**
 * What an action on a row does to the rows whose lookup points to it.
 * Source: Microsoft Learn, "Configure table relationship cascading behavior".
 */
export interface Cascade {
  assign: CascadeAction;
  delete: CascadeAction;
  merge: CascadeAction;
  reparent: CascadeAction;
  share: CascadeAction;
  unshare: CascadeAction;
}

export interface LookupColumn extends ColumnBase {
  type: 'lookup';
  target: string;
  targetKey: string;
  relationship: string;
  /** Name before `@odata.bind`, and in `$expand`. */
  navigationProperty: string;
  /** The collection on the target's side, and its heading among the target's related rows. */
  referencedNavigationProperty: string;
  relatedLabel: Text;
  cascade: Cascade;
  /** Used where Dataverse refuses `cascade`, because the target may not be a parent there. */
  unlessParental?: Cascade;
}

export type Column =
  | StringColumn
  | MemoColumn
  | ChoiceColumn
  | BooleanColumn
  | WholeColumn
  | DateTimeColumn
  | LookupColumn;

interface TableBase {
  entitySet: string;
  primaryKey: string;
  columns: Readonly<Record<string, Column>>;
}

/** A table of Microsoft's to which we add columns. */
export interface ExtendedTable extends TableBase {
  kind: 'extended';
}

/** A table that we create. */
export interface OwnTable extends TableBase {
  kind: 'own';
  schemaName: string;
  primaryName: string;
  ownership: 'OrganizationOwned' | 'UserOwned';
  label: Text;
  pluralLabel: Text;
  description: Text;
  audit: boolean;
}

export interface Schema {
  publisher: { uniqueName: string; prefix: string; optionValuePrefix: number; label: Text };
  solution: { uniqueName: string; version: string; label: Text; description: Text };
  tables: Readonly<Record<string, OwnTable | ExtendedTable>>;
}
