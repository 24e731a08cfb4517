// Ties usagers who are seen for the first time, by the rules of `proposé`. Pure.
import type { UsagerId } from '../rdv-solidarites/models.ts';
import type { Match, Newcomer } from '../sync/model/match.ts';
import type { Policy } from '../sync/model/policy.ts';
import type { ContactRow } from '../sync/model/rows.ts';
import type { Value } from '../sync/model/values.ts';
import { addressOf, type Candidate } from './candidates.ts';
import { Described } from './described.ts';
import { personOf } from './identity.ts';
import { judge } from './judge.ts';
import { indexPeople } from './people-index.ts';
import { portrait } from './portrait.ts';
import type { Match as Found, Suggestion } from './suggestion.ts';

/** How usagers who are seen for the first time are tied; undefined where each of them gets a contact of its own. */
export function matchFor({ matchOnCreate }: Pick<Policy, 'matchOnCreate'>): Match | undefined {
  return matchOnCreate === 'certain' ? matchNewcomers : undefined;
}

const matchNewcomers: Match = (newcomers) => {
  const ties = new Map<UsagerId, ContactRow>();
  for (const { usager, situation, matches } of judge(newcomers.map(compare))) {
    const [first] = matches;
    const row = newcomers
      .find((newcomer) => newcomer.usager.id === usager)
      ?.candidates.find(({ contact }) => contact.id === first?.contact.id)?.contact;
    if (situation === 'proposed' && row !== undefined) ties.set(usager, row);
  }
  return ties;
};

function compare({ usager, candidates }: Newcomer): Suggestion {
  const contacts = candidates.map(({ contact }) => candidateOf(contact));
  const who = personOf(usager);
  const matches = indexPeople(contacts)
    .alike(portrait(who.identity))
    .flatMap(({ at, likeness }): Found[] => {
      const [contact, row] = [contacts[at], candidates[at]];
      if (contact === undefined || row === undefined) return [];
      return [{ contact, likeness, sameEmail: undefined, tiedTo: row.tiedTo, alsoLike: [] }];
    });
  return { usager: usager.id, who, situation: 'none', matches, link: null };
}

function candidateOf({ id, columns }: ContactRow): Candidate {
  const textIn = (column: string): string | null => text(columns[column]);
  return new Described(id, {
    firstName: textIn('firstname'),
    lastName: textIn('lastname'),
    birthName: textIn('rdvs_birthname'),
    birthDate: textIn('birthdate'),
    email: textIn('emailaddress1'),
    phones: [textIn('mobilephone'), textIn('telephone1')].flatMap((number) => number ?? []),
    address: addressOf(columns['address1_line1'], columns['address1_postalcode']),
  });
}

const text = (value: Value | undefined): string | null => (typeof value === 'string' ? value : null);
