// Rows of Dynamics as the core sees them: what was read before a decision.

import type { UsagerId } from '../../rdv-solidarites/models.ts';
import type { LinkState } from '../../schema/schema.ts';
import { type WrittenTable, writtenTables } from '../../schema/tables.ts';
import type { Applied } from './applied.ts';
import type { Guid, LinkName } from './link-names.ts';
import type { Series } from './series.ts';
import type { Sought } from './sought.ts';
import type { Columns } from './values.ts';
import type { Version } from './version.ts';

/** What a row must still be when it is written: `W/"123"`, from the row's version number. */
export type Etag = string & { readonly __brand: 'Etag' };

/** A row of a table that has an id of its own. */
export interface Row {
  readonly id: Guid;
  readonly etag: Etag;
  readonly columns: Columns;
}

export interface ContactRow extends Row {
  readonly active: boolean;
  /** The contact that took its place in a merge. */
  readonly masterId: Guid | null;
}

/** A contact that may be a usager's. */
export interface LikelyContact {
  readonly contact: ContactRow;
  /** The usagers who have it. */
  readonly tiedTo: readonly LinkName[];
}

export interface LinkRow {
  readonly name: LinkName;
  readonly etag: Etag;
  readonly version: Version | null;
  readonly state: LinkState;
  readonly contactId: Guid | null;
  readonly removedOn: string | null;
  readonly applied: Applied;
  /** Of an absence or a plage: what its occurrences are made of. */
  readonly series: Series | null;
}

/** Roles of an activity party (Microsoft Learn, "ActivityParty table"). */
export const PARTY_ROLES = { required: 5, optional: 6, organizer: 7, regarding: 8, owner: 9 } as const;

/** An attendee or organizer of an appointment. `target` is null for someone known by an address alone. */
export interface Party {
  readonly role: number;
  readonly target: { readonly table: string; readonly id: Guid } | null;
  readonly address?: string;
  /** Of a contact or user that was deleted: the party stays behind with the e-mail that it had. */
  readonly deleted?: true;
}

export interface AppointmentRow extends Row {
  readonly statecode: number;
  readonly statuscode: number;
  readonly parties: readonly Party[];
  /** Empty for one that is no RDV, and where the setting PARTICIPATIONS leaves them alone. */
  readonly participations: readonly Row[];
}

/** Tables whose rows hold more than their columns. */
interface OwnRows {
  readonly rdvs_link: LinkRow;
  readonly contact: ContactRow;
  readonly appointment: AppointmentRow;
}

/** The tables that plans write, each with its row. */
export type TableRows = Omit<Readonly<Record<WrittenTable, Row>>, keyof OwnRows> & OwnRows;

/** Tables whose rows are asked for by their ids. Links are asked for by their names. */
export type TableById = Exclude<WrittenTable, 'rdvs_link'>;

/** `null` for a row that does not exist, no entry for one not asked for. */
export type RowsById = { readonly [T in TableById]: ReadonlyMap<Guid, TableRows[T] | null> };

/** Everything that was read for one notification. */
export interface Known extends RowsById {
  readonly links: ReadonlyMap<LinkName, LinkRow | null>;
  /** Absence or plage → the appointments that are its occurrences. */
  readonly occurrences: ReadonlyMap<LinkName, readonly AppointmentRow[]>;
  /** Usager → the links of its memberships. */
  readonly memberships: ReadonlyMap<UsagerId, readonly LinkRow[]>;
  /** Usager → the links that lead to the same contact as its own. */
  readonly companions: ReadonlyMap<UsagerId, readonly LinkRow[]>;
  /** A person → the active contacts of the same birth date, and those of the same names. Empty when there are too many. */
  readonly candidates: ReadonlyMap<Sought, readonly LikelyContact[]>;
  /** E-mail in lower case → the one enabled user who has it, or null. */
  readonly agents: ReadonlyMap<string, Guid | null>;
}

type KeysOf<M> = M extends ReadonlyMap<infer K, unknown> ? readonly K[] : never;

/** What to read: for each kind of thing that can be known, those that are asked for. */
export type ReadRequest = { readonly [K in keyof Known]: KeysOf<Known[K]> };

const TABLES_BY_ID = writtenTables.filter((table) => table !== 'rdvs_link');

/** A value for every table whose rows are asked for by their ids. */
export function everyTable<V>(make: (table: TableById) => V): Readonly<Record<TableById, V>> {
  return Object.fromEntries(TABLES_BY_ID.map((table) => [table, make(table)])) as Record<TableById, V>;
}

/** Rows while they are gathered. */
export type GatheredRows = { readonly [T in TableById]: Map<Guid, TableRows[T] | null> };

/** Rows of every table that is asked for by ids. */
export function everyRow(
  entries: <T extends TableById>(table: T) => Iterable<readonly [Guid, TableRows[T] | null]>,
): GatheredRows {
  return everyTable((table) => new Map<Guid, unknown>(entries(table))) as unknown as GatheredRows;
}

export const NOTHING_KNOWN: Known = {
  ...everyRow(() => []),
  links: new Map(),
  occurrences: new Map(),
  memberships: new Map(),
  companions: new Map(),
  candidates: new Map(),
  agents: new Map(),
};

export const NOTHING_TO_READ: ReadRequest = {
  ...everyTable(() => []),
  links: [],
  occurrences: [],
  memberships: [],
  companions: [],
  candidates: [],
  agents: [],
};

/** What is known after another read. */
export function addKnown(before: Known, read: Known): Known {
  const rows: RowsById = before;
  const others: RowsById = read;
  return {
    ...everyRow((table) => [...rows[table], ...others[table]]),
    links: new Map([...before.links, ...read.links]),
    occurrences: new Map([...before.occurrences, ...read.occurrences]),
    memberships: new Map([...before.memberships, ...read.memberships]),
    companions: new Map([...before.companions, ...read.companions]),
    candidates: new Map([...before.candidates, ...read.candidates]),
    agents: new Map([...before.agents, ...read.agents]),
  };
}
