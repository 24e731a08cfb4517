import { describe, expect, test } from 'vitest';
import { makeParticipation, makeRdv, makeUser } from '../../local/rdv-solidarites/make-notification.ts';
import { MemoryDynamics, outcomesIn, writesIn } from './memory-dynamics.ts';

type UserOverrides = NonNullable<Parameters<typeof makeUser>[0]>;

const at = (second: number) => new Date(Date.parse('2026-11-24T09:00:00Z') + second * 1000).toISOString();
const userAt = (second: number, data: UserOverrides) =>
  ({ model: 'User', event: 'updated', data: makeUser(data), at: at(second) }) as const;

/** Dynamics after the sender showed these states of usagers, one after the other. */
function told(...states: readonly UserOverrides[]) {
  const dynamics = new MemoryDynamics();
  const plans = states.map((data, second) => dynamics.receive(userAt(second, data)));
  return { dynamics, contact: dynamics.contact(12), plan: plans.at(-1) };
}

describe('names and dates', () => {
  test('writes a usager to a contact, column by column', () => {
    const { contact } = told({
      first_name: 'Camille',
      last_name: 'Usager-Test',
      birth_name: "D'Essai",
      birth_date: '1985-04-12',
      address_details: 'Bâtiment B, 2e étage',
    });
    expect(contact).toEqual({
      firstname: 'Camille',
      lastname: 'Usager-Test',
      rdvs_birthname: "D'Essai",
      birthdate: '1985-04-12',
      emailaddress1: 'usager-12@example.org',
      mobilephone: '+33639980012',
      telephone1: null,
      address1_line1: "12 Rue de l'Exemple",
      address1_line2: 'Bâtiment B, 2e étage',
      address1_postalcode: '62999',
      address1_city: 'Ville-Test',
      rdvs_responsible: null,
      statecode: 0,
      statuscode: 1,
    });
  });

  // Case 3.
  test.each([
    "O'Brien d'Arc-Test",
    'N’Diaye-Test',
    "L''Her-Test",
    'Test & <Suivi> #2 + 100 % "ailleurs"; DROP',
    'Noe\u0308l-Test',
    'Test \u{1f600}',
  ])('passes %j unchanged', (name) => {
    expect(told({ first_name: name, last_name: name, birth_name: name }).contact).toMatchObject({
      firstname: name,
      lastname: name,
      rdvs_birthname: name,
    });
  });

  test('takes a text of blanks for none, and drops outer blanks', () => {
    const { contact } = told({ first_name: '  Camille\t', birth_name: ' \n ', email: '', address_details: '   ' });
    expect(contact).toMatchObject({
      firstname: 'Camille',
      rdvs_birthname: null,
      emailaddress1: null,
      address1_line2: null,
    });
  });

  test('clears a birth date that the sender clears, and keeps one that it garbles', () => {
    expect(told({}, { birth_date: null }).contact).toMatchObject({ birthdate: null });
    expect(told({}, { birth_date: '1985-02-30' }).contact).toMatchObject({ birthdate: '1985-04-12' });
  });

  test('maps none of the sensitive fields', () => {
    const secret = 'Canari';
    const dynamics = new MemoryDynamics();
    const user = makeUser(
      { affiliation_number: secret, case_number: secret, notes: secret, logement: 'sdf', caisse_affiliation: 'caf' },
      '2024',
    );
    const rdv = makeRdv({ context: secret, participations: [makeParticipation({ user })] });
    dynamics.receive({ model: 'Rdv', event: 'created', data: rdv });
    expect(JSON.stringify([...dynamics.rows])).not.toMatch(/Canari|sdf|"caf"/);
  });
});

