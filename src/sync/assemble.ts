// Writes → change sets: the order of the parts, and the split of a notification that names very many people.
import type { PeopleWrites } from './decide-people.ts';
import type { Write } from './plan.ts';

/** A change set takes 1,000 parts at most (Microsoft Learn, "Execute batch operations"); a person takes up to three. */
export const MAX_PEOPLE = 300;

interface RdvWrites {
  readonly link: readonly Write[];
  readonly appointment: readonly Write[];
}

/**
 * Orders the parts: new contacts, then links by id, then contacts by id, then the appointment.
 *
 * New contacts come first because links and proches point to them; their ids are this notification's own, so nobody
 * waits for them. All other rows are taken in one order by everyone, so that parallel change sets do not deadlock.
 * More than 300 people are written first, in change sets of 300, and the RDV last.
 */
export function assemble(people: readonly PeopleWrites[], rdv?: RdvWrites): readonly (readonly Write[])[] {
  const groups = chunk(people, MAX_PEOPLE);
  const lone = groups.length <= 1;
  const sets = groups.map((group) => arrange(group, lone ? rdv : undefined));
  const last = lone && sets.length > 0 ? undefined : rdv && arrange([], rdv);
  return [...sets, ...(last === undefined ? [] : [last])].filter((set) => set.length > 0);
}

function arrange(people: readonly PeopleWrites[], rdv?: RdvWrites): readonly Write[] {
  return [
    ...people.flatMap((person) => person.newContacts),
    ...[...people.flatMap((person) => person.links), ...(rdv?.link ?? [])].toSorted(byId),
    ...people.flatMap((person) => person.contacts).toSorted(byId),
    ...(rdv?.appointment ?? []),
  ];
}

const byId = (a: Write, b: Write) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

function chunk<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
