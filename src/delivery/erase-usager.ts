// Erasing one person in Dynamics: the tombstone first, then the RDV.
import * as z from 'zod';
import { type Calls, type DataverseAccess, openCalls } from '../dataverse/calls.ts';
import { untilNoConflict } from '../dataverse/conflicts.ts';
import { performChangeSet } from '../dataverse/perform.ts';
import { readRows } from '../dataverse/read.ts';
import { readWithFormer } from '../dataverse/read-former.ts';
import { readLink } from '../dataverse/row-readers.ts';
import { settle } from '../dataverse/settle.ts';
import { selectOf } from '../dataverse/tables.ts';
import type { UsagerId } from '../rdv-solidarites/models.ts';
import { appointmentOf, eraseFromRdv, erasePerson, type PersonErasure, remembers } from '../sync/erasure.ts';
import type { FormerColumns, Write } from '../sync/model/plan.ts';
import { type Known, type LinkRow, NOTHING_TO_READ, type ReadRequest } from '../sync/model/rows.ts';
import { usagerLink } from '../sync/people/people-names.ts';
import { ownColumns } from '../sync/rules/fill.ts';
import { decideReferents } from './erase-referents.ts';

export interface Erased {
  readonly person: PersonErasure;
  /** Agents who followed the person. */
  readonly referents: number;
  /** RDV that the person is taken out of, and those among them that were about nobody else. */
  readonly rdvs: number;
  readonly alone: number;
}

export interface EraseOptions {
  /** `2026-11-24T08:00:00Z` */
  readonly now: string;
  readonly dryRun: boolean;
}

/**
 * Erases a usager. An interrupted run can be repeated: what is done already is left as it is.
 *
 * @throws DataverseError
 */
export async function eraseUsager(
  dataverse: DataverseAccess,
  usager: UsagerId,
  options: EraseOptions,
): Promise<Erased> {
  const calls = openCalls(dataverse);
  const person = await again(calls, options, () => decidePerson(calls, usager, options.now));
  const { referents } = await again(calls, options, () => decideReferents(calls, usager));
  const links = await readRdvsOf(calls, usager);
  let alone = 0;
  for (const { name } of links) {
    const outcome = await again(calls, options, () => decideRdv(calls, usager, { name, person, now: options.now }));
    if (outcome.alone) alone += 1;
  }
  return { person, referents, rdvs: links.length, alone };
}

/** Decides on rows that were just read, and writes; again when another writer changed them meanwhile. */
async function again<T extends { readonly writes: readonly Write[] }>(
  calls: Calls,
  { dryRun }: EraseOptions,
  decide: () => Promise<T>,
): Promise<T> {
  return untilNoConflict(async () => {
    const decided = await decide();
    if (!dryRun && decided.writes.length > 0) await performChangeSet(calls, decided.writes);
    return decided;
  });
}

async function decidePerson(calls: Calls, usager: UsagerId, now: string): Promise<PersonErasure> {
  const about = { links: [usagerLink(usager)], memberships: [usager], companions: [usager] };
  const read = (request: ReadRequest, columns: FormerColumns = {}) => readWithFormer(calls, request, columns);
  const decide = (known: Known) => erasePerson(usager, known, now);
  return (await settle<PersonErasure>({ ...NOTHING_TO_READ, ...about }, read, decide)).decided;
}

const answer = z.object({ value: z.array(z.unknown()) });

/** The RDV whose links remember the usager, found by the text of their memory. */
async function readRdvsOf(calls: Calls, usager: UsagerId): Promise<readonly LinkRow[]> {
  const request = {
    collection: 'rdvs_links',
    select: selectOf('rdvs_link', calls.mapped),
    filter: `startswith(rdvs_name,'rdv-') and contains(rdvs_applied,'"${usager}":"')`,
  };
  const { value } = answer.parse(await calls.run((api) => api.retrieveAll(request)));
  return value.map((row) => readLink(row).link).filter((link) => remembers(link, usager));
}

async function decideRdv(
  calls: Calls,
  usager: UsagerId,
  { name, person, now }: { name: LinkRow['name']; person: Pick<PersonErasure, 'contact' | 'sharers'>; now: string },
) {
  const links = await readRows(calls, { ...NOTHING_TO_READ, links: [name] });
  const link = links.links.get(name);
  if (link == null || !remembers(link, usager)) return { writes: [], alone: false };
  const id = appointmentOf(link);
  const former = ownColumns('appointment', link.applied.columns).filter(
    (column) => !calls.mapped.appointment.includes(column),
  );
  const about = { ...NOTHING_TO_READ, appointment: [id] };
  const { appointment: appointments } = await readWithFormer(calls, about, { appointment: former });
  return eraseFromRdv(usager, { link, row: appointments.get(id) ?? null, ...person, now });
}