describe('telephones', () => {
  // Case 25. Numbers that are not short codes or overseas are of the ranges that ARCEP keeps for fiction.
  test.each([
    ['a French mobile', '+33639981234', '06 39 98 12 34', { mobilephone: '+33639981234', telephone1: null }],
    ['one not formatted', null, '06 39 98 12 34', { mobilephone: '06 39 98 12 34', telephone1: null }],
    ['one without its zero', null, '639981234', { mobilephone: '639981234', telephone1: null }],
    ['a French fixed line', '+33353010012', '03 53 01 00 12', { mobilephone: null, telephone1: '+33353010012' }],
    ['a fixed line not formatted', '', '03.53.01.00.12', { mobilephone: null, telephone1: '03.53.01.00.12' }],
    ['a mobile of Guyane', '+594694000012', '0694000012', { mobilephone: '+594694000012', telephone1: null }],
    ['a mobile of Guyane not formatted', null, '0694000012', { mobilephone: '0694000012', telephone1: null }],
    ['a mobile of Guadeloupe', '+590690000012', '0690000012', { mobilephone: '+590690000012', telephone1: null }],
    ['a mobile of Réunion', '+262692000012', '0692000012', { mobilephone: '+262692000012', telephone1: null }],
    ['a short number', null, '3949', { mobilephone: null, telephone1: '3949' }],
    ['words', null, 'demander à l’accueil', { mobilephone: null, telephone1: 'demander à l’accueil' }],
    ['none', null, null, { mobilephone: null, telephone1: null }],
    ['blanks', '', '  ', { mobilephone: null, telephone1: null }],
  ])('puts %s in its column', (_, phone_number_formatted, phone_number, columns) => {
    expect(told({ phone_number_formatted, phone_number }).contact).toMatchObject(columns);
  });

  test('moves a number that changes from mobile to fixed, and back', () => {
    const mobile = { phone_number: '0639981234', phone_number_formatted: '+33639981234' };
    const fixed = { phone_number: '0353010012', phone_number_formatted: '+33353010012' };
    expect(told(mobile, fixed).contact).toMatchObject({ mobilephone: null, telephone1: '+33353010012' });
    expect(told(mobile, fixed, mobile).contact).toMatchObject({ mobilephone: '+33639981234', telephone1: null });
  });

  test('clears a number that the sender clears, and keeps one that it does not mention', () => {
    expect(told({}, { phone_number: null, phone_number_formatted: null }).contact).toMatchObject({
      mobilephone: null,
    });
    expect(told({}, { phone_number: undefined, phone_number_formatted: undefined }).contact).toMatchObject({
      mobilephone: '+33639980012',
    });
  });
});

describe('addresses', () => {
  test.each([
    ['2 La Place, Ville-Test, 62999, 62, Pas-de-Calais, Hauts-de-France', ['2 La Place', '62999', 'Ville-Test']],
    [
      "12, bis, Rue de l'Exemple, Ville-Test, 62999, 62, Pas-de-Calais, Hauts-de-France",
      ["12, bis, Rue de l'Exemple", '62999', 'Ville-Test'],
    ],
    ['1 Cours Exemple, Ville-Test, 20999, 2A, Corse-du-Sud, Corse', ['1 Cours Exemple', '20999', 'Ville-Test']],
    ['8 Chemin Exemple, Ville-Test, 97499, 974, La Réunion, La Réunion', ['8 Chemin Exemple', '97499', 'Ville-Test']],
    ['Ville-Test, 62999, 62, Pas-de-Calais, Hauts-de-France', [null, '62999', 'Ville-Test']],
    ['3 Rue Exemple,Ville-Test ,62999,62', ['3 Rue Exemple', '62999', 'Ville-Test']],
    ['2 La Place 62999 Ville-Test', ['2 La Place 62999 Ville-Test', null, null]],
    ['Chez Test, 62999, Ville-Test', ['Chez Test, 62999, Ville-Test', null, null]],
    ['62999, 62', ['62999, 62', null, null]],
    ['', [null, null, null]],
    [null, [null, null, null]],
  ])('reads %j', (address, [line1, postalCode, city]) => {
    expect(told({ address }).contact).toMatchObject({
      address1_line1: line1,
      address1_postalcode: postalCode,
      address1_city: city,
    });
  });

  test('leaves no postcode or city of the address before', () => {
    expect(told({}, { address: 'Sans domicile stable' }).contact).toMatchObject({
      address1_line1: 'Sans domicile stable',
      address1_postalcode: null,
      address1_city: null,
    });
    expect(told({}, { address: null }).contact).toMatchObject({ address1_line1: null, address1_city: null });
    expect(told({}, { address: undefined }).contact).toMatchObject({ address1_city: 'Ville-Test' });
  });
});

