// Contacts that may be one person. Pure.
import type { Candidate } from '../matching/candidates.ts';
import type { Likeness } from '../matching/likeness.ts';
import { indexPeople } from '../matching/people-index.ts';
import { portrait } from '../matching/portrait.ts';
import type { Guid } from '../sync/model/link-names.ts';

/** Two contacts, the one with the lower id first. */
export interface Pair {
  readonly contacts: readonly [Guid, Guid];
  readonly likeness: Likeness;
}

/** Compares contacts that share a key. */
export function findPairs(contacts: readonly Candidate[]): readonly Pair[] {
  const index = indexPeople(contacts);
  return contacts.flatMap((contact, place) =>
    index.alike(portrait(contact)).flatMap(({ at, likeness }): Pair[] => {
      const other = contacts[at];
      return at <= place || other === undefined ? [] : [{ contacts: inOrder(contact.id, other.id), likeness }];
    }),
  );
}

/** One name for two contacts, whichever is named first. */
export const pairKey = ([a, b]: readonly [Guid, Guid]): string => `${a}/${b}`;

export const inOrder = (a: Guid, b: Guid): readonly [Guid, Guid] => (a < b ? [a, b] : [b, a]);
