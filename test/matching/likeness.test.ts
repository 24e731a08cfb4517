// How much two people resemble each other, and why.
import { describe, expect, test } from 'vitest';
import { type Grade, likeness, type Reason } from '../../src/matching/likeness.ts';
import { type Identity, portrait } from '../../src/matching/portrait.ts';

const person = (names: Partial<Identity> = {}): Identity => ({
  firstName: 'Camille',
  lastName: 'Usager-Test',
  birthName: null,
  birthDate: '1985-04-12',
  email: null,
  phones: [],
  address: null,
  ...names,
});

/** Compares both ways: neither side counts more. */
function compare(a: Partial<Identity>, b: Partial<Identity>) {
  const [one, other] = [portrait(person(a)), portrait(person(b))];
  const found = likeness(one, other);
  expect(likeness(other, one)).toEqual(found);
  return found;
}

describe('the same birth date and names are certain, however they are written', () => {
  test.each<[string, Partial<Identity>, Partial<Identity>]>([
    ['case', { lastName: 'USAGER-TEST' }, {}],
    ['accents', { firstName: 'Zoé', lastName: "D'Été-Test" }, { firstName: 'ZOE', lastName: "D'ETE-TEST" }],
    ['decomposed accents', { firstName: 'Zoé' }, { firstName: 'Zoe\u0301' }],
    ['hyphens', { firstName: 'Jean-Essai' }, { firstName: 'Jean Essai' }],
    ['apostrophes', { lastName: "N'Essai" }, { lastName: 'N’Essai' }],
    ['blanks', { lastName: 'Le Test' }, { lastName: ' LeTest ' }],
    ['ligatures', { lastName: 'Œuvre-Test' }, { lastName: 'Oeuvre Test' }],
    ['birth name here, name of use there', { birthName: 'Essai' }, { lastName: 'Essai' }],
    ['name of use here, birth name there', {}, { lastName: 'Autre', birthName: 'Usager Test' }],
  ])('%s', (_, a, b) => {
    expect(compare(a, b)).toMatchObject({ grade: 'certain', reasons: ['same-names', 'date-same'] });
  });
});

describe('one thing that people mistype is probable', () => {
  test.each<[Reason, Partial<Identity>, Partial<Identity>]>([
    ['one-letter', { firstName: 'Camile' }, {}],
    ['one-letter', { lastName: 'Usager-Tset' }, {}],
    ['one-letter', { lastName: 'Usager-Tests' }, {}],
    ['further-first-name', { firstName: 'Camille Alix' }, {}],
    ['names-swapped', { firstName: 'Usager-Test', lastName: 'Camille' }, {}],
    ['particle', { lastName: 'de la Usager-Test' }, {}],
    ['part-of-name', { lastName: 'Usager-Test-Essai' }, {}],
    ['date-swapped', { birthDate: '1985-12-04' }, {}],
    ['date-one-digit', { birthDate: '1985-04-17' }, {}],
    ['date-year', { birthDate: '1986-04-12' }, {}],
    ['date-year', { birthDate: '1990-04-12' }, { birthDate: '1989-04-12' }],
    ['date-century', { birthDate: '1885-04-12' }, {}],
  ])('%s', (reason, a, b) => {
    expect(compare(a, b)).toMatchObject({ grade: 'probable', reasons: expect.arrayContaining([reason]) });
  });

  test.each<[string, Partial<Identity>, Partial<Identity>, Grade | undefined]>([
    ['no birth date', { birthDate: null }, {}, 'possible'],
    ['two things', { firstName: 'Camile', birthDate: '1985-12-04' }, {}, 'possible'],
    ['another birth date', { birthDate: '1992-04-13' }, {}, undefined],
    ['another first name', { firstName: 'Dominique' }, {}, undefined],
    ['another family name', { lastName: 'Autre' }, {}, undefined],
    ['no family name', { lastName: null }, {}, undefined],
    ['short names a letter apart', { firstName: 'Al' }, { firstName: 'Ay' }, undefined],
    ['names of signs alone', { firstName: '-', lastName: '.' }, {}, undefined],
    [
      'nothing but signs on both sides',
      { firstName: '-', lastName: '.' },
      { firstName: '-', lastName: '.' },
      undefined,
    ],
  ])('less than that: %s', (_, a, b, grade) => {
    expect(compare(a, b)?.grade).toBe(grade);
  });
});

describe('e-mail, telephone and address', () => {
  const home = { email: 'famille@example.org', phones: ['+33639980012'], address: '1 rue du Test 62000' };

  test('add to what names and date say, and make nobody alike', () => {
    const same = { ...home, email: 'FAMILLE@example.org', phones: ['06 39 98 00 12'], address: '1, RUE du Test 62000' };
    expect(compare({ ...home, birthDate: null }, same)).toEqual({
      grade: 'probable',
      score: 90,
      reasons: ['same-names', 'date-missing', 'same-email', 'same-phone', 'same-address'],
    });
    expect(compare({ ...home, firstName: 'Dominique' }, same)).toBeUndefined();
    expect(compare({ ...home, birthDate: '1958-09-30' }, same)).toBeUndefined();
  });

  test('leave a doubt when both e-mail and telephone are others', () => {
    const elsewhere = { email: 'autre@example.org', phones: ['+33639980099'], address: null };
    expect(compare(home, elsewhere)).toMatchObject({ grade: 'probable' });
    expect(compare(home, { ...elsewhere, phones: home.phones })).toMatchObject({ grade: 'certain' });
  });
});
