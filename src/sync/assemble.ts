// Writes → change sets: the order of the parts, and the split of a notification that asks for very many.

import { inOrder } from './model/parts.ts';
import type { Write } from './model/plan.ts';
import type { PersonWrites } from './model/record-kind.ts';

/** A change set takes 1,000 parts at most (Microsoft Learn, "Execute batch operations"); replacing attendees takes one more. */
const MAX_OPERATIONS = 900;

/**
 * Puts the writes about people and about the record that names them in order, see `inOrder`. More than 900 are split:
 * people are written first, each in one change set, and the record last.
 *
 * A record that alone has more is split too, between its rows. Its link comes last: while the version is not there, the
 * notification is still to be applied.
 */
export function assemble(people: readonly PersonWrites[], record: readonly Write[]): readonly (readonly Write[])[] {
  const persons = people.map(({ newContacts, links, contacts }) => [...newContacts, ...links, ...contacts]);
  const everything = [...persons.flat(), ...record];
  const sets = everything.length <= MAX_OPERATIONS ? [everything] : [...filled(persons), ...filled(unitsOf(record))];
  return sets.filter((set) => set.length > 0).map(inOrder);
}

/** What of a record is written together: the parts about one row, in the order of rows, and its links in the end. */
function unitsOf(record: readonly Write[]): readonly (readonly Write[])[] {
  if (record.length <= MAX_OPERATIONS) return [record];
  const { links = [], rows = [] } = Object.groupBy(record, ({ table }) => (table === 'rdvs_link' ? 'links' : 'rows'));
  return [...Map.groupBy(inOrder(rows), ({ id }) => id).values(), links];
}

/** As many units to a change set as it has room for. */
function filled(units: readonly (readonly Write[])[]): readonly (readonly Write[])[] {
  const sets: Write[][] = [];
  for (const writes of units) {
    const last = sets.at(-1);
    if (last !== undefined && last.length + writes.length <= MAX_OPERATIONS) last.push(...writes);
    else sets.push([...writes]);
  }
  return sets;
}
