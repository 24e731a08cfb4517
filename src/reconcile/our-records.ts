// What Dynamics has that the sender should list.
import type { RetrieveMultipleRequest } from 'dynamics-web-api';
import * as z from 'zod';
import type { Calls } from '../dataverse/calls.ts';
import { isIn, quoted } from '../dataverse/filters.ts';
import { readPages } from '../matching/candidates.ts';
import { optionValues } from '../schema/schema.ts';
import { tables } from '../schema/tables.ts';
import { chunks } from '../sync/model/chunks.ts';
import { type LinkName, linkId } from '../sync/model/link-names.ts';

const { live } = optionValues.rdvs_link.rdvs_state;
/** Links made by hand, and those of the first versions, have no state. */
const IS_LIVE = `(rdvs_state eq ${live} or rdvs_state eq null)`;
const link = z.object({ rdvs_name: z.string() });

async function namesOf(calls: Calls, filter: string): Promise<readonly string[]> {
  const request: RetrieveMultipleRequest = { collection: tables.rdvs_link.entitySet, select: ['rdvs_name'], filter };
  const names: string[] = [];
  for await (const rows of readPages(calls, request)) names.push(...rows.map((row) => link.parse(row).rdvs_name));
  return names;
}

/** The usagers whose membership of an organisation is live. @throws DataverseError */
export async function membersOf(calls: Calls, organisation: number): Promise<readonly number[]> {
  const filter = `startswith(rdvs_name,'profile-') and endswith(rdvs_name,'-${organisation}') and ${IS_LIVE}`;
  const names = await namesOf(calls, filter);
  return names.flatMap((name) => {
    const [, usager, of] = /^profile-(\d+)-(\d+)$/.exec(name) ?? [];
    return Number(of) === organisation ? [Number(usager)] : [];
  });
}

/** The organisations where a usager has a live membership. @throws DataverseError */
export async function membershipsOf(calls: Calls, usager: number): Promise<readonly number[]> {
  const names = await namesOf(calls, `startswith(rdvs_name,'profile-${usager}-') and ${IS_LIVE}`);
  return names.map((name) => Number(name.split('-')[2]));
}

export interface OurRdv {
  readonly id: number;
  /** The row of its motif. */
  readonly motif: string | null;
}

const appointment = z.object({ rdvs_rdvid: z.string(), _rdvs_motifid_value: z.string().nullish() });

/**
 * The RDV of an organisation that begin within a window, both ends included, in ms since 1970. The organisation is known by
 * its name: one that was renamed has none, and nothing is concluded about it.
 *
 * @throws DataverseError
 */
export async function rdvsBetween(
  calls: Calls,
  { organisation, from, to }: { readonly organisation: string; readonly from: number; readonly to: number },
): Promise<readonly OurRdv[]> {
  const at = (time: number) => `${new Date(time).toISOString().slice(0, 19)}Z`;
  const request: RetrieveMultipleRequest = {
    collection: tables.appointment.entitySet,
    select: Object.keys(appointment.shape),
    filter: `scheduledstart ge ${at(from)} and scheduledstart le ${at(to)} and rdvs_rdvid ne null and rdvs_organisation eq ${quoted(organisation)}`,
  };
  const found: OurRdv[] = [];
  for await (const rows of readPages(calls, request)) {
    for (const row of rows) {
      const { rdvs_rdvid, _rdvs_motifid_value: motif } = appointment.parse(row);
      const id = Number(rdvs_rdvid);
      if (Number.isSafeInteger(id) && id > 0) found.push({ id, motif: motif?.toLowerCase() ?? null });
    }
  }
  return found;
}

/** Those of these links that are live. @throws DataverseError */
export async function liveAmong(calls: Calls, names: readonly LinkName[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const some of chunks(names, 100)) {
    const filter = `${isIn(tables.rdvs_link.primaryKey, some.map(linkId))} and ${IS_LIVE}`;
    for (const name of await namesOf(calls, filter)) found.add(name);
  }
  return found;
}

const incident = z.object({ rdvs_name: z.string().nullish() });

/** States of a notification that is still in quarantine, or on its way out. */
const OPEN = ['tosettle', 'replay', 'discard', 'replaying'] as const;

/** Records whose notification is in quarantine. @throws DataverseError */
export async function recordsInQuarantine(calls: Calls): Promise<readonly string[]> {
  const states = optionValues.rdvs_incident.rdvs_state;
  const request: RetrieveMultipleRequest = {
    collection: tables.rdvs_incident.entitySet,
    select: ['rdvs_name'],
    filter: OPEN.map((state) => `rdvs_state eq ${states[state]}`).join(' or '),
  };
  const found: string[] = [];
  for await (const rows of readPages(calls, request)) {
    found.push(...rows.flatMap((row) => incident.parse(row).rdvs_name ?? []));
  }
  return found;
}
