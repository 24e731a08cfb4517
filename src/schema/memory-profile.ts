// The column security profile for the columns in which links remember people. Somebody could guess birth dates from the
// short hashes, so only the connector and administrators may read them.
// Source: Microsoft Learn, "Column-level security with code"; "Field security tables".

import { schema } from './schema.ts';
import type { Schema } from './shape.ts';

const { tables }: Schema = schema;

/** Logs name the profile when it is missing. The name is French only, like those of the roles. */
export const memoryProfile = {
  /** The same in every environment, as when the solution is exported and imported. */
  id: 'c5a1e7d4-0b3f-4c62-9d18-6e2f7a9b4c30',
  name: 'Mémoire du connecteur RDV-Solidarités',
  description: "Ce que le connecteur retient des valeurs qu'il a écrites. Pour son utilisateur d'application seul.",
} as const;

export interface SecuredColumn {
  readonly table: string;
  readonly column: string;
}

/** The columns that our schema wants secured. */
export const securedColumns: readonly SecuredColumn[] = Object.entries(tables).flatMap(([table, { columns }]) =>
  Object.entries(columns).flatMap(([column, shape]) => (shape.secured === true ? [{ table, column }] : [])),
);

/** Where a permission is kept: `rdvs_link.rdvs_applied`. */
export const nameOf = ({ table, column }: SecuredColumn): string => `${table}.${column}`;
