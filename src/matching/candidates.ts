// Reads what Dataverse knows of people: its contacts, and the links of usagers. Many thousands, a page at a time.
import type { RetrieveMultipleRequest } from 'dynamics-web-api';
import * as z from 'zod';
import type { Calls } from '../dataverse/calls.ts';
import { readLink } from '../dataverse/row-readers.ts';
import { selectOf } from '../dataverse/tables.ts';
import { optionValues } from '../schema/schema.ts';
import { tables } from '../schema/tables.ts';
import type { Guid, LinkName } from '../sync/model/link-names.ts';
import type { LinkRow } from '../sync/model/rows.ts';
import { Described } from './described.ts';

/** A contact that may be somebody's. */
export type Candidate = Described<Guid>;

/** Where the link of a usager leads, without what the connector remembers of it. */
export interface UsagerTie {
  readonly name: LinkName;
  readonly contact: Guid | null;
  readonly isRemoved: boolean;
}

/** Told after each page. */
export type Progress = (what: 'contacts' | 'links' | 'duplicates', read: number) => void;

/** Rows in one page, at most (Microsoft Learn, "Page results"). */
const PAGE = 5000;

/**
 * Reads all active contacts: ten requests for 50,000.
 *
 * @throws DataverseError
 */
export async function readContacts(calls: Calls, progress?: Progress): Promise<ReadonlyMap<Guid, Candidate>> {
  const found = new Map<Guid, Candidate>();
  const request = {
    collection: tables.contact.entitySet,
    select: Object.keys(contact.shape),
    filter: 'statecode eq 0',
  };
  for await (const rows of readPages(calls, request)) {
    for (const row of rows) enter(found, contact.parse(row));
    progress?.('contacts', found.size);
  }
  return found;
}

/**
 * Reads where the links of all usagers lead.
 *
 * @throws DataverseError
 */
export async function readTies(calls: Calls, progress?: Progress): Promise<ReadonlyMap<LinkName, UsagerTie>> {
  const found = new Map<LinkName, UsagerTie>();
  const request = {
    collection: tables.rdvs_link.entitySet,
    select: Object.keys(tie.shape),
    filter: "startswith(rdvs_name,'usager-')",
  };
  for await (const rows of readPages(calls, request)) {
    for (const row of rows) {
      const { rdvs_name, rdvs_state, _rdvs_contact_value: id } = tie.parse(row);
      const name = rdvs_name as LinkName;
      const isRemoved = rdvs_state === optionValues.rdvs_link.rdvs_state.removed;
      found.set(name, { name, contact: id == null ? null : (id.toLowerCase() as Guid), isRemoved });
    }
    progress?.('links', found.size);
  }
  return found;
}

/**
 * Reads links by name, with all that they remember, of usagers who are in RDV-Solidarités and have no contact.
 *
 * @throws DataverseError
 */
export async function readLinksWithoutContact(calls: Calls): Promise<readonly LinkRow[]> {
  const isThere = `(rdvs_state eq ${optionValues.rdvs_link.rdvs_state.live} or rdvs_state eq null)`;
  const filter = `startswith(rdvs_name,'usager-') and _rdvs_contact_value eq null and ${isThere}`;
  const select = selectOf('rdvs_link', calls.mapped);
  const links: LinkRow[] = [];
  const request = { collection: tables.rdvs_link.entitySet, select, filter };
  for await (const rows of readPages(calls, request)) links.push(...rows.map((row) => readLink(row).link));
  return links.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

const text = z.string().nullish().default(null);
const contact = z.object({
  contactid: z.string(),
  firstname: text,
  lastname: text,
  rdvs_birthname: text,
  birthdate: text,
  emailaddress1: text,
  mobilephone: text,
  telephone1: text,
  address1_line1: text,
  address1_postalcode: text,
});
const tie = z.object({
  rdvs_name: z.string(),
  _rdvs_contact_value: z.string().nullish(),
  rdvs_state: z.number().nullish(),
});

function enter(found: Map<Guid, Candidate>, row: z.infer<typeof contact>): void {
  const id = row.contactid.toLowerCase() as Guid;
  const identity = {
    firstName: row.firstname ?? null,
    lastName: row.lastname ?? null,
    birthName: row.rdvs_birthname ?? null,
    birthDate: row.birthdate ?? null,
    email: row.emailaddress1 ?? null,
    phones: [row.mobilephone, row.telephone1].flatMap((number) => number ?? []),
    address: addressOf(row.address1_line1, row.address1_postalcode),
  };
  found.set(id, new Described(id, identity));
}

/** A street without its town, or a town alone, tells too little. */
export function addressOf(line: unknown, postalCode: unknown): string | null {
  return typeof line === 'string' && typeof postalCode === 'string' ? `${line} ${postalCode}` : null;
}

const page = z.object({ value: z.array(z.unknown()), oDataNextLink: z.string().optional() });

/**
 * The rows of a query, page by page, in the order of their keys: pages ordered otherwise may repeat or lose rows
 * (Microsoft Learn, "Page results"). Addresses hold no value of a person.
 */
export async function* readPages(calls: Calls, request: RetrieveMultipleRequest): AsyncGenerator<readonly unknown[]> {
  let next: string | undefined;
  do {
    const from = next;
    const answer = await calls.run((api) => api.retrieveMultiple({ ...request, maxPageSize: PAGE }, from));
    const { value, oDataNextLink } = page.parse(answer);
    yield value;
    next = oDataNextLink;
  } while (next !== undefined);
}
