// What the emulator knows about tables: columns, lookups, collections, keys. Read from tables/*.json or made by metadata calls.

/** Attribute types of Dataverse. Microsoft Learn: "AttributeTypeCode". */
export type ColumnType =
  | 'BigInt'
  | 'Boolean'
  | 'Customer'
  | 'DateTime'
  | 'Decimal'
  | 'Double'
  | 'EntityName'
  | 'Integer'
  | 'Lookup'
  | 'Memo'
  | 'Money'
  | 'Owner'
  | 'PartyList'
  | 'Picklist'
  | 'State'
  | 'Status'
  | 'String'
  | 'Uniqueidentifier';

/** Labels by language code (1033, 1036). */
export type Labels = ReadonlyMap<number, string>;

export interface Option {
  readonly value: number;
  readonly labels: Labels;
  /** Status options: the state they belong to. */
  readonly state?: number | undefined;
  /** State options: the status given when none is sent. */
  readonly defaultStatus?: number | undefined;
  readonly invariantName?: string | undefined;
}

export interface Column {
  readonly metadataId: string;
  readonly name: string;
  readonly schemaName: string;
  readonly type: ColumnType;
  readonly labels: Labels;
  readonly descriptions: Labels;
  readonly custom: boolean;
  readonly required: 'None' | 'Recommended' | 'ApplicationRequired' | 'SystemRequired';
  readonly create: boolean;
  readonly update: boolean;
  readonly read: boolean;
  readonly maxLength?: number | undefined;
  readonly format?: string | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly precision?: number | undefined;
  readonly dateTimeBehavior?: 'UserLocal' | 'DateOnly' | 'TimeZoneIndependent' | undefined;
  readonly options?: ReadonlyMap<number, Option> | undefined;
  readonly default?: string | number | boolean | undefined;
  /** Lookups: logical names of the tables they may point to. */
  readonly targets?: readonly string[] | undefined;
  /** Column-level security as the definition says it, and as it is since the last publication. */
  readonly isSecured?: boolean | undefined;
  readonly inForce?: boolean | undefined;
}

export type CascadeType = 'NoCascade' | 'Cascade' | 'Active' | 'UserOwned' | 'RemoveLink' | 'Restrict';

export interface Cascade {
  readonly Assign: CascadeType;
  readonly Delete: CascadeType;
  readonly Merge: CascadeType;
  readonly Reparent: CascadeType;
  readonly Share: CascadeType;
  readonly Unshare: CascadeType;
}

/** A one-to-many relationship, kept with the table that holds the lookup. */
export interface Relationship {
  readonly metadataId: string;
  readonly schemaName: string;
  readonly custom: boolean;
  readonly referencingTable: string;
  readonly column: string;
  /** Single-valued navigation property of the referencing table; case sensitive. */
  readonly navigationProperty: string;
  readonly target: string;
  readonly targetAttribute: string;
  /** Collection-valued navigation property of the referenced table. */
  readonly collectionProperty: string;
  cascade: Cascade;
}

/** A many-to-many relationship; its pairs are rows of the intersect table. */
export interface ManyToMany {
  readonly schemaName: string;
  readonly navigationProperty: string;
  readonly intersectTable: string;
  readonly ownColumn: string;
  readonly otherColumn: string;
  readonly otherTable: string;
}

export interface AlternateKey {
  readonly metadataId: string;
  readonly schemaName: string;
  readonly columns: readonly string[];
  readonly labels: Labels;
  readonly status: 'Active' | 'Failed';
}

export interface Table {
  readonly metadataId: string;
  readonly logicalName: string;
  readonly schemaName: string;
  readonly entitySetName: string;
  readonly primaryId: string;
  readonly primaryName: string;
  readonly isActivity: boolean;
  readonly ownership: 'UserOwned' | 'OrganizationOwned' | 'BusinessOwned' | 'None';
  readonly custom: boolean;
  labels: Labels;
  collectionLabels: Labels;
  descriptions: Labels;
  readonly columns: Map<string, Column>;
  readonly relationships: Relationship[];
  readonly manyToMany: ManyToMany[];
  readonly keys: Map<string, AlternateKey>;
}

/** Name of the table's type in payloads and error messages. */
export function typeName(table: Table): string {
  return `Microsoft.Dynamics.CRM.${table.logicalName}`;
}

export function isLookup(column: Column): boolean {
  return column.type === 'Lookup' || column.type === 'Owner' || column.type === 'Customer';
}
