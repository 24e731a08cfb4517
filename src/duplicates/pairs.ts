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

/** Contacts compared at a time: some ten milliseconds. */
const AT_ONCE = 200;

/** Compares contacts that share a key, some at a time, so that others can work in between. */
export function* findPairs(contacts: readonly Candidate[]): Generator<readonly Pair[]> {
  const index = indexPeople(contacts);
  for (let from = 0; from < contacts.length; from += AT_ONCE) {
    yield contacts.slice(from, from + AT_ONCE).flatMap((contact, offset) =>
      index.alike(portrait(contact.identity)).flatMap(({ at, likeness }): Pair[] => {
        const other = contacts[at];
        return at <= from + offset || other === undefined
          ? []
          : [{ contacts: inOrder(contact.id, other.id), likeness }];
      }),
    );
  }
}

/** One name for two contacts, whichever is named first. */
export const pairKey = ([a, b]: readonly [Guid, Guid]): string => `${a}/${b}`;

export const inOrder = (a: Guid, b: Guid): readonly [Guid, Guid] => (a < b ? [a, b] : [b, a]);
