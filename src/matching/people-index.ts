// Finds the people who resemble somebody among many, by keys: never all pairs.
import { nearDates } from './birth-dates.ts';
import { openBuckets } from './buckets.ts';
import type { Described } from './described.ts';
import { type Likeness, likeness } from './likeness.ts';
import { type Portrait, portrait } from './portrait.ts';

export interface Alike {
  /** Place of the person among those indexed. */
  readonly at: number;
  readonly likeness: Likeness;
}

export interface PeopleIndex {
  /** Those who resemble somebody, the most alike first. */
  alike(who: Portrait): readonly Alike[];
}

/** Indexes people. Their portraits are drawn again when they are compared: kept, they would take most of the memory. */
export function indexPeople(people: readonly Described<unknown>[]): PeopleIndex {
  const buckets = openBuckets();
  people.forEach((person, at) => {
    const drawn = portrait(person.identity);
    for (const key of keysOf(drawn, [drawn.birthDate])) buckets.put(key, at);
  });
  const { isCrowded } = buckets;
  return {
    alike(who) {
      const dates = who.birthDate === null ? [] : nearDates(who.birthDate);
      const keys = keysOf(who, dates).filter((key) => !isCrowded(key));
      const places = new Set(keys.flatMap((key) => buckets.get(key)));
      const isCommon = nameKeys(who).some(isCrowded);
      const telling = withoutCrowds(who, isCrowded);
      const found = [...places].flatMap((at): Alike[] => {
        const other = people[at];
        const how = other === undefined ? undefined : likeness(telling, portrait(other.identity));
        return how === undefined ? [] : [{ at, likeness: isCommon ? doubted(how) : how }];
      });
      return found.sort((a, b) => b.likeness.score - a.likeness.score || a.at - b.at);
    },
  };
}

/** Clues that many people share are none. */
function withoutCrowds(who: Portrait, isCrowded: (key: string) => boolean): Portrait {
  const { email, phones } = who;
  return {
    ...who,
    email: email !== null && isCrowded(emailKey(email)) ? null : email,
    phones: phones.filter((phone) => !isCrowded(phoneKeyOf(phone))),
  };
}

const SECOND_CLUES: ReadonlySet<string> = new Set(['same-email', 'same-phone', 'same-address']);

/** Among many of one name, two may be born on one day: without a second clue nobody is certain. */
function doubted(how: Likeness): Likeness {
  if (how.grade !== 'certain' || how.reasons.some((reason) => SECOND_CLUES.has(reason))) return how;
  return { ...how, grade: 'probable', reasons: [...how.reasons, 'common-name'] };
}

/** People who have one of these in common are compared. */
function keysOf(who: Portrait, dates: readonly (string | null)[]): readonly string[] {
  return [
    ...dates.flatMap((date) => (date === null ? [] : initialsOf(who).map((initial) => `d${date}${initial}`))),
    ...nameKeys(who),
    ...(who.email === null ? [] : [emailKey(who.email)]),
    ...who.phones.map(phoneKeyOf),
  ];
}

/** Beside a birth date, so that a date typed for want of one keeps telling a little. */
function initialsOf({ first, families }: Portrait): readonly string[] {
  return [...new Set([first, ...families].flatMap(({ bare }) => bare.slice(0, 1)))];
}

/** First and family name in any order, so that swapped names meet. */
function nameKeys({ first, families }: Portrait): readonly string[] {
  if (first.key === '') return [];
  const firsts = new Set([first.key, first.words[0] ?? first.key]);
  const lasts = new Set(families.flatMap(({ key, bare }) => [key, bare]));
  return [...firsts].flatMap((one) => [...lasts].map((other) => `n${[one, other].sort().join(' ')}`));
}

const emailKey = (email: string) => `e${email}`;
const phoneKeyOf = (phone: string) => `p${phone}`;
