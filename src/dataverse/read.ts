// Request 1: everything that a decision needs, in one batch of queries, so that nothing can be "not found".
import type { DynamicsWebApi, RetrieveMultipleRequest } from 'dynamics-web-api';
import * as z from 'zod';
import type { UsagerId } from '../rdv-solidarites/models.ts';
import { type Guid, type LinkName, linkId, membershipPrefix, usagerLink } from '../sync/model/link-names.ts';
import type { AppointmentRow, ContactRow, Known, LinkRow, ReadRequest } from '../sync/model/rows.ts';
import { inBatch } from './batch.ts';
import type { Calls } from './calls.ts';
import { FRESH } from './connection.ts';
import { DataverseError, UNREADABLE } from './failure.ts';
import {
  APPOINTMENT_SELECT,
  COMPANIONS,
  CONTACT_SELECT,
  LINK_SELECT,
  LOOKUP_TABLE,
  PARTY_SELECT,
  readAppointment,
  readCompanions,
  readContact,
  readLink,
} from './row-readers.ts';

/** Ids in one `In` filter: keeps a query's address far below the 32,768 characters of a batch part. */
const CHUNK = 100;
/** The same in a query that goes alone: dynamics-web-api makes a batch of an address longer than 2,000 characters. */
const CHUNK_ALONE = 5;

const WITH_PARTIES = [{ property: 'appointment_activity_parties', select: PARTY_SELECT }];

interface Query {
  readonly request: RetrieveMultipleRequest;
  readonly take: (rows: readonly unknown[]) => void;
}

/**
 * Reads the rows of a request. Rows that do not exist are entered as `null`.
 *
 * One batch; when its answer cannot be read because of a text in one of the rows, each query again in a request of its
 * own, whose answer is not cut at that text.
 *
 * @throws DataverseError
 */
export async function readRows(calls: Calls, request: ReadRequest): Promise<Known> {
  try {
    return await readTogether(calls, request);
  } catch (error) {
    if (!(error instanceof DataverseError) || error.failure !== UNREADABLE) throw error;
    return readApart(calls, request);
  }
}

async function readTogether(calls: Calls, request: ReadRequest): Promise<Known> {
  const { known, queries } = queriesFor(request, CHUNK);
  if (queries.length === 0) return known;
  const ask = (api: DynamicsWebApi) => queries.map((query) => api.retrieveMultiple(query.request));
  const answers = await inBatch(calls, ask);
  queries.forEach((query, at) => {
    query.take(answer.parse(answers[at]).value);
  });
  return known;
}

async function readApart(calls: Calls, request: ReadRequest): Promise<Known> {
  const { known, queries } = queriesFor(request, CHUNK_ALONE);
  for (const query of queries) query.take(answer.parse(await readAlone(calls, query)).value);
  return known;
}

async function readAlone(calls: Calls, { request }: Query): Promise<unknown> {
  try {
    return await calls.run((api) => api.retrieveMultiple(request));
  } catch (error) {
    if (error instanceof DataverseError && error.failure.own) throw new DataverseError(UNREADABLE);
    throw error;
  }
}

