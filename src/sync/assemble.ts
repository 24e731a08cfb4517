// Writes → change sets: the order of the parts, and the split of a notification that names very many people.

import { chunks } from './model/chunks.ts';
import { inOrder } from './model/parts.ts';
import type { Write } from './model/plan.ts';
import type { PersonWrites } from './model/record-kind.ts';

/** A change set takes 1,000 parts at most (Microsoft Learn, "Execute batch operations"); a person takes up to three. */
export const MAX_PEOPLE = 300;

/**
 * Puts the writes about people and about the record that names them in order, see `inOrder`: new contacts, then links by id, then contacts by id, then the appointment.
 * More than 300 people are written first, in change sets of 300, and the RDV last.
 */
export function assemble(people: readonly PersonWrites[], record: readonly Write[]): readonly (readonly Write[])[] {
  const groups = chunks(people.filter(hasWrites), MAX_PEOPLE);
  const lone = groups.length <= 1;
  const sets = groups.map((group) => arrange(group, lone ? record : []));
  const last = lone && sets.length > 0 ? [] : arrange([], record);
  return [...sets, last].filter((set) => set.length > 0);
}

function arrange(people: readonly PersonWrites[], record: readonly Write[]): readonly Write[] {
  const ofPeople = people.flatMap(({ newContacts, links, contacts }) => [...newContacts, ...links, ...contacts]);
  return inOrder([...ofPeople, ...record]);
}

const hasWrites = ({ newContacts, links, contacts }: PersonWrites) =>
  newContacts.length + links.length + contacts.length > 0;
