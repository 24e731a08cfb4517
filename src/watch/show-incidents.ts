// Shows in Dynamics what is in quarantine, and ends what left it.
import { type QuarantineEntry, readQuarantine } from '../delivery/quarantine.ts';
import { optionValues } from '../schema/schema.ts';
import { columnsOf, incidentId, readIncidentsOf, toInstant } from './incident-rows.ts';
import { type Case, forEachOf, MOST, type Run, writeEach } from './incident-run.ts';

const states = optionValues.rdvs_incident.rdvs_state;

/**
 * Shows what has no incident yet, or failed again: the newest first, since people wait for these.
 *
 * @param entries what is in quarantine, by the id of its incident
 */
export async function showIncidents(
  run: Run,
  cases: readonly Case[],
  entries: ReadonlyMap<string, QuarantineEntry>,
): Promise<void> {
  const { calls, storage, counts } = run;
  const rows = new Map(cases.map(({ row }) => [row.id, row]));
  const again = new Set(cases.filter(({ step }) => step.kind === 'reopen').map(({ row }) => row.id));
  const waiting = [...entries]
    .filter(([id]) => again.has(id) || !rows.has(id))
    .map(([, entry]) => entry)
    .toSorted((a, b) => b.quarantinedAt.getTime() - a.quarantinedAt.getTime());
  const due = waiting.slice(0, MOST);
  counts.left += waiting.length - due.length;
  // One that was settled before, and failed again, has a row already.
  const unknown = due.map(({ id }) => id).filter((id) => !rows.has(incidentId(id)));
  for (const row of await readIncidentsOf(calls, unknown)) rows.set(row.id, row);
  const read = await forEachOf(run, due, async ({ id }) => {
    const item = await readQuarantine(storage, id);
    // One that left quarantine meanwhile needs no incident.
    return item === undefined ? [] : [{ id, item, row: rows.get(incidentId(id)) }];
  });
  const written = await writeEach(run, read.flat(), ({ id, item, row }) => ({
    id: incidentId(id),
    condition: row?.etag ?? 'absent',
    columns: columnsOf(id, item),
  }));
  const reopened = written.filter(({ row }) => row !== undefined).length;
  counts.reopened += reopened;
  counts.shown += written.length - reopened;
}

/** Ends the incidents whose notification left quarantine: replayed, taken out by a command, erased, or expired. */
export async function endIncidents(run: Run, cases: readonly Case[]): Promise<void> {
  const due = cases.flatMap(({ row, step }) => (step.kind === 'end' ? [{ row, step }] : []));
  run.counts.left += Math.max(0, due.length - MOST);
  const written = await writeEach(run, due.slice(0, MOST), ({ row, step: { state, result } }) => ({
    id: row.id,
    condition: row.etag,
    columns: { rdvs_state: states[state], rdvs_result: result, rdvs_endedon: toInstant(run.now()) },
  }));
  run.counts.ended += written.length;
}
