// Writes → change sets: the order of the parts, and the split of a notification that names very many people.

import type { Write } from './model/plan.ts';
import type { PersonWrites } from './model/record-kind.ts';

/** A change set takes 1,000 parts at most (Microsoft Learn, "Execute batch operations"); a person takes up to three. */
export const MAX_PEOPLE = 300;

/** The writes about the record that names the people. */
interface RecordWrites {
  readonly link: readonly Write[];
  readonly appointment?: readonly Write[];
}

/**
 * Orders the parts: new contacts, then links by id, then contacts by id, then the appointment.
 *
 * New contacts come first because links and proches point to them; their ids are this notification's own, so nobody
 * waits for them. All other rows are taken in one order by everyone, so that parallel change sets do not deadlock.
 * More than 300 people are written first, in change sets of 300, and the RDV last.
 */
export function assemble(people: readonly PersonWrites[], record?: RecordWrites): readonly (readonly Write[])[] {
  const groups = chunk(people.filter(hasWrites), MAX_PEOPLE);
  const lone = groups.length <= 1;
  const sets = groups.map((group) => arrange(group, lone ? record : undefined));
  const last = lone && sets.length > 0 ? undefined : record && arrange([], record);
  return [...sets, ...(last === undefined ? [] : [last])].filter((set) => set.length > 0);
}

function arrange(people: readonly PersonWrites[], record?: RecordWrites): readonly Write[] {
  return [
    ...people.flatMap((person) => person.newContacts),
    ...[...people.flatMap((person) => person.links), ...(record?.link ?? [])].toSorted(byId),
    ...people.flatMap((person) => person.contacts).toSorted(byId),
    ...(record?.appointment ?? []),
  ];
}

const hasWrites = ({ newContacts, links, contacts }: PersonWrites) =>
  newContacts.length + links.length + contacts.length > 0;

const byId = (a: Write, b: Write) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

function chunk<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
