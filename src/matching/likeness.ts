// How much two identities resemble each other, and why. Pure.
import distance from 'damerau-levenshtein';
import { type BirthDates, compareDates } from './birth-dates.ts';
import type { Name, Portrait } from './portrait.ts';

/** What two identities have in common, and what keeps them apart. Codes: words for people are in `sheet-writing.ts`. */
export type Reason =
  | 'same-names'
  | 'names-swapped'
  | 'particle'
  | 'part-of-name'
  | 'one-letter'
  | 'further-first-name'
  | Exclude<`date-${BirthDates}`, 'date-different'>
  | 'same-email'
  | 'same-phone'
  | 'same-address'
  | 'other-email-and-phone'
  | 'common-name';

/**
 * - `certain`: same birth date, same first name, and a family name in common, of use or of birth. Whether no other person
 *   is as like is judged apart.
 * - `probable`: one difference that people make when they type.
 * - `possible`: more than one, or no birth date on one side.
 */
export type Grade = 'certain' | 'probable' | 'possible';

export interface Likeness {
  readonly grade: Grade;
  /** 0 to 100; two grades may share a score. */
  readonly score: number;
  readonly reasons: readonly Reason[];
}

interface Evidence {
  readonly points: number;
  readonly reasons: readonly Reason[];
}

/** From so many points on, somebody should look at the two. */
const POSSIBLE = 60;
const PROBABLE = 75;
const CLUES = { 'same-email': 15, 'same-phone': 10, 'same-address': 5 } as const;

/**
 * Compares two people. E-mail, telephone and address are clues: families share them, so they never make anybody alike.
 *
 * @returns undefined for people who are not alike
 */
export function likeness(a: Portrait, b: Portrait): Likeness | undefined {
  const names = compareNames(a, b);
  if (names === undefined) return undefined;
  const dates = compareDates(a.birthDate, b.birthDate);
  if (dates === 'different') return undefined;
  const clues = compareClues(a, b);
  const score = Math.min(100, names.points + DATES[dates] + clues.points);
  if (score < POSSIBLE) return undefined;
  const reasons = [...names.reasons, `date-${dates}` as const, ...clues.reasons];
  const isExact = dates === 'same' && names.points === SAME_NAMES;
  if (isExact && !clues.reasons.includes('other-email-and-phone')) return { grade: 'certain', score, reasons };
  return { grade: score >= PROBABLE ? 'probable' : 'possible', score, reasons };
}

const DATES: Readonly<Record<Exclude<BirthDates, 'different'>, number>> = {
  same: 40,
  swapped: 32,
  'one-digit': 28,
  year: 28,
  century: 28,
  missing: 10,
};

const SAME_NAMES = 50;
const FIRST: Readonly<Record<string, number>> = { same: 25, 'further-first-name': 20, 'one-letter': 16 };
const FAMILY: Readonly<Record<string, number>> = { same: 25, particle: 22, 'part-of-name': 18, 'one-letter': 16 };

function compareNames(a: Portrait, b: Portrait): Evidence | undefined {
  const first = compareFirst(a.first, b.first);
  const family = bestFamily(a.families, b.families);
  if (first === undefined || family === undefined) {
    return isSwapped(a, b) ? { points: 44, reasons: ['names-swapped'] } : undefined;
  }
  const reasons = [first, family].filter((reason) => reason !== 'same');
  const points = (FIRST[first] ?? 0) + (FAMILY[family] ?? 0);
  return { points, reasons: reasons.length === 0 ? ['same-names'] : reasons };
}

function compareFirst(a: Name, b: Name): 'same' | 'further-first-name' | 'one-letter' | undefined {
  if (a.key === '' || b.key === '') return undefined;
  if (a.key === b.key) return 'same';
  if (isPart(a, b)) return 'further-first-name';
  return isOneEdit(a.key, b.key) ? 'one-letter' : undefined;
}

type FamilyReason = 'same' | 'particle' | 'part-of-name' | 'one-letter';

function bestFamily(mine: readonly Name[], theirs: readonly Name[]): FamilyReason | undefined {
  let best: FamilyReason | undefined;
  for (const a of mine) {
    for (const b of theirs) {
      const found = compareFamily(a, b);
      if (found === 'same') return found;
      if (found !== undefined && (FAMILY[found] ?? 0) > (best === undefined ? 0 : (FAMILY[best] ?? 0))) best = found;
    }
  }
  return best;
}

function compareFamily(a: Name, b: Name): FamilyReason | undefined {
  if (a.key === b.key) return 'same';
  if (a.bare === b.bare) return 'particle';
  if (isPart(a, b)) return 'part-of-name';
  return isOneEdit(a.key, b.key) ? 'one-letter' : undefined;
}

/** Shorter words say too little when they stand alone, or differ by a letter. */
const TELLING = 3;

/** All words of one are words of the other. */
function isPart(a: Name, b: Name): boolean {
  const [few, many] = a.words.length < b.words.length ? [a, b] : [b, a];
  return (
    few.words.length < many.words.length &&
    few.bare.length >= TELLING &&
    few.words.every((word) => many.words.includes(word))
  );
}

/** One letter too many, too few, another one, or two neighbours swapped. */
function isOneEdit(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < TELLING || Math.abs(a.length - b.length) > 1) return false;
  return distance(a, b).steps === 1;
}

/** The first name stands where the family name does, on one of the sides. */
function isSwapped(a: Portrait, b: Portrait): boolean {
  const has = ({ families }: Portrait, { key }: Name) => key !== '' && families.some((family) => family.key === key);
  return has(a, b.first) && has(b, a.first);
}

function compareClues(a: Portrait, b: Portrait): Evidence {
  const reasons: (keyof typeof CLUES)[] = [];
  if (a.email !== null && a.email === b.email) reasons.push('same-email');
  if (a.phones.some((phone) => b.phones.includes(phone))) reasons.push('same-phone');
  if (a.address !== null && a.address === b.address) reasons.push('same-address');
  const isOther =
    reasons.length === 0 && a.email !== null && b.email !== null && a.phones.length > 0 && b.phones.length > 0;
  if (isOther) return { points: 0, reasons: ['other-email-and-phone'] };
  return { points: reasons.reduce((sum, reason) => sum + CLUES[reason], 0), reasons };
}
