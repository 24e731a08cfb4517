// What is asked for one decision: a function for each kind of thing that can be wanted.
import type { RetrieveMultipleRequest } from 'dynamics-web-api';
import * as z from 'zod';
import { tables } from '../schema/tables.ts';
import type { MappedColumns } from '../sync/mapped-columns.ts';
import { chunks } from '../sync/model/chunks.ts';
import { type Guid, linkId } from '../sync/model/link-names.ts';
import {
  everyRow,
  everyTable,
  type GatheredRows,
  type Known,
  type ReadRequest,
  type TableById,
} from '../sync/model/rows.ts';
import { membershipPrefix, usagerLink, usagerOf } from '../sync/people/people-names.ts';
import { enabledUsersWith, isIn, quoted } from './filters.ts';
import { likelyContacts } from './likely-contacts.ts';
import { COMPANIONS, readAppointment, readCompanions, readLink } from './row-readers.ts';
import { rowsWhere, rowTables, selectOf } from './tables.ts';

/** What is known, while it is being read. */
export type Gathered = GatheredRows & {
  readonly [K in Exclude<keyof Known, TableById>]: Known[K] extends ReadonlyMap<infer A, infer B> ? Map<A, B> : never;
};

export interface Query {
  readonly request: RetrieveMultipleRequest;
  /** Enters the rows that were found. */
  readonly take: (rows: readonly unknown[], into: Gathered) => void;
}

/** Before the answer: rows that are asked for by name count as absent. */
export function nothingOf({ links, agents, candidates, ...wanted }: ReadRequest): Gathered {
  return {
    ...everyRow((table) => wanted[table].map((id) => [id, null])),
    links: new Map(links.map((name) => [name, null])),
    occurrences: new Map(),
    memberships: new Map(),
    companions: new Map(),
    // Empty too where there are more than can be compared.
    candidates: new Map(candidates.map((sought) => [sought, []])),
    agents: new Map(agents.map((email) => [email, null])),
  };
}

/** How it is asked for. */
export interface Form {
  readonly mapped: MappedColumns;
  /** Values in one filter, at most. */
  readonly values: number;
}

type Ask<K extends keyof ReadRequest> = (wanted: ReadRequest[K], form: Form) => readonly Query[];

export const ASK: { readonly [K in keyof ReadRequest]: Ask<K> } = {
  ...everyTable<Ask<TableById>>((table) => (wanted, form) => rowsById(table, wanted, form)),

  /**
   * Links with their contacts, and the links that lead to the same contacts: before a value is taken from a contact, the
   * other usagers who share it must be known. Expanded within the same query, this costs neither a request nor an operation
   * (Microsoft Learn, "Join tables using OData": a nested one-to-many expansion takes $select and $filter).
   */
  links: (names, { mapped, values }) =>
    chunks(names.map(linkId), values).map((ids) => ({
      request: {
        ...rowsWhere('rdvs_link', isIn(tables.rdvs_link.primaryKey, ids), mapped),
        expand: [
          {
            property: 'rdvs_contact',
            select: selectOf('contact', mapped),
            expand: [{ property: COMPANIONS, select: selectOf('rdvs_link', mapped) }],
          },
        ],
      },
      take: (rows, { links, contact: contacts, companions }) => {
        for (const { link, contact, sharers } of rows.map((row) => readLink(row, mapped.contact))) {
          links.set(link.name, link);
          if (link.contactId !== null) contacts.set(link.contactId, contact);
          const usager = usagerOf(link.name);
          if (usager !== undefined && sharers !== undefined) companions.set(usager, sharers);
        }
      },
    })),

  occurrences: (names, { mapped }) =>
    names.map((name) => ({
      request: rowsWhere('appointment', `rdvs_calendarentry eq ${quoted(name)}`, mapped),
      take: (rows, { occurrences }) => {
        occurrences.set(
          name,
          rows.map((row) => readAppointment(row, mapped)),
        );
      },
    })),

  memberships: (usagers, { mapped }) =>
    usagers.map((usager) => ({
      request: rowsWhere('rdvs_link', `startswith(rdvs_name,${quoted(membershipPrefix(usager))})`, mapped),
      take: (rows, { memberships }) => {
        memberships.set(
          usager,
          rows.map((row) => readLink(row).link),
        );
      },
    })),

  companions: (usagers, { mapped }) =>
    usagers.map((usager) => ({
      request: {
        collection: tables.contact.entitySet,
        select: [tables.contact.primaryKey],
        expand: [{ property: COMPANIONS, select: selectOf('rdvs_link', mapped) }],
        filter: `${COMPANIONS}/any(link:link/rdvs_linkid eq ${linkId(usagerLink(usager))})`,
      },
      take: (rows, { companions }) => {
        companions.set(usager, rows.flatMap(readCompanions));
      },
    })),

  candidates: (wanted, { mapped }) =>
    wanted.map((sought) => {
      const { request, read } = likelyContacts(sought, mapped);
      return { request, take: (rows, { candidates }) => void candidates.set(sought, read(rows)) };
    }),

  agents: (wanted, { values }) =>
    chunks(wanted, values).map((emails) => ({
      request: {
        collection: tables.systemuser.entitySet,
        select: Object.keys(user.shape),
        filter: enabledUsersWith(emails),
      },
      take: (rows, { agents }) => enterAgents(agents, rows),
    })),
};

function rowsById<T extends TableById>(table: T, wanted: readonly Guid[], { mapped, values }: Form): readonly Query[] {
  const { read, idOf } = rowTables[table];
  return chunks(wanted, values).map((ids) => ({
    request: rowsWhere(table, isIn(tables[table].primaryKey, ids), mapped),
    take: (rows, into) => {
      const gathered: GatheredRows = into;
      for (const row of rows.map((row) => read(row, mapped))) gathered[table].set(idOf(row), row);
    },
  }));
}

const user = z.object({ systemuserid: z.string(), internalemailaddress: z.string() });

/** An agent is known only when exactly one enabled user has the e-mail. */
function enterAgents(agents: Gathered['agents'], rows: readonly unknown[]): void {
  const users = rows.map((row) => user.parse(row));
  for (const [email, [only, ...others]] of Map.groupBy(users, (row) => row.internalemailaddress.trim().toLowerCase())) {
    if (only !== undefined && others.length === 0) agents.set(email, only.systemuserid.toLowerCase() as Guid);
  }
}
