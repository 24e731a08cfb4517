// The trial: 500 contacts, 300 usagers, 200 of whom are the same people, written in ten ways, twenty each.
import { expect, test } from 'vitest';
import { makeNotification, senderJson } from '../../local/rdv-solidarites/make-notification.ts';
import { rollDice } from '../bench/trace/random.ts';
import { Desk } from '../matching/desk.ts';
import { FAMILIAR } from '../matching/population/names.ts';
import { type KnownContact, makePopulation } from '../matching/population/population.ts';
import { toRow, toUsager } from '../matching/population/rows.ts';
import { type Person, VARIANTS, type VariantName } from '../matching/population/variants.ts';

const desk = new Desk();

const TRIED: readonly VariantName[] = [
  'exact',
  'capitals without accents',
  'hyphens and apostrophes',
  'birth name for name',
  'no birth date',
  'one letter of the first name',
  'one letter of the family name',
  'day and month swapped',
  'a further first name',
  'first and family name swapped',
];
const OF_EACH = 20;

/** Everybody has what a variant changes: a hyphen, a birth name, a day that can be a month, and an e-mail. */
const complete = (person: Person, at: number): Person => ({
  ...person,
  firstName: `${person.firstName}-Noé`,
  birthName: `Né${person.lastName}`,
  birthDate: `${person.birthDate.slice(0, 8)}${person.birthDate.slice(5, 7) === '07' ? '09' : '07'}`,
  email: `usager-${at}@example.org`,
});

test.each([
  'by import',
  'at run time',
])('of 200 people who are there, nobody is tied wrongly %s, and at most 2 become a second contact that no list shows', async (way) => {
  const dice = rollDice(5);
  const { usagers } = makePopulation({ seed: 11, lists: FAMILIAR, usagers: 300, contacts: 1 });
  const { contacts: strangers } = makePopulation({ seed: 12, lists: FAMILIAR, usagers: 1, contacts: 300 });
  const people = usagers.map((one, at) => ({ ...one, identity: complete(one.identity, at) }));
  const written = people.slice(0, TRIED.length * OF_EACH).map((one, at): KnownContact => {
    const variant = VARIANTS.find(({ name }) => name === TRIED[Math.floor(at / OF_EACH)]) ?? VARIANTS[0];
    const id = `00000000-0000-4000-8000-${String(one.usager).padStart(12, '0')}`;
    return { id, person: one.person, variant: variant.name, identity: variant.write(one.identity, dice) };
  });
  for (const contact of [...written, ...strangers]) desk.addContact(toRow(contact));
  const bodyOf = (usager: (typeof people)[number]) =>
    senderJson(makeNotification({ model: 'User', event: 'created', data: toUsager(usager) }));

  if (way === 'by import') {
    for (const usager of people) await desk.write(`${usager.usager}.json`, bodyOf(usager));
    const sheet = desk.path('liens.csv');
    await desk.links('suggest', '--folder', desk.folder, '--out', sheet);
    expect((await desk.links('import', sheet)).code).toBe(0);
  }
  const worker = desk.bench.colleague({ settings: { MATCH_ON_CREATE: way === 'by import' ? 'off' : 'certain' } });
  for (const usager of people) await worker.deliver(bodyOf(usager));
  await desk.command('duplicates', 'find');

  const own = new Map(written.map(({ id, person }) => [person, id]));
  const listed = new Set(
    desk.rows
      .list('rdvs_duplicate')
      .map((row) => [row['_rdvs_contact_value'], row['_rdvs_othercontact_value']].sort().join()),
  );
  const tied = people.map(({ usager, person }) => ({ contact: desk.contactOf(usager), own: own.get(person) }));
  const others = new Set([...written, ...strangers].map(({ id }) => id));
  expect(tied.filter(({ contact, own }) => contact !== own && others.has(contact))).toEqual([]);
  const second = tied.filter(({ contact, own }) => own !== undefined && contact !== own);
  expect(second.length).toBeLessThan(6 * OF_EACH + 1);
  expect(second.filter(({ contact, own }) => !listed.has([contact, own].sort().join())).length).toBeLessThanOrEqual(2);
}, 60_000);
