// When a usager and a contact count as the same person.
import { describe, expect, test } from 'vitest';
import { type Identity, likeness, spellings } from '../../src/matching/likeness.ts';

const person = (names: Partial<Identity> = {}): Identity => ({
  firstName: 'Camille',
  lastName: 'Usager-Test',
  birthName: null,
  birthDate: '1985-04-12',
  ...names,
});

describe('the same birth date and names make sure, however they are written', () => {
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
    expect(likeness(person(a), person(b))).toBe('sure');
    expect(likeness(person(b), person(a))).toBe('sure');
  });
});

describe('less than that', () => {
  test.each<[string, Partial<Identity>, ReturnType<typeof likeness>]>([
    ['no birth date', { birthDate: null }, 'doubtful'],
    ['another birth date', { birthDate: '1985-04-13' }, 'none'],
    ['another first name', { firstName: 'Dominique' }, 'none'],
    ['another family name', { lastName: 'Autre' }, 'none'],
    ['no family name', { lastName: null }, 'none'],
    ['names of signs alone', { firstName: '-', lastName: '.' }, 'none'],
  ])('%s', (_, other, expected) => {
    expect(likeness(person(), person(other))).toBe(expected);
    expect(likeness(person(other), person())).toBe(expected);
  });

  test('names of signs alone are not like each other', () => {
    const nobody = person({ firstName: '-', lastName: '.' });
    expect(likeness(nobody, nobody)).toBe('none');
  });
});

test('a query tries the ways to write a name that Dataverse tells apart', () => {
  expect(spellings("Le-Test d'Été")).toEqual([
    "Le-Test d'Été",
    'Le-Test d’Été',
    "Le Test d'Été",
    'Le Test d’Été',
    "Le-Test-d'Été",
    'Le-Test-d’Été',
    "LeTestd'Été",
    'LeTestd’Été',
  ]);
  expect(spellings('Test')).toEqual(['Test']);
});
