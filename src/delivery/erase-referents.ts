// The referents of one person who is erased: their rows, and what their links remember of bodies about that person.
import * as z from 'zod';
import type { Calls } from '../dataverse/calls.ts';
import { quoted } from '../dataverse/filters.ts';
import { rowsWhere, rowTables } from '../dataverse/tables.ts';
import type { UsagerId } from '../rdv-solidarites/models.ts';
import type { WrittenTable } from '../schema/tables.ts';
import { NOTHING_APPLIED } from '../sync/model/applied.ts';
import type { Write } from '../sync/model/plan.ts';
import type { TableRows } from '../sync/model/rows.ts';
import { referentPrefix } from '../sync/referent/referent-names.ts';
import { linkWrite } from '../sync/rules/link-writes.ts';

export interface ReferentsErasure {
  readonly writes: readonly Write[];
  /** How many rows go. */
  readonly referents: number;
}

/** Reads the rows of a usager, also those on a contact that others share. @throws DataverseError */
export async function decideReferents(calls: Calls, usager: UsagerId): Promise<ReferentsErasure> {
  const links = await named(calls, 'rdvs_link', usager);
  const rows = await named(calls, 'rdvs_referent', usager);
  const forgotten = links.flatMap((link) =>
    Object.keys(link.applied.bodies).length === 0
      ? []
      : [linkWrite(link, { name: link.name, version: link.version, applied: NOTHING_APPLIED })],
  );
  const deleted = rows.map(
    ({ id, etag }): Write => ({ table: 'rdvs_referent', id, operation: 'delete', condition: etag, columns: {} }),
  );
  const inOrder = forgotten.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return { writes: [...inOrder, ...deleted], referents: rows.length };
}

const answer = z.object({ value: z.array(z.unknown()) });

async function named<T extends WrittenTable>(
  calls: Calls,
  table: T,
  usager: UsagerId,
): Promise<readonly TableRows[T][]> {
  const request = rowsWhere(table, `startswith(rdvs_name,${quoted(referentPrefix(usager))})`, calls.mapped);
  const { value } = answer.parse(await calls.run((api) => api.retrieveAll(request)));
  return value.map((row) => rowTables[table].read(row, calls.mapped));
}
