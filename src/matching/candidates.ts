// Reads what Dataverse knows of usagers before they are tied: their links, and contacts that may be the same people.
import type { RetrieveMultipleRequest } from 'dynamics-web-api';
import * as z from 'zod';
import type { Calls } from '../dataverse/calls.ts';
import { FRESH } from '../dataverse/connection.ts';
import { FILTER_VALUES, isIn } from '../dataverse/filters.ts';
import { readRows } from '../dataverse/read.ts';
import { COMPANIONS, readLink } from '../dataverse/row-readers.ts';
import type { Operation } from '../dataverse/shared-batch.ts';
import { selectOf } from '../dataverse/tables.ts';
import type { Usager } from '../rdv-solidarites/models.ts';
import { optionValues } from '../schema/schema.ts';
import { tables } from '../schema/tables.ts';
import { chunks } from '../sync/model/chunks.ts';
import type { Guid } from '../sync/model/link-names.ts';
import type { Known, LinkRow } from '../sync/model/rows.ts';
import { NOTHING_TO_READ } from '../sync/model/rows.ts';
import { usagerLink } from '../sync/people/people-names.ts';
import { type Identity, spellings } from './likeness.ts';

export interface Candidate extends Identity {
  readonly id: Guid;
  readonly email: string | null;
  /** Names of the links that point to this contact. */
  readonly links: readonly string[];
}

/** Rows in one page of an answer. */
const PAGE = 500;

/**
 * Reads the links of usagers, and the active contacts born on one of their birth dates or having one of their names.
 *
 * @throws DataverseError
 */
export async function readSurroundings(
  calls: Calls,
  usagers: readonly Usager[],
): Promise<{ readonly known: Known; readonly contacts: ReadonlyMap<Guid, Candidate> }> {
  const known = await readRows(calls, { ...NOTHING_TO_READ, links: usagers.map(({ id }) => usagerLink(id)) });
  const dates = usagers.flatMap(({ birth_date }) => birth_date ?? []);
  const firstNames = usagers.flatMap(({ first_name }) => spellings(first_name ?? ''));
  const lastNames = usagers.flatMap(({ last_name, birth_name }) =>
    [last_name, birth_name].flatMap((name) => spellings(name ?? '')),
  );
  const filters = [
    ...chunksOf(dates).map((some) => `(${some.map((date) => `birthdate eq ${date}`).join(' or ')})`),
    ...chunksOf(lastNames).flatMap((some) =>
      chunksOf(firstNames).map(
        (first) => `${isIn('firstname', first)} and (${isIn('lastname', some)} or ${isIn('rdvs_birthname', some)})`,
      ),
    ),
  ];
  const pages = await readPages(calls, filters.map(contactsWhere));
  const contacts = pages.flat().map(readCandidate);
  return { known, contacts: new Map(contacts.map((contact) => [contact.id, contact])) };
}

/**
 * Reads the links of usagers who are in RDV-Solidarités and have no contact.
 *
 * @throws DataverseError
 */
export async function readLinksWithoutContact(calls: Calls): Promise<readonly LinkRow[]> {
  const isThere = `(rdvs_state eq ${optionValues.rdvs_link.rdvs_state.live} or rdvs_state eq null)`;
  const filter = `startswith(rdvs_name,'usager-') and _rdvs_contact_value eq null and ${isThere}`;
  const select = selectOf('rdvs_link', calls.mapped);
  const collection = tables.rdvs_link.entitySet;
  const request = { collection, select, filter, orderBy: ['rdvs_name'], maxPageSize: PAGE };
  const [rows = []] = await readPages(calls, [request]);
  return rows.map((row) => readLink(row).link);
}

function contactsWhere(filter: string): RetrieveMultipleRequest {
  return {
    collection: tables.contact.entitySet,
    select: Object.keys(columns),
    expand: [{ property: COMPANIONS, select: ['rdvs_name'] }],
    headers: FRESH,
    filter: `statecode eq 0 and ${filter}`,
    maxPageSize: PAGE,
  };
}

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
const columns = {
  contactid: z.string(),
  firstname: text,
  lastname: text,
  rdvs_birthname: text,
  birthdate: text,
  emailaddress1: text,
};
const contact = z.object({ ...columns, [COMPANIONS]: z.array(z.object({ rdvs_name: z.string() })).default([]) });

function readCandidate(row: unknown): Candidate {
  const { [COMPANIONS]: links, ...read } = contact.parse(row);
  return {
    id: read.contactid.toLowerCase() as Guid,
    firstName: read.firstname,
    lastName: read.lastname,
    birthName: read.rdvs_birthname,
    birthDate: read.birthdate,
    email: read.emailaddress1,
    links: links.map(({ rdvs_name }) => rdvs_name),
  };
}

const page = z.object({ value: z.array(z.unknown()), oDataNextLink: z.string().optional() });

/** All rows of each query. The queries travel in bodies of batches: names and dates stay out of addresses. */
async function readPages(calls: Calls, requests: readonly RetrieveMultipleRequest[]): Promise<readonly unknown[][]> {
  const rows = requests.map((): unknown[] => []);
  let open: readonly { at: number; next?: string | undefined }[] = requests.map((_, at) => ({ at }));
  while (open.length > 0) {
    const ask = open.map(
      ({ at, next }): Operation =>
        (api) =>
          api.retrieveMultiple(requests[at] as RetrieveMultipleRequest, next),
    );
    const answers = await calls.send(ask);
    open = open.flatMap(({ at }, place) => {
      const { value, oDataNextLink: next } = page.parse(answers[place]);
      rows[at]?.push(...value);
      return next === undefined ? [] : [{ at, next }];
    });
  }
  return rows;
}

/** What a filter asks for, each value once, a filter's worth at a time. */
function chunksOf(values: readonly string[]): readonly (readonly string[])[] {
  return chunks(
    [...new Set(values)].filter((value) => value !== ''),
    FILTER_VALUES,
  );
}