/** The queries of a request, and what they fill in when they are answered. */
function queriesFor(request: ReadRequest, chunk: number): { known: Known; queries: readonly Query[] } {
  const links = new Map<LinkName, LinkRow | null>(request.links.map((name) => [name, null]));
  const contacts = new Map<Guid, ContactRow | null>(request.contacts.map((id) => [id, null]));
  const appointments = new Map<Guid, AppointmentRow | null>(request.appointments.map((id) => [id, null]));
  const occurrences = new Map<LinkName, readonly AppointmentRow[]>();
  const agents = new Map<string, Guid | null>(request.agents.map((email) => [email, null]));
  const memberships = new Map<UsagerId, readonly LinkRow[]>();
  const companions = new Map<UsagerId, readonly LinkRow[]>();
  const byId = new Map(request.links.map((name) => [linkId(name), name]));

  const queries: Query[] = [
    ...chunks([...byId.keys()], chunk).map((ids) => ({
      request: {
        collection: 'rdvs_links',
        select: LINK_SELECT,
        expand: [{ property: 'rdvs_contact', select: CONTACT_SELECT }],
        filter: isIn('rdvs_linkid', ids),
      },
      take: (rows: readonly unknown[]) => {
        for (const { link, contact } of rows.map(readLink)) {
          links.set(link.name, link);
          if (link.contactId !== null) contacts.set(link.contactId, contact);
        }
      },
    })),
    ...chunks(request.contacts, chunk).map((ids) => ({
      request: { collection: 'contacts', select: CONTACT_SELECT, filter: isIn('contactid', ids) },
      take: (rows: readonly unknown[]) => {
        for (const contact of rows.map(readContact)) contacts.set(contact.id, contact);
      },
    })),
    ...chunks(request.appointments, chunk).map((ids) => ({
      request: {
        collection: 'appointments',
        select: APPOINTMENT_SELECT,
        expand: WITH_PARTIES,
        filter: isIn('activityid', ids),
        includeAnnotations: LOOKUP_TABLE,
      },
      take: (rows: readonly unknown[]) => {
        for (const appointment of rows.map(readAppointment)) appointments.set(appointment.id, appointment);
      },
    })),
    ...request.occurrences.map((name) => ({
      request: {
        collection: 'appointments',
        select: APPOINTMENT_SELECT,
        expand: WITH_PARTIES,
        includeAnnotations: LOOKUP_TABLE,
        filter: `rdvs_calendarentry eq ${quoted(name)}`,
      },
      take: (rows: readonly unknown[]) => void occurrences.set(name, rows.map(readAppointment)),
    })),
    ...request.memberships.map((usager) => ({
      request: {
        collection: 'rdvs_links',
        select: LINK_SELECT,
        filter: `startswith(rdvs_name,'${membershipPrefix(usager)}')`,
      },
      take: (rows: readonly unknown[]) =>
        void memberships.set(
          usager,
          rows.map((row) => readLink(row).link),
        ),
    })),
    ...request.companions.map((usager) => ({
      request: {
        collection: 'contacts',
        select: ['contactid'],
        expand: [{ property: COMPANIONS, select: LINK_SELECT }],
        filter: `${COMPANIONS}/any(link:link/rdvs_linkid eq ${linkId(usagerLink(usager))})`,
      },
      take: (rows: readonly unknown[]) => void companions.set(usager, rows.flatMap(readCompanions)),
    })),
    ...chunks(request.agents, chunk).map((emails) => ({
      request: {
        collection: 'systemusers',
        select: ['systemuserid', 'internalemailaddress'],
        filter: enabledUsersWith(emails),
      },
      take: (rows: readonly unknown[]) => enterAgents(agents, rows),
    })),
  ];

  return {
    known: { links, contacts, appointments, occurrences, memberships, companions, agents },
    queries: queries.map(({ request, take }) => ({ request: { ...request, headers: FRESH }, take })),
  };
}

const answer = z.object({ value: z.array(z.unknown()) });
const user = z.object({ systemuserid: z.string(), internalemailaddress: z.string() });

/** An agent is known only when exactly one enabled user has the e-mail. */
function enterAgents(agents: Map<string, Guid | null>, rows: readonly unknown[]): void {
  const users = rows.map((row) => user.parse(row));
  for (const [email, [only, ...others]] of Map.groupBy(users, (row) => row.internalemailaddress.trim().toLowerCase())) {
    if (only !== undefined && others.length === 0) agents.set(email, only.systemuserid.toLowerCase() as Guid);
  }
}

function isIn(property: string, ids: readonly string[]): string {
  const values = ids.map((id) => `'${id}'`).join(',');
  return `Microsoft.Dynamics.CRM.In(PropertyName='${property}',PropertyValues=[${values}])`;
}

/** The filter for the enabled users who have one of these e-mails. */
export function enabledUsersWith(emails: readonly string[]): string {
  return `isdisabled eq false and (${emails.map((email) => `internalemailaddress eq ${quoted(email)}`).join(' or ')})`;
}

/** A text in a filter: apostrophes are doubled (OData 4.01, URL conventions). */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
