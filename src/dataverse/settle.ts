// Rows lead to other rows: what is known grows until a decision is possible.
import type { FormerColumns, NeedsMore } from '../sync/model/plan.ts';
import { addKnown, type Known, NOTHING_KNOWN, type ReadRequest } from '../sync/model/rows.ts';
import { DataverseError } from './failure.ts';

/** Merged contacts can point to merged contacts; more steps than this are a loop. */
const MAX_READS = 5;

export interface Settled<D> {
  readonly decided: D;
  /** Everything that was read on the way. */
  readonly known: Known;
}

/**
 * Reads and decides until the decision needs no more rows.
 *
 * @throws DataverseError; transient, when it still needs more after five reads
 */
export async function settle<D extends object>(
  first: ReadRequest,
  read: (request: ReadRequest, columns?: FormerColumns) => Promise<Known>,
  decide: (known: Known) => D | NeedsMore,
): Promise<Settled<D>> {
  let known = NOTHING_KNOWN;
  let request = first;
  let columns: FormerColumns | undefined;
  for (let reads = 0; reads < MAX_READS; reads += 1) {
    known = addKnown(known, await read(request, columns));
    const decided = decide(known);
    if (!asksForMore(decided)) return { decided, known };
    request = decided.request;
    columns = decided.columns;
  }
  throw new DataverseError({ kind: 'transient', code: 'unsettled-rows' });
}

function asksForMore(decided: object): decided is NeedsMore {
  return 'kind' in decided && decided.kind === 'needs-more';
}
