// How a person is written in the CRM, compared with RDV-Solidarités: labelled, at stated rates.
import type { Identity } from '../../../src/matching/portrait.ts';
import type { Dice } from '../../bench/trace/random.ts';

export interface Person extends Identity {
  readonly firstName: string;
  readonly lastName: string;
  readonly birthDate: string;
}

interface Variant {
  readonly name: string;
  /** Of a thousand. */
  readonly weight: number;
  readonly write: (person: Person, dice: Dice) => Identity;
}

const plain = (text: string) => text.normalize('NFD').replaceAll(/\p{M}/gu, '');

/** The rates are guesses, on the high side: no public count exists. They bend the figures less than the kinds do. */
export const VARIANTS = [
  { name: 'exact', weight: 560, write: (person) => person },
  {
    name: 'capitals without accents',
    weight: 90,
    write: (person) => ({
      ...person,
      lastName: plain(person.lastName).toUpperCase(),
      firstName: plain(person.firstName),
    }),
  },
  {
    name: 'hyphens and apostrophes',
    weight: 40,
    write: (person) => ({
      ...person,
      firstName: person.firstName.replaceAll('-', ' '),
      lastName: person.lastName.replaceAll('-', ' ').replaceAll("'", '’'),
    }),
  },
  {
    name: 'birth name for name',
    weight: 40,
    write: (person) => ({ ...person, lastName: person.birthName ?? person.lastName, birthName: null }),
  },
  { name: 'no birth date', weight: 60, write: (person) => ({ ...person, birthDate: null }) },
  {
    name: 'one letter of the first name',
    weight: 30,
    write: (person, dice) => ({ ...person, firstName: mistype(person.firstName, dice) }),
  },
  {
    name: 'one letter of the family name',
    weight: 40,
    write: (person, dice) => ({ ...person, lastName: mistype(person.lastName, dice) }),
  },
  {
    name: 'day and month swapped',
    weight: 25,
    write: (person) => ({ ...person, birthDate: swapDay(person.birthDate) }),
  },
  {
    name: 'a year off',
    weight: 15,
    write: (person, dice) => ({ ...person, birthDate: shiftYear(person.birthDate, dice.pick([-1, 1])) }),
  },
  {
    name: 'a century off',
    weight: 5,
    write: (person) => ({ ...person, birthDate: shiftYear(person.birthDate, -100) }),
  },
  {
    name: 'one digit of the day',
    weight: 10,
    write: (person, dice) => ({ ...person, birthDate: `${person.birthDate.slice(0, 9)}${dice.between(1, 8)}` }),
  },
  {
    name: 'a further first name',
    weight: 35,
    write: (person, dice) => ({ ...person, firstName: `${person.firstName} ${dice.pick(['Marie', 'Jean', 'Paul'])}` }),
  },
  {
    name: 'first and family name swapped',
    weight: 20,
    write: (person) => ({ ...person, firstName: person.lastName, lastName: person.firstName }),
  },
  { name: 'a particle', weight: 10, write: (person) => ({ ...person, lastName: `de ${person.lastName}` }) },
  {
    name: 'a second family name',
    weight: 20,
    write: (person, dice) => ({ ...person, lastName: `${person.lastName}-${dice.pick(['Essai', 'Tester'])}` }),
  },
] as const satisfies readonly Variant[];

export type VariantName = (typeof VARIANTS)[number]['name'];

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Another letter, one too few, one too many, or two swapped. */
export function mistype(name: string, dice: Dice): string {
  const at = dice.between(1, name.length - 2);
  const [before, letter = '', next = '', after] = [name.slice(0, at), name[at], name[at + 1], name.slice(at + 2)];
  const other = LETTERS[dice.between(0, 25)] ?? 'e';
  return dice.pick([
    `${before}${other}${next}${after}`,
    `${before}${next}${after}`,
    `${before}${letter}${other}${next}${after}`,
    `${before}${next}${letter}${after}`,
  ]);
}

/** A date that exists, else the same one: nobody types the 31st month. */
export function swapDay(date: string): string {
  const [year, month, day] = date.split('-');
  return Number(day) > 12 ? date : `${year}-${day}-${month}`;
}

const shiftYear = (date: string, years: number) => {
  const shifted = `${Number(date.slice(0, 4)) + years}${date.slice(4)}`;
  return shifted.endsWith('02-29') ? date : shifted;
};

/** What became of telephone, e-mail and address since the contact was made. */
export function age(identity: Identity, dice: Dice): Identity {
  const kept = <T>(value: T, none: T, other: T): T =>
    dice.weighted([
      { weight: 60, value },
      { weight: 25, value: none },
      { weight: 15, value: other },
    ]).value;
  const id = dice.between(1, 1e9);
  return {
    ...identity,
    email: kept(identity.email, null, `ancien-${id}@example.org`),
    phones: kept(identity.phones, [], [`+336${String(id).padStart(8, '0').slice(0, 8)}`]),
    address: kept(identity.address, null, null),
  };
}