describe('texts longer than their column', () => {
  // Case 17.
  test.each([
    ['between two letters', `${'a'.repeat(50)}bcd`, 'a'.repeat(50)],
    ['before an emoji that does not fit whole', `${'a'.repeat(49)}\u{1f600}b`, 'a'.repeat(49)],
    ['after an emoji that just fits', `${'a'.repeat(48)}\u{1f600}b`, `${'a'.repeat(48)}\u{1f600}`],
    ['before a blank', `${'a'.repeat(49)} bcd`, 'a'.repeat(49)],
  ])('cuts %s, and reports the column', (_, first_name, firstname) => {
    const { contact, plan } = told({ first_name });
    expect(contact).toMatchObject({ firstname });
    expect(plan?.cut).toEqual(['contact.firstname']);
  });

  test('reports nothing for a text that fits exactly', () => {
    const first_name = `${'a'.repeat(48)}\u{1f600}`;
    const { contact, plan } = told({ first_name });
    expect(contact).toMatchObject({ firstname: first_name });
    expect(plan?.cut).toEqual([]);
  });

  test('reports each column once, whatever the number of people', () => {
    const dynamics = new MemoryDynamics();
    const long = { address: 'é'.repeat(300), birth_name: 'n'.repeat(101) };
    const participations = [12, 13].map((id) => makeParticipation({ user: makeUser({ id, ...long }) }));
    const plan = dynamics.receive({ model: 'Rdv', event: 'created', data: makeRdv({ participations }) });
    expect(plan.cut.toSorted()).toEqual(['contact.address1_line1', 'contact.rdvs_birthname']);
    expect(dynamics.contact(13)).toMatchObject({ address1_line1: 'é'.repeat(250), rdvs_birthname: 'n'.repeat(100) });
  });

  test('leaves the contact alone when only what is cut off changed', () => {
    const { plan } = told({ first_name: `${'a'.repeat(50)}b` }, { first_name: `${'a'.repeat(50)}c` });
    expect(plan && outcomesIn(plan)).toEqual(['usager-12 unchanged']);
    expect(plan && writesIn(plan)).toEqual(['update rdvs_link']);
  });
});

describe('a usager is known by its id alone', () => {
  // Case 4.
  test('takes a usager without e-mail and telephone', () => {
    const bare = { email: '', phone_number: null, phone_number_formatted: null, address: null, birth_date: null };
    expect(told(bare).contact).toMatchObject({ lastname: 'Usager-Test', emailaddress1: null, mobilephone: null });
  });

  // Case 5.
  test('makes two contacts of two usagers who share everything', () => {
    const shared = { email: 'famille-test@example.org', phone_number: null, phone_number_formatted: null };
    const { dynamics } = told(shared, { ...shared, id: 14 });
    expect(dynamics.contactId(14)).not.toBe(dynamics.contactId(12));
    expect(dynamics.contact(14)).toMatchObject({ emailaddress1: 'famille-test@example.org' });
    expect(dynamics.contact(12)).toMatchObject({ emailaddress1: 'famille-test@example.org' });
  });

  test('lets a usager take the e-mail of another one', () => {
    const { dynamics } = told({}, { id: 14 }, { email: 'usager-14@example.org' }, { id: 14, email: null });
    expect(dynamics.contact(12)).toMatchObject({ emailaddress1: 'usager-14@example.org' });
    expect(dynamics.contact(14)).toMatchObject({ emailaddress1: null });
  });
});

