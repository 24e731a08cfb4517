// `links suggest` lists usagers beside the contacts that may be theirs.
import { mkdir, readFile, stat } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import {
  makeNotification,
  makeOrganisation,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { at, body, Desk, named, person } from '../matching/desk.ts';

const desk = new Desk();

type Line = Record<string, string>;
const linesOf = (csv: string): Line[] => parse(csv, { columns: true, bom: true, delimiter: ';' });

async function suggest(...args: string[]) {
  const { code, printed, complaints } = await desk.links('suggest', ...args);
  expect(code).toBe(0);
  return { lines: linesOf(printed), summary: complaints.at(-1), complaints };
}

describe('links suggest, from notifications in a folder', () => {
  test('names everyone whom bodies name, each once, by the newest copy', async () => {
    const responsible = makeUser({ id: 14, first_name: 'Dominique' });
    await desk.write('1.json', body({ id: 12, first_name: 'Nouveau' }, 5));
    await desk.write('2.json', body({ id: 12, first_name: 'Ancien' }, 1));
    await mkdir(desk.path('rdv'));
    const participations = [13, 12].map((id) => makeParticipation({ user: makeUser({ ...named, id, responsible }) }));
    const rdv = makeNotification({ model: 'Rdv', event: 'created', data: makeRdv({ participations }), at: at(0) });
    await desk.write('rdv/3.JSON', senderJson(rdv));
    const data = { user: makeUser({ ...named, id: 15 }), organisation: makeOrganisation() };
    await desk.write('4.json', senderJson(makeNotification({ model: 'UserProfile', event: 'created', data })));
    const { lines } = await suggest('--folder', desk.folder);
    expect(lines.map(({ usager, prenom, situation }) => `${usager} ${prenom} ${situation}`)).toEqual([
      '12 Nouveau aucun',
      '13 Camille aucun',
      '14 Dominique aucun',
      '15 Camille aucun',
    ]);
  });

  test('leaves out who was destroyed or anonymised, and says which files are no notifications', async () => {
    await desk.write('1.json', body({ id: 12 }, 0));
    await desk.write('2.json', body({ id: 12 }, 1, 'destroyed'));
    await desk.write('3.json', body({ id: 13 }, 0));
    await desk.write('4.json', body({ id: 13, first_name: 'Usager supprimé', last_name: 'Usager supprimé' }, 1));
    await desk.write('5.json', '{"nom":"Usager-Test"}');
    await desk.write('6.txt', 'Usager-Test');
    const { lines, complaints } = await suggest('--folder', desk.folder);
    expect(lines).toEqual([]);
    expect(complaints[0]).toBe('5.json: not a notification, left out');
    expect(complaints.join()).not.toContain('Usager-Test');
  });

  test('proposes the one contact with the same birth date and names, and tells whether the e-mail is the same', async () => {
    const contact = desk.addContact({ ...person, lastname: 'USAGER TEST', emailaddress1: 'USAGER-12@example.org' });
    const mistyped = desk.addContact({ ...person, birthdate: '1985-04-13' });
    desk.addContact({ ...person, firstname: 'Dominique', emailaddress1: 'usager-12@example.org' });
    desk.addContact({ ...person, statecode: 1, statuscode: 2 });
    await desk.write('1.json', body({ id: 12 }));
    const { lines, summary } = await suggest('--folder', desk.folder);
    expect(lines).toMatchObject([
      {
        usager: '12',
        situation: 'proposé',
        contact,
        candidat: contact,
        candidat_nom: 'USAGER TEST',
        meme_email: 'oui',
        raisons: 'mêmes noms, même date de naissance, même e-mail',
      },
      { usager: '12', contact: '', candidat: mistyped, raisons: 'mêmes noms, un chiffre de la date de naissance' },
    ]);
    expect(lines[0]?.['fiche']).toBe(`${desk.dataverse.url}/main.aspx?pagetype=entityrecord&etn=contact&id=${contact}`);
    expect(summary).toBe('1 usagers: 1 proposed, 0 ambiguous, 0 without a candidate, 0 already tied');
  });

  test("finds names that Dataverse's own comparison does not, with whatever signs they hold", async () => {
    const joined = desk.addContact({ firstname: 'Jean Essai', lastname: "D'Ete&Test", birthdate: '1985-04-12' });
    const undated = desk.addContact({ firstname: 'jean essai', lastname: 'D’Été&Test' });
    await desk.write('1.json', body({ id: 12, first_name: 'Jean-Essai', last_name: "D'Été&Test" }));
    const { lines } = await suggest('--folder', desk.folder);
    expect(lines.map(({ contact, candidat, raisons }) => [contact, candidat, raisons])).toEqual([
      [joined, joined, 'mêmes noms, même date de naissance'],
      ['', undated, 'mêmes noms, date de naissance absente'],
    ]);
  });

  test('decides nothing where several contacts, or several usagers, are alike', async () => {
    const twins = [
      desk.addContact({ ...person, firstname: 'Alix' }),
      desk.addContact({ ...person, firstname: 'Alix' }),
    ];
    const shared = desk.addContact();
    const undated = desk.addContact({ firstname: 'Sacha', lastname: 'Usager-Test' });
    await desk.write('1.json', body({ id: 12, first_name: 'Alix' }));
    await desk.write('2.json', body({ id: 13 }));
    await desk.write('3.json', body({ id: 14 }));
    await desk.write('4.json', body({ id: 15, first_name: 'Sacha' }));
    const { lines, summary } = await suggest('--folder', desk.folder);
    expect(lines.map(({ situation, contact }) => `${situation} ${contact}`)).toEqual(Array(5).fill('ambigu '));
    const ofUsager = (usager: string) => lines.filter((line) => line['usager'] === usager);
    expect(
      ofUsager('12')
        .map(({ candidat }) => candidat)
        .sort(),
    ).toEqual(twins.sort());
    expect(ofUsager('13')).toMatchObject([{ candidat: shared, remarque: 'ressemble aussi à usager-14' }]);
    expect(ofUsager('15')).toMatchObject([{ candidat: undated, raisons: 'mêmes noms, date de naissance absente' }]);
    expect(summary).toContain('0 proposed, 4 ambiguous');
  });

  test('marks usagers who have a contact, contacts that have a usager, and contacts that were deleted', async () => {
    const [mine, theirs, new_] = [
      desk.addContact({ lastname: 'Déjà-Test' }),
      desk.addContact(),
      desk.addContact({ ...person, firstname: 'Alix' }),
    ];
    const { code } = await desk.importLines([12, mine], [20, theirs]);
    expect(code).toBe(0);
    await desk.worker.deliver(body({ id: 14, first_name: 'Alix' }, 1));
    desk.rows.remove('contact', desk.contactOf(14));
    for (const id of [12, 13]) await desk.write(`${id}.json`, body({ id }));
    await desk.write('14.json', body({ id: 14, first_name: 'Alix' }));
    const { lines } = await suggest('--folder', desk.folder);
    expect(lines).toMatchObject([
      {
        usager: '12',
        situation: 'déjà lié',
        contact_actuel: mine,
        contact: '',
        candidat: theirs,
        remarque: 'lié à usager-20 ; ressemble aussi à usager-13',
      },
      {
        usager: '13',
        situation: 'ambigu',
        contact: '',
        candidat: theirs,
        remarque: 'lié à usager-20 ; ressemble aussi à usager-12',
      },
      { usager: '14', situation: 'ambigu', contact: '', candidat: new_, remarque: 'contact supprimé dans Dynamics' },
    ]);
  });

  test('reads all contacts and links, five thousand a request', async () => {
    for (let id = 1; id <= 150; id += 1) await desk.write(`${id}.json`, body({ id, first_name: `Prénom${id}` }));
    for (let id = 1; id <= 1100; id += 1) desk.addContact({ ...person, firstname: `prenom${id}` });
    const { lines, summary } = await suggest('--folder', desk.folder);
    expect(summary).toMatch(/^150 usagers: 150 proposed/);
    expect(
      lines.every(({ prenom, candidat_prenom }) => candidat_prenom === prenom?.toLowerCase().replace('é', 'e')),
    ).toBe(true);
    // A page of contacts, a page of links.
    const paths = desk.dataverse.requests.map(({ method, path }) => `${method} ${path}`);
    expect(paths).toEqual(['GET /api/data/v9.2/contacts', 'GET /api/data/v9.2/rdvs_links']);
  });

  test('writes a new file for its owner, and never over another', async () => {
    await desk.write('1.json', body({ id: 12 }));
    const out = desk.path('liens.csv');
    const first = await desk.links('suggest', '--folder', desk.folder, '--out', out);
    expect(first).toMatchObject({ code: 0, printed: '' });
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    expect(linesOf(await readFile(out, 'utf8'))).toMatchObject([{ usager: '12', nom: 'Usager-Test' }]);
    const second = await desk.links('suggest', '--folder', desk.folder, '--out', out);
    expect(second).toMatchObject({ code: 1, complaints: [`--out: ${out} exists already`] });
  });

  test.each([
    [['--folder', '/nowhere/at/all'], /^--folder: \/nowhere\/at\/all cannot be read$/],
    [['--folder', 'src/matching'], /^--folder: src\/matching holds no \.json file$/],
  ])('says what to change: %j', async (args, message) => {
    const { code, complaints } = await desk.links('suggest', ...args);
    expect(code).toBe(1);
    expect(complaints.at(-1)).toMatch(message);
  });
});

test('links suggest without a folder lists usagers whose contact resembles another, as a table or as JSON', async () => {
  const [mine, other] = [desk.addContact(), desk.addContact({ ...person, firstname: 'Camile' })];
  desk.addContact({ ...person, firstname: 'Dominique' });
  await desk.importLines([12, mine]);
  const { lines, summary } = await suggest();
  expect(lines).toMatchObject([
    {
      usager: '12',
      situation: 'déjà lié',
      contact_actuel: mine,
      contact: '',
      candidat: other,
      raisons: 'une lettre de différence, même date de naissance',
    },
  ]);
  expect(summary).toBe('1 usagers with a contact, 1 of whom resemble another; 0 without a contact');
  const { printed } = await desk.links('suggest', '--json');
  expect(JSON.parse(printed)).toMatchObject([
    {
      usager: 12,
      situation: 'tied',
      contact: mine,
      candidates: [{ contact: { id: other }, grade: 'probable', reasons: ['one-letter', 'date-same'] }],
    },
  ]);
});

test('links suggest without a folder lists usagers without a contact, of whom a link tells only an id', async () => {
  await desk.worker.deliver(body({ id: 12 }, 0));
  await desk.worker.deliver(body({ id: 13 }, 0));
  await desk.worker.deliver(body({ id: 14 }, 0));
  await desk.worker.deliver(body({ id: 14 }, 1, 'destroyed'));
  for (const usager of [13, 14]) desk.rows.remove('contact', desk.contactOf(usager));
  const { lines, summary } = await suggest();
  expect(lines).toMatchObject([
    { usager: '13', situation: 'sans contact', contact: '', nom: '', remarque: 'contact supprimé dans Dynamics' },
  ]);
  expect(summary).toBe(
    '1 usagers with a contact, 0 of whom resemble another; 1 without a contact: find theirs by hand, for a link names nobody',
  );
});
