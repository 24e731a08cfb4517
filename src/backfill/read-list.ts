// Usagers of an organisation, and absences: lists of pages whose order may change between two requests.
import type { Page } from '../rdv-solidarites/api/pages.ts';
import type { SnapshotRecord } from '../rdv-solidarites/snapshot.ts';
import { type Batch, PAGES_A_LOOK, type Reading, type ReadWith, readingsOf, refuseWithoutRole } from './batches.ts';
import type { Part, Place } from './progress.ts';

/** A list that changes its order at random shows two thirds of its records each time. */
const PASSES = 4;

/**
 * Reads a list, again while the sender counts more records than were seen.
 *
 * @throws BackfillStopped, RoleLost, SenderError
 */
export async function* readList(part: Part, start: Place, means: ReadWith): AsyncGenerator<Batch> {
  const { organisation } = part;
  const seen = new Set(start.seen);
  let page = start.page ?? 1;
  for (let pass = start.pass ?? 1; pass <= PASSES; pass += 1) {
    let total = 0;
    let readings: Reading[] = [];
    for await (const one of pagesOf(part, page, means)) {
      const fresh = { ...one, records: one.records.filter(({ id }) => !seen.has(id)) };
      for (const { id } of one.records) seen.add(id);
      readings.push(...readingsOf(fresh, (body) => toRecord(body, organisation), means));
      total = one.totalCount;
      if (one.next === undefined || one.number % PAGES_A_LOOK !== 0) continue;
      await refuseWithoutRole(means, organisation);
      yield { readings, next: { page: one.next, pass, seen: [...seen] } };
      readings = [];
    }
    await refuseWithoutRole(means, organisation);
    const isWhole = seen.size >= total;
    const unseen = !isWhole && pass === PASSES ? total - seen.size : 0;
    yield { readings, next: { page: 1, pass: pass + 1, seen: [...seen] }, unseen };
    if (isWhole) return;
    page = 1;
  }
}

function pagesOf({ organisation }: Part, page: number, { sender }: ReadWith): AsyncIterable<Page<unknown>> {
  return organisation === undefined ? sender.readAbsences({ page }) : sender.readUsagers({ organisation, page });
}

/** An usager in the list of an organisation has a membership there. */
function toRecord(body: Readonly<Record<string, unknown>>, organisation: number | undefined): SnapshotRecord {
  if (organisation === undefined) return { event: 'snapshot', model: 'Absence', data: body };
  return { event: 'snapshot', model: 'UserProfile', data: { user: body, organisation: { id: organisation } } };
}
