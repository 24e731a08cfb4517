// The order of the parts of a change set.
import { tables } from '../../schema/tables.ts';
import type { Write } from './plan.ts';

/**
 * Sorts writes by the place of their table, and by id within it. All change sets take rows in this order, so that parallel
 * ones do not deadlock.
 *
 * Two kinds keep the order in which they come: new rows that come before all others, whose ids are this change set's own
 * (nobody waits for them, and a proche's points to its responsible's), and the parts about one row.
 */
export function inOrder(writes: readonly Write[]): readonly Write[] {
  return writes.toSorted((a, b) => placeOf(a) - placeOf(b) || (placeOf(a) === FIRST ? 0 : compare(a.id, b.id)));
}

const FIRST = 0;

function placeOf({ table, operation }: Write): number {
  const { created, changed } = tables[table].place;
  return operation === 'create' ? created : changed;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
