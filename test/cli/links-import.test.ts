// `links import` ties usagers to existing contacts, as a sheet says.
import { describe, expect, test } from 'vitest';
import type { UsagerId } from '../../src/rdv-solidarites/models.ts';
import { decodeApplied } from '../../src/sync/model/applied.ts';
import { linkId } from '../../src/sync/model/link-names.ts';
import { usagerLink } from '../../src/sync/people/people-names.ts';
import { body, Desk, person } from '../matching/desk.ts';

const desk = new Desk();

describe('links import', () => {
  test('what suggest proposes can be imported; the contact gets its empty columns filled, and no second one is made', async () => {
    const contact = desk.addContact({ ...person, mobilephone: '06 39 98 99 99', jobtitle: 'Essai' });
    await desk.write('1.json', body({ id: 12 }));
    const out = desk.path('liens.csv');
    await desk.links('suggest', '--folder', desk.folder, '--out', out);
    expect(await desk.links('import', out)).toMatchObject({
      code: 0,
      printed: '1 tied, 0 already so, 0 refused, 0 undecided (2 requests)',
    });
    expect(desk.linkOf(12)).toMatchObject({
      rdvs_name: 'usager-12',
      rdvs_version: null,
      rdvs_state: 1,
      _rdvs_contact_value: contact,
    });

    const read = () => desk.rows.get('contact', contact);
    await desk.worker.deliver(body({ id: 12, first_name: 'Autre-Test' }));
    expect(read()).toMatchObject({
      ...person,
      mobilephone: '06 39 98 99 99',
      jobtitle: 'Essai',
      emailaddress1: 'usager-12@example.org',
      address1_city: 'Ville-Test',
    });
    await desk.worker.deliver(body({ id: 12, first_name: 'Nouveau-Test' }, 1));
    expect(read()).toMatchObject({ firstname: 'Nouveau-Test', mobilephone: '06 39 98 99 99' });
    expect(desk.rows.list('contact')).toHaveLength(1);
  });

  test('writes links alone, once: a second run changes nothing', async () => {
    const contacts = Array.from({ length: 150 }, () => desk.addContact());
    const lines = contacts.map((contact, at) => [at + 1, contact] as const);
    expect((await desk.importLines(...lines)).printed).toBe(
      '150 tied, 0 already so, 0 refused, 0 undecided (4 requests)',
    );
    const before = desk.dataverse.snapshot();
    const again = await desk.importLines(...lines, [1, contacts[0] ?? '']);
    expect(again).toMatchObject({ code: 0, printed: '0 tied, 150 already so, 0 refused, 0 undecided (2 requests)' });
    expect(desk.dataverse.snapshot()).toEqual(before);
  });

  test('a dry run tells the same and writes nothing', async () => {
    const before = desk.dataverse.snapshot();
    const contact = desk.addContact();
    const text = `usager;contact\n12;${contact}\n13;${linkId(usagerLink(13 as UsagerId))}\n`;
    const { code, printed, complaints } = await desk.importText(text, '--dry-run');
    expect(code).toBe(1);
    expect(printed).toBe('1 would be tied, 0 already so, 1 refused, 0 undecided (1 requests)');
    expect(complaints).toEqual(['line 3: usager-13: contact-not-found: no contact has this id', '1 lines refused']);
    desk.rows.remove('contact', contact);
    expect(desk.dataverse.snapshot()).toEqual(before);
  });

  test('refuses line by line what it cannot do, and does the rest', async () => {
    const [good, inactive, other] = [
      desk.addContact(),
      desk.addContact({ ...person, statecode: 1, statuscode: 2 }),
      desk.addContact(),
    ];
    await desk.worker.deliver(body({ id: 14 }, 0));
    await desk.worker.deliver(body({ id: 15 }, 0));
    await desk.worker.deliver(body({ id: 15 }, 1, 'destroyed'));
    const own = desk.linkOf(14)?.['_rdvs_contact_value'];
    const result = await desk.importLines(
      [12, good],
      [13, inactive],
      [14, other],
      [15, other],
      [16, good],
      [16, other],
      ['Usager-Test', good],
    );
    expect(result.code).toBe(1);
    expect(result.printed).toBe('1 tied, 0 already so, 6 refused, 0 undecided (2 requests)');
    expect(result.complaints.flatMap((line) => /^line \d+: (?:usager-\d+: )?[a-z-]+/.exec(line) ?? [])).toEqual([
      'line 3: usager-13: contact-inactive',
      'line 4: usager-14: already-tied',
      'line 5: usager-15: usager-removed',
      'line 6: usager-16: several-contacts',
      'line 7: usager-16: several-contacts',
      'line 8: usager-expected',
    ]);
    expect(result.complaints.join()).not.toContain('Usager-Test');
    expect(desk.linkOf(12)).toMatchObject({ _rdvs_contact_value: good });
    expect(desk.linkOf(14)).toMatchObject({ _rdvs_contact_value: own });
    expect(
      desk.rows
        .list('rdvs_link')
        .map((row) => row['rdvs_name'])
        .sort(),
    ).toEqual(['usager-12', 'usager-14', 'usager-15']);
  });

  test('follows merges to the contact that is left', async () => {
    const [oldest, older, master] = [desk.addContact(), desk.addContact(), desk.addContact()];
    for (const [loser, winner] of [
      [oldest, older],
      [older, master],
    ] as const) {
      desk.rows.update('contact', loser, { statecode: 1, statuscode: 2, _masterid_value: winner });
    }
    expect((await desk.importLines([12, oldest])).printed).toBe(
      '1 tied, 0 already so, 0 refused, 0 undecided (4 requests)',
    );
    expect(desk.linkOf(12)).toMatchObject({ _rdvs_contact_value: master });
    expect((await desk.importLines([12, older])).printed).toMatch(/^0 tied, 1 already so/);
  });

  test('--move takes a usager to another contact, of which first only the empty columns are filled', async () => {
    await desk.worker.deliver(body({ id: 12 }, 0));
    const former = desk.contactOf(12);
    const before = desk.rows.get('contact', former);
    const contact = desk.addContact({ ...person, firstname: 'Prénom-CRM' });
    const text = `usager;contact\n12;${contact}\n`;
    expect((await desk.importText(text, '--move')).code).toBe(0);
    expect((await desk.importText(text, '--move')).printed).toMatch(/^0 tied, 1 already so/);
    await desk.worker.deliver(body({ id: 12, last_name: 'Autre-Test' }, 1));
    expect(desk.rows.get('contact', contact)).toMatchObject({
      firstname: 'Prénom-CRM',
      lastname: 'Usager-Test',
      emailaddress1: 'usager-12@example.org',
    });
    expect(desk.rows.get('contact', former)).toEqual(before);
  });

  test('brings back, on purpose, a usager whose contact was deleted', async () => {
    await desk.worker.deliver(body({ id: 12 }, 0));
    desk.rows.remove('contact', desk.contactOf(12));
    await desk.worker.deliver(body({ id: 12 }, 1));
    expect(desk.rows.list('contact')).toEqual([]);
    const contact = desk.addContact({ lastname: 'Nom-CRM' });
    expect((await desk.importLines([12, contact])).code).toBe(0);
    await desk.worker.deliver(body({ id: 12 }, 2));
    expect(desk.rows.get('contact', contact)).toMatchObject({ lastname: 'Nom-CRM', firstname: 'Camille' });
  });

  test('a tied contact that is deleted before the first notification stays out', async () => {
    const contact = desk.addContact();
    await desk.importLines([12, contact]);
    expect(decodeApplied(String(desk.linkOf(12)?.['rdvs_applied']))).toMatchObject({ tied: true, columns: {} });
    desk.rows.remove('contact', contact);
    await desk.worker.deliver(body({ id: 12 }));
    expect(desk.worker.events.at(-1)).toMatchObject({ outcome: 'ignored', reasons: ['deleted-in-dynamics'] });
    expect(desk.rows.list('contact')).toEqual([]);
  });

  test('an interrupted run is completed by the next one', async () => {
    const lines = Array.from({ length: 150 }, (_, at) => [at + 1, desk.addContact()] as const);
    // The first hundred takes two requests; the writing of the others is the fourth.
    desk.dataverse.faults.add({ kind: 'slow', ms: 0, times: 3 });
    desk.dataverse.faults.add({ kind: '503' });
    const interrupted = await desk.importLines(...lines);
    expect(interrupted).toMatchObject({ code: 1, printed: '' });
    expect(interrupted.complaints).toEqual([expect.stringMatching(/^DATAVERSE_URL: .*503/)]);
    expect(desk.rows.list('rdvs_link')).toHaveLength(100);
    expect((await desk.importLines(...lines)).printed).toMatch(/^50 tied, 100 already so, 0 refused/);
  });

  test('reads again when the worker was faster', async () => {
    const contact = desk.addContact({ lastname: 'Nom-CRM' });
    desk.dataverse.faults.add({ kind: 'deadlock', times: 2 });
    expect(await desk.importLines([12, contact])).toMatchObject({
      code: 0,
      printed: '1 tied, 0 already so, 0 refused, 0 undecided (4 requests)',
    });
  });

  test.each([
    ['nom;prenom\nUsager-Test;Camille\n', /: line 1: expected the columns usager and contact$/],
    [
      'usager;contact\n12;"Camille"Usager-Test\n',
      /line 2: not-csv: a quote is not closed, or not doubled,1 lines refused$/,
    ],
  ])('refuses a file that is no such table, and repeats nothing of it: %j', async (text, message) => {
    const { code, complaints } = await desk.importText(text);
    expect(code).toBe(1);
    expect(complaints.join()).toMatch(message);
    expect(complaints.join()).not.toMatch(/Camille|Usager-Test/);
    expect(desk.dataverse.requests).toEqual([]);
  });
});
