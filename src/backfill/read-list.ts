// Usagers of an organisation, and absences: lists of pages whose order may change between two requests.
import type { Page } from '../rdv-solidarites/api/pages.ts';
import { readUnsteady } from '../rdv-solidarites/api/unsteady-list.ts';
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
  const from = { page: start.page ?? 1, pass: start.pass ?? 1, seen: start.seen ?? [] };
  let readings: Reading[] = [];
  for await (const page of readUnsteady((at) => pagesOf(part, at, means), from, PASSES)) {
    readings.push(...readingsOf(page, (body) => toRecord(body, organisation), means));
    if (page.next !== undefined && page.number % PAGES_A_LOOK !== 0) continue;
    await refuseWithoutRole(means, organisation);
    yield { readings, next: { ...page.after, seen: [...page.after.seen] }, unseen: page.unseen };
    readings = [];
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
