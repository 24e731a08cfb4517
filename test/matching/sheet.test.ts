// The sheet of suggestions, as it is written and as a spreadsheet gives it back.
import { describe, expect, test } from 'vitest';
import { Described } from '../../src/matching/described.ts';
import { readSheet, SheetError } from '../../src/matching/sheet-reading.ts';
import { writeSheet } from '../../src/matching/sheet-writing.ts';
import type { Suggestion } from '../../src/matching/suggestion.ts';
import type { UsagerId } from '../../src/rdv-solidarites/models.ts';
import type { Guid } from '../../src/sync/model/link-names.ts';

const CONTACT = '3f2b6c7d-8e90-4a57-9f0e-5d1f3a528c1b';
const OTHER = 'a0a0a0a0-8e90-4a57-9f0e-5d1f3a528c1b';
const URL = 'https://contoso.crm12.dynamics.com/';

function proposed(firstName: string): Suggestion {
  const clues = { email: null, phones: [], address: null };
  const identity = { firstName, lastName: 'Usager-Test', birthName: null, birthDate: '1985-04-12', ...clues };
  const contact = new Described(CONTACT as Guid, identity);
  const likeness = { grade: 'certain', score: 90, reasons: ['same-names', 'date-same'] } as const;
  const match = { contact, likeness, sameEmail: undefined, tiedTo: [], alsoLike: [] };
  return {
    usager: 12 as UsagerId,
    who: new Described(12, identity),
    situation: 'proposed',
    matches: [match],
    link: null,
  };
}

const sheetOf = (firstName: string) => [...writeSheet([proposed(firstName)], URL)].join('');
const linesOf = (sheet: string) => sheet.split('\r\n');
const read = (text: string) => readSheet(Buffer.from(text));

describe('a written sheet', () => {
  test('is CSV as Excel in French opens it', () => {
    const [header, line, ...rest] = linesOf(sheetOf('Camille'));
    expect(header?.startsWith('\uFEFFusager;contact;situation;')).toBe(true);
    expect(line).toBe(
      `12;${CONTACT};proposé;;Camille;Usager-Test;;1985-04-12;${CONTACT};Camille;Usager-Test;;1985-04-12;;` +
        '90;mêmes noms, même date de naissance;;' +
        `https://contoso.crm12.dynamics.com/main.aspx?pagetype=entityrecord&etn=contact&id=${CONTACT}`,
    );
    expect(rest).toEqual(['']);
  });

  test.each([
    '=1+1',
    '+33',
    '-1',
    '@SUM(A1)',
    '\t=1',
    ' =HYPERLINK("https://example.org")',
    '\u200B=1+1',
    '\u200BCamille',
    '\u0000=1',
    "|cmd|' /C calc'!A0",
    '|\t@SUM(A1)',
    '\u0000\u200B+33',
    '＝1',
  ])('holds no formula: %j', (firstName) => {
    const [, line = ''] = linesOf(sheetOf(firstName));
    expect(line).toMatch(/;proposé;;"?'/);
    expect(line).not.toMatch(/;"?[=+@|\p{C}-]/u);
  });

  test('keeps a person on one line, whatever the name holds', () => {
    const sheet = sheetOf('Camille\r\n"; drop');
    expect(linesOf(sheet)).toHaveLength(3);
    expect(sheet).toContain('"Camille ""; drop"');
    expect(read(sheet).decisions).toEqual([{ line: 2, usager: 12, contact: CONTACT }]);
  });
});

describe('a sheet that comes back', () => {
  const one = { line: 2, usager: 12, contact: CONTACT };

  test.each([
    ['semicolons', `usager;contact\r\n12;${CONTACT}\r\n`],
    ['commas', `usager,contact\n12,${CONTACT}`],
    ['tabs', `contact\tusager\n${CONTACT}\t12\n`],
    ['a byte order mark, quotes, blanks and capitals', `\uFEFF"Usager";" Contact "\n" 12 ";"${CONTACT.toUpperCase()}"`],
    ['other columns', `nom;usager;contact\n"a;b";12;${CONTACT}\n`],
    ['the name of the link, braces', `usager;contact\nusager-12;{${CONTACT}}`],
    ['the address of the page', `usager;contact\n12;${URL}main.aspx?etn=contact&id=%7B${CONTACT}%7D&cmdbar=true`],
    ['fewer and more empty cells', `usager;contact;nom\n12;${CONTACT}\n13\n14;;;;\n`],
  ])('is read with %s', (_, text) => {
    expect(read(text)).toMatchObject({ decisions: [one], bad: [] });
  });

  test('is read in the encoding of Windows too', () => {
    const bytes = Buffer.from(`usager;contact;prénom\n12;${CONTACT};Zoé\n`, 'latin1');
    expect(readSheet(bytes).decisions).toEqual([one]);
  });

  test('tells lines that cannot be used by their number', () => {
    const text = ['usager;contact', `douze;${CONTACT}`, '12;Camille', '', `12;${CONTACT};x`, ';', '13;', `14;${OTHER}`];
    expect(read(text.join('\n'))).toEqual({
      decisions: [{ line: 8, usager: 14, contact: OTHER }],
      bad: [
        { line: 2, reason: 'usager-expected' },
        { line: 3, reason: 'contact-expected' },
        { line: 5, reason: 'too-many-columns' },
      ],
      undecided: 1,
    });
  });

  test.each([
    ['never closed', [`"12;${OTHER}`]],
    ['closed in the middle of a cell', [`12;"${OTHER}"Camille`]],
    ['closed lines later by chance', [`12;"Camille`, `13;${OTHER}`, `15;"${OTHER}`]],
  ])('loses nothing but the line of a quote that is %s', (_, wrong) => {
    const { decisions, bad } = read(['usager;contact', ...wrong, `14;${CONTACT}`].join('\r\n'));
    expect(decisions.at(-1)).toEqual({ line: 2 + wrong.length, usager: 14, contact: CONTACT });
    expect(bad[0]).toEqual({ line: 2, reason: 'not-csv' });
    expect(decisions.length + bad.length).toBe(wrong.length + 1);
  });

  test('keeps a cell of several lines together', () => {
    const text = `usager;contact;note\n12;${CONTACT};"deux\nlignes"\n14;${OTHER};\n`;
    expect(read(text).decisions.map(({ line, usager }) => [line, usager])).toEqual([
      [3, 12],
      [4, 14],
    ]);
  });

  test.each([
    ['', /^line 1: expected the columns usager and contact$/],
    ['nom;prenom\nUsager-Test;Camille', /^line 1: expected the columns/],
    ['usager;"contact\n12;Camille', /^line 1: expected the columns/],
  ])('is refused as a whole when it is no such table: %j', (text, message) => {
    expect(() => read(text)).toThrow(SheetError);
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).not.toThrow(/Camille/);
  });
});
