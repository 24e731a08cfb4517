// The registry of tables: what the connector knows of each one whose rows it reads, writes or only names.

import { schema } from './schema.ts';

/** Tables that we create, or to which we add columns. */
export type OurTable = keyof typeof schema.tables;

/** Tables of Microsoft's that our rows point to, or that the watch uses. */
type PointedTo =
  | 'account'
  | 'appnotification'
  | 'entitlement'
  | 'equipment'
  | 'knowledgearticle'
  | 'lead'
  | 'queue'
  | 'role'
  | 'systemuser'
  | 'team';

export type TableName = OurTable | PointedTo;

/** A column that points to another row. */
export interface Lookup {
  /** Table pointed to → the navigation property that stands before `@odata.bind`. */
  readonly bind: Readonly<Partial<Record<TableName, string>>>;
  /** People may point it to rows of other tables too. */
  readonly others?: true;
}

interface KnownTable {
  readonly entitySet: string;
  /** What privileges call it: activities share theirs, users are called User (Microsoft Learn, "Privileges by entity"). */
  readonly securedAs: string;
}

interface OurKnownTable extends KnownTable {
  readonly primaryKey: string;
  /** The lookups that the connector reads or writes. */
  readonly lookups: Readonly<Record<string, Lookup>>;
  /** Where its rows stand in a change set: see `inOrder`. A table without a place is written by no plan. */
  readonly place?: { readonly created: number; readonly changed: number };
}

const OWNER: Lookup = { bind: { systemuser: 'ownerid', team: 'ownerid' } };

export const tables = {
  rdvs_link: {
    ...wireNames('rdvs_link'),
    securedAs: 'rdvs_link',
    lookups: ownLookups('rdvs_link'),
    place: { created: 1, changed: 1 },
  },
  contact: {
    ...wireNames('contact'),
    securedAs: 'Contact',
    lookups: { ...ownLookups('contact'), masterid: { bind: { contact: 'masterid' } }, ownerid: OWNER },
    // New contacts come first: links and proches point to them.
    place: { created: 0, changed: 2 },
  },
  appointment: {
    ...wireNames('appointment'),
    securedAs: 'Activity',
    lookups: {
      ...ownLookups('appointment'),
      ownerid: OWNER,
      regardingobjectid: { bind: { contact: 'regardingobjectid_contact_appointment' }, others: true },
    },
    place: { created: 4, changed: 4 },
  },
  rdvs_participation: {
    ...wireNames('rdvs_participation'),
    securedAs: 'rdvs_participation',
    lookups: { ...ownLookups('rdvs_participation'), ownerid: OWNER },
    // New ones point to their appointment. The others come before it: another owner of it changes their versions.
    place: { created: 5, changed: 3 },
  },
  rdvs_referent: {
    ...wireNames('rdvs_referent'),
    securedAs: 'rdvs_referent',
    lookups: { ...ownLookups('rdvs_referent'), ownerid: OWNER },
    // After the contact, which they point to.
    place: { created: 6, changed: 6 },
  },
  // Written by the watch, never in a change set of notifications.
  rdvs_incident: {
    ...wireNames('rdvs_incident'),
    securedAs: 'rdvs_incident',
    lookups: {},
  },
  rdvs_run: { ...wireNames('rdvs_run'), securedAs: 'rdvs_run', lookups: {} },
  // Written by the search for duplicates, never in a change set of notifications.
  rdvs_duplicate: {
    ...wireNames('rdvs_duplicate'),
    securedAs: 'rdvs_duplicate',
    lookups: ownLookups('rdvs_duplicate'),
  },
  rdvs_motif: {
    ...wireNames('rdvs_motif'),
    securedAs: 'rdvs_motif',
    lookups: ownLookups('rdvs_motif'),
    // Before the appointments that point to it; RDV of one motif take it in one order.
    place: { created: 2, changed: 2 },
  },
  account: { entitySet: 'accounts', securedAs: 'Account' },
  appnotification: { entitySet: 'appnotifications', securedAs: 'appnotification' },
  entitlement: { entitySet: 'entitlements', securedAs: 'Entitlement' },
  equipment: { entitySet: 'equipments', securedAs: 'Equipment' },
  knowledgearticle: { entitySet: 'knowledgearticles', securedAs: 'KnowledgeArticle' },
  lead: { entitySet: 'leads', securedAs: 'Lead' },
  queue: { entitySet: 'queues', securedAs: 'Queue' },
  role: { entitySet: 'roles', securedAs: 'Role' },
  systemuser: { entitySet: 'systemusers', securedAs: 'User' },
  team: { entitySet: 'teams', securedAs: 'Team' },
} as const satisfies Record<OurTable, OurKnownTable> & Record<PointedTo, KnownTable>;

/** Tables that plans write. */
export type WrittenTable = {
  [T in OurTable]: (typeof tables)[T] extends { readonly place: object } ? T : never;
}[OurTable];

/** Their names. */
export const writtenTables = Object.keys(tables).filter(isWritten);

function isWritten(table: string): table is WrittenTable {
  return isKnown(table) && 'place' in tables[table];
}

/** The entity set of a table; `undefined` for one that the connector does not know. */
export function entitySetOf(table: string): string | undefined {
  return isKnown(table) ? tables[table].entitySet : undefined;
}

/** A lookup of a table by its column; `undefined` for a column that is none. */
export function lookupOf(table: OurTable, column: string): Lookup | undefined {
  const lookups: Readonly<Record<string, Lookup>> = tables[table].lookups;
  return lookups[column];
}

function isKnown(table: string): table is TableName {
  return Object.hasOwn(tables, table);
}

function wireNames(table: OurTable): Pick<OurKnownTable, 'entitySet' | 'primaryKey'> {
  const { entitySet, primaryKey } = schema.tables[table];
  return { entitySet, primaryKey };
}

function ownLookups(table: OurTable): Readonly<Record<string, Lookup>> {
  return Object.fromEntries(
    Object.entries(schema.tables[table].columns).flatMap(([name, column]): [string, Lookup][] =>
      column.type === 'lookup' ? [[name, { bind: { [column.target]: column.navigationProperty } }]] : [],
    ),
  );
}
