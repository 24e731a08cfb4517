// An invented département: people whom RDV-Solidarités knows, Dynamics knows, or both; families, twins and namesakes among them.
import { v5 as uuidV5 } from 'uuid';
import type { Identity } from '../../../src/matching/portrait.ts';
import { type Dice, rollDice } from '../../bench/trace/random.ts';
import type { NameLists } from './names.ts';
import { age, type Person, VARIANTS, type VariantName } from './variants.ts';

export interface PopulationCase {
  readonly seed: number;
  readonly lists: NameLists;
  readonly usagers: number;
  readonly contacts: number;
}

export interface Known {
  /** Whom it is about. */
  readonly person: number;
  readonly identity: Identity;
}

export interface KnownContact extends Known {
  readonly id: string;
  readonly variant: VariantName;
}

export interface Population {
  readonly usagers: readonly (Known & { readonly usager: number; readonly identity: Person })[];
  readonly contacts: readonly KnownContact[];
}

/** Shares of the people. Those of families and namesakes are higher than in life, to try what they are about. */
export const RATES = {
  /** Of usagers, those who are in Dynamics. */
  present: 0.5,
  /** Of those, the ones who are there twice. */
  twice: 0.02,
  /** A twin is born to the person before. */
  twin: 0.01,
  /** A parent or child who has both names. */
  sameName: 0.005,
  /** Another person of the same names and birth date, known to the other side or to both. */
  namesake: 0.0002,
  /** E-mail, telephone and address of the person before. */
  family: 0.25,
  /** E-mail and address of a centre that lends them. */
  lodged: 0.01,
  married: 0.2,
  /** Born, as papers have it, on 1 January. */
  newYear: 0.02,
} as const;

/** Makes people up: the same seed and lists, the same people. */
export function makePopulation({ seed, lists, usagers: wanted, contacts: room }: PopulationCase): Population {
  const dice = rollDice(seed);
  const usagers: Population['usagers'][number][] = [];
  const contacts: KnownContact[] = [];
  let before: Person | undefined;
  for (let person = 0; usagers.length < wanted || contacts.length < room; person += 1) {
    const who: Person = makePerson(person, { dice, lists, before });
    before = who;
    const isUsager = usagers.length < wanted && (contacts.length >= room || !dice.happens(0.1));
    const isContact = contacts.length < room && (!isUsager || dice.happens(RATES.present));
    if (isUsager) usagers.push({ person, usager: usagers.length + 1, identity: who });
    if (!isContact) continue;
    contacts.push(makeContact(person, who, dice));
    if (dice.happens(RATES.twice)) contacts.push(makeContact(person, who, dice));
  }
  return { usagers, contacts };
}

const PEOPLE = '5a1f0f0e-6c7e-4f39-8a39-0c5f8f3a2b11';

function makeContact(person: number, who: Person, dice: Dice): KnownContact {
  const { name, write } = dice.weighted(VARIANTS);
  const written = write(who, dice);
  // Who has no birth name is not written by it.
  const variant = JSON.stringify(written) === JSON.stringify(who) ? 'exact' : name;
  return { id: uuidV5(`${person}/${dice.next()}`, PEOPLE), person, variant, identity: age(written, dice) };
}

interface Surroundings {
  readonly dice: Dice;
  readonly lists: NameLists;
  readonly before: Person | undefined;
}

function makePerson(person: number, { dice, lists, before }: Surroundings): Person {
  const fresh = makeStranger(person, dice, lists);
  if (before === undefined) return fresh;
  const home = { email: before.email, phones: before.phones, address: before.address };
  const { lastName, firstName, birthName, birthDate } = before;
  if (dice.happens(RATES.twin)) return { ...fresh, ...home, lastName, birthDate };
  if (dice.happens(RATES.sameName)) {
    const birth = `${Number(birthDate.slice(0, 4)) - dice.between(18, 40)}${fresh.birthDate.slice(4)}`;
    return { ...fresh, ...home, lastName, firstName, birthDate: birth };
  }
  if (dice.happens(RATES.namesake)) return { ...fresh, lastName, firstName, birthName, birthDate };
  return dice.happens(RATES.family) ? { ...fresh, ...home, lastName } : fresh;
}

function makeStranger(person: number, dice: Dice, { first, family }: NameLists): Person {
  const name = () => present(family[frequent(family.length, dice)]);
  const given = () => present(first[frequent(first.length, dice)]);
  const isLodged = dice.happens(RATES.lodged);
  const centre = dice.between(1, 5);
  const id = String(person).padStart(8, '0');
  return {
    firstName: dice.happens(0.06) ? `${given()}-${given()}` : given(),
    lastName: dice.happens(0.05) ? `${name()}-${name()}` : name(),
    birthName: dice.happens(RATES.married) ? name() : null,
    birthDate: makeBirthDate(dice),
    email: isLodged ? `centre-${centre}@example.org` : dice.happens(0.7) ? `usager-${id}@example.org` : null,
    phones: dice.happens(0.85) ? [`+337${id}`] : [],
    address: isLodged
      ? `${centre} rue du Centre 62000`
      : `${person % 900} rue du Test-${person % 97} 62${person % 1000}`,
  };
}

/** The first of a list are the most frequent: the share of the first x is √x. */
const frequent = (count: number, dice: Dice) => Math.floor(count * dice.next() ** 2);

function makeBirthDate(dice: Dice): string {
  const year = dice.between(1940, 2020);
  if (dice.happens(RATES.newYear)) return `${year}-01-01`;
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${year}-${pad(dice.between(1, 12))}-${pad(dice.between(1, 28))}`;
}

function present(name: string | undefined): string {
  if (name === undefined) throw new Error('no name');
  return name;
}