describe('proches', () => {
  const camille = makeUser({ id: 12, first_name: 'Camille' });
  const sacha = makeUser({ id: 15, first_name: 'Sacha' });

  // Case 6.
  test('creates the responsible first, ties the proche to it, and copies neither e-mail nor address', () => {
    const { dynamics, plan } = told({ id: 13, responsible: camille, email: camille.email });
    expect(dynamics.contact(13)).toMatchObject({
      rdvs_responsible: { table: 'contact', id: dynamics.contactId(12) },
      emailaddress1: null,
      mobilephone: null,
      address1_line1: null,
      address1_postalcode: null,
      address1_city: null,
    });
    expect(dynamics.contact(12)).toMatchObject({ emailaddress1: 'usager-12@example.org', rdvs_responsible: null });
    expect(plan && outcomesIn(plan)).toEqual(['usager-12 applied', 'usager-13 applied']);
  });

  test('keeps an e-mail, a telephone and an address of its own', () => {
    const own = {
      email: 'usager-13@example.org',
      phone_number_formatted: '+33639980013',
      address: '1 Rue du Test, Ville-Test, 62999, 62',
    };
    expect(told({ id: 13, responsible: camille, ...own }).dynamics.contact(13)).toMatchObject({
      emailaddress1: 'usager-13@example.org',
      mobilephone: '+33639980013',
      address1_line1: '1 Rue du Test',
    });
  });

  test('loses its own address when the sender falls back on that of the responsible', () => {
    const own = { id: 13, responsible: camille, address: '1 Rue du Test, Ville-Test, 62999, 62' };
    const { dynamics } = told(own, { ...own, address: camille.address });
    expect(dynamics.contact(13)).toMatchObject({ address1_line1: null, address1_city: null });
  });

  test('comes out the same whether it or its responsible arrives first', () => {
    const child = userAt(1, { id: 13, responsible: camille });
    const adult = userAt(0, { id: 12, first_name: 'Camille' });
    const [childFirst, adultFirst] = [new MemoryDynamics(), new MemoryDynamics()];
    for (const one of [child, adult]) childFirst.receive(one);
    for (const one of [adult, child]) adultFirst.receive(one);
    expect(childFirst.rows.size).toBe(adultFirst.rows.size);
    for (const dynamics of [childFirst, adultFirst]) {
      expect(dynamics.contact(12)).toMatchObject({ firstname: 'Camille', emailaddress1: 'usager-12@example.org' });
      expect(dynamics.contact(13)?.['rdvs_responsible']).toEqual({ table: 'contact', id: dynamics.contactId(12) });
    }
  });

  test('follows a responsible that is replaced, then removed', () => {
    const { dynamics } = told({ id: 13, responsible: camille }, { id: 13, responsible: sacha });
    expect(dynamics.contact(13)?.['rdvs_responsible']).toEqual({ table: 'contact', id: dynamics.contactId(15) });
    dynamics.receive(userAt(2, { id: 13, responsible: null }));
    expect(dynamics.contact(13)).toMatchObject({ rdvs_responsible: null, emailaddress1: 'usager-13@example.org' });
  });

  test('keeps its responsible when the body does not mention one', () => {
    const { dynamics } = told(
      { id: 13, responsible: camille },
      { id: 13, responsible: undefined, responsible_id: undefined },
    );
    expect(dynamics.contact(13)?.['rdvs_responsible']).toEqual({ table: 'contact', id: dynamics.contactId(12) });
  });

  test('takes a responsible who has a responsible', () => {
    const { dynamics } = told({ id: 13, responsible: makeUser({ id: 14, responsible: camille }) });
    expect(dynamics.contact(13)?.['rdvs_responsible']).toEqual({ table: 'contact', id: dynamics.contactId(14) });
    expect(dynamics.contact(14)?.['rdvs_responsible']).toEqual({ table: 'contact', id: dynamics.contactId(12) });
  });

  test('takes a participant as itself when it is also the responsible of another', () => {
    const dynamics = new MemoryDynamics();
    const child = makeUser({ id: 13, responsible: makeUser({ id: 12, first_name: 'Ancienne copie' }) });
    const participations = [child, camille].map((user) => makeParticipation({ user }));
    const plan = dynamics.receive({ model: 'Rdv', event: 'created', data: makeRdv({ participations }) });
    expect(dynamics.contact(12)).toMatchObject({ firstname: 'Camille' });
    expect(writesIn(plan).filter((write) => write === 'create contact')).toHaveLength(2);
  });
});
