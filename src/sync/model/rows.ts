// Rows of Dynamics as the core sees them: what was read before a decision.

import type { UsagerId } from '../../rdv-solidarites/models.ts';
import type { LinkState } from '../../schema/schema.ts';
import type { Applied } from './applied.ts';
import type { Guid, LinkName } from './link-names.ts';
import type { Series } from './series.ts';
import type { Columns } from './values.ts';
import type { Version } from './version.ts';

/** What a row must still be when it is written: `W/"123"`, from the row's version number. */
export type Etag = string & { readonly __brand: 'Etag' };

export interface ContactRow {
  readonly id: Guid;
  readonly etag: Etag;
  readonly active: boolean;
  /** The contact that took its place in a merge. */
  readonly masterId: Guid | null;
  readonly columns: Columns;
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

export interface AppointmentRow {
  readonly id: Guid;
  readonly etag: Etag;
  readonly statecode: number;
  readonly statuscode: number;
  readonly columns: Columns;
  readonly parties: readonly Party[];
}

/** The tables that plans write, each with its row. */
export interface TableRows {
  readonly rdvs_link: LinkRow;
  readonly contact: ContactRow;
  readonly appointment: AppointmentRow;
}

export type WrittenTable = keyof TableRows;

/** Everything that was read for one notification: `null` for a row that does not exist, no entry for one not asked for. */
export interface Known {
  readonly links: ReadonlyMap<LinkName, LinkRow | null>;
  readonly contacts: ReadonlyMap<Guid, ContactRow | null>;
  readonly appointments: ReadonlyMap<Guid, AppointmentRow | null>;
  /** Absence or plage → the appointments that are its occurrences. */
  readonly occurrences: ReadonlyMap<LinkName, readonly AppointmentRow[]>;
  /** Usager → the links of its memberships. */
  readonly memberships: ReadonlyMap<UsagerId, readonly LinkRow[]>;
  /** Usager → the links that lead to the same contact as its own. */
  readonly companions: ReadonlyMap<UsagerId, readonly LinkRow[]>;
  /** E-mail in lower case → the one enabled user who has it, or null. */
  readonly agents: ReadonlyMap<string, Guid | null>;
}

/** What to read. */
export interface ReadRequest {
  readonly links: readonly LinkName[];
  readonly contacts: readonly Guid[];
  readonly appointments: readonly Guid[];
  /** Absences and plages whose occurrences are asked for. */
  readonly occurrences: readonly LinkName[];
  /** Usagers whose memberships are asked for. */
  readonly memberships: readonly UsagerId[];
  /** Usagers for which the links to the same contact are to be read. */
  readonly companions: readonly UsagerId[];
  readonly agents: readonly string[];
}

export const NOTHING_KNOWN: Known = {
  links: new Map(),
  contacts: new Map(),
  appointments: new Map(),
  occurrences: new Map(),
  memberships: new Map(),
  companions: new Map(),
  agents: new Map(),
};

export const NOTHING_TO_READ: ReadRequest = {
  links: [],
  contacts: [],
  appointments: [],
  occurrences: [],
  memberships: [],
  companions: [],
  agents: [],
};

/** What is known after another read. */
export function addKnown(before: Known, read: Known): Known {
  return {
    links: new Map([...before.links, ...read.links]),
    contacts: new Map([...before.contacts, ...read.contacts]),
    appointments: new Map([...before.appointments, ...read.appointments]),
    occurrences: new Map([...before.occurrences, ...read.occurrences]),
    memberships: new Map([...before.memberships, ...read.memberships]),
    companions: new Map([...before.companions, ...read.companions]),
    agents: new Map([...before.agents, ...read.agents]),
  };
}
