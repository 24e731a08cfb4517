// `duplicates find` keeps the list of contacts that may be one person, and what people said about them.
import { expect, test } from 'vitest';
import { rawClient } from '../../local/dataverse/test/raw-client.ts';
import { connectorRole } from '../../src/provision/roles.ts';
import { optionValues } from '../../src/schema/schema.ts';
import { Desk, person } from '../matching/desk.ts';

const desk = new Desk();
const { toreview, distinct, merged } = optionValues.rdvs_duplicate.rdvs_state;

const find = async (...args: string[]) => {
  const { code, printed, complaints } = await desk.command('duplicates', 'find', ...args);
  expect({ code, complaints }).toEqual({ code: 0, complaints: [] });
  return printed;
};
const rows = () => desk.rows.list('rdvs_duplicate');
const idOf = (row: ReturnType<typeof rows>[number] | undefined) => String(row?.['rdvs_duplicateid']);
const pairOf = (row: ReturnType<typeof rows>[number] | undefined) =>
  [row?.['_rdvs_contact_value'], row?.['_rdvs_othercontact_value']].sort();

async function merge(from: string, into: string): Promise<void> {
  const entity = (contactid: string) => ({ '@odata.type': 'Microsoft.Dynamics.CRM.contact', contactid });
  const given = { Target: entity(into), Subordinate: entity(from), UpdateContent: {}, PerformParentingChecks: false };
  const { status } = await rawClient(desk.dataverse.url, 'local').post('Merge', given);
  expect(status).toBe(204);
}

test('lists contacts that may be one person, tied or not, once and without any value of theirs', async () => {
  const [mine, typo, other] = [
    desk.addContact(),
    desk.addContact({ ...person, firstname: 'Camile' }),
    desk.addContact({ ...person, firstname: 'Dominique' }),
  ];
  await desk.importLines([12, mine]);
  expect(await find()).toBe('3 contacts, 1 pairs alike: 1 new, 0 updated, 0 taken off the list (4 requests)');
  const [row] = rows();
  expect(row).toMatchObject({
    rdvs_state: toreview,
    rdvs_score: 81,
    rdvs_name: 'une lettre de différence, même date de naissance',
  });
  expect(pairOf(row)).toEqual([mine, typo].sort());
  expect(pairOf(row)).not.toContain(other);
  expect(await find()).toBe('3 contacts, 1 pairs alike: 0 new, 0 updated, 0 taken off the list (3 requests)');
  expect(await find('--dry-run')).toContain('0 would be new');
});

test('a pair closes by itself when its contacts are merged', async () => {
  const [kept, lost] = [desk.addContact(), desk.addContact()];
  await find();
  await merge(lost, kept);
  await find();
  expect(rows()).toMatchObject([{ rdvs_state: merged }]);
  expect(await find()).toContain('0 pairs alike: 0 new, 0 updated, 0 taken off');
});

test('“distinct” is remembered, and follows a merge', async () => {
  const [one, twin] = [desk.addContact(), desk.addContact()];
  await find();
  desk.rows.update('rdvs_duplicate', idOf(rows()[0]), { rdvs_state: distinct });
  expect(await find()).toContain('1 pairs alike: 0 new, 0 updated, 0 taken off');
  const again = desk.addContact();
  await find();
  expect(rows()).toHaveLength(3);
  await merge(twin, again);
  await find();
  const open = rows().filter(({ rdvs_state }) => rdvs_state === toreview);
  expect(open).toEqual([]);
  const [said] = rows().filter(({ rdvs_state }) => rdvs_state === distinct);
  expect(pairOf(said)).toEqual([one, again].sort());
  expect(await find()).toContain('1 pairs alike: 0 new, 0 updated, 0 taken off');
});

test('a pair leaves the list when its contacts no longer resemble each other, or one of them is deleted', async () => {
  const [one, other] = [desk.addContact(), desk.addContact()];
  const third = desk.addContact({ ...person, firstname: 'Sacha' });
  const fourth = desk.addContact({ ...person, firstname: 'Sacha' });
  await find();
  expect(rows()).toHaveLength(2);
  const ofThird = rows().find((row) => pairOf(row).includes(third));
  desk.rows.update('rdvs_duplicate', idOf(ofThird), { rdvs_state: distinct });
  desk.rows.update('contact', other, { birthdate: '1991-09-30' });
  desk.rows.remove('contact', fourth);
  expect(await find()).toContain('0 pairs alike: 0 new, 0 updated, 2 taken off the list');
  expect(rows()).toEqual([]);
  desk.rows.update('contact', other, { birthdate: '1985-12-04' });
  await find();
  expect(rows().map(pairOf)).toEqual([[one, other].sort()]);
});

test('“merged” said of two contacts that are still two is looked at again', async () => {
  desk.addContact();
  desk.addContact();
  await find();
  desk.rows.update('rdvs_duplicate', idOf(rows()[0]), { rdvs_state: merged });
  await find();
  expect(rows()).toMatchObject([{ rdvs_state: toreview }]);
});

const ofDuplicates = connectorRole.privileges.filter((name) => name.endsWith('rdvs_duplicate'));

test.each(ofDuplicates)('without %s the search is refused', async (privilege) => {
  desk.addContact();
  const other = desk.addContact();
  if (!privilege.includes('Create') && !privilege.includes('Append')) {
    await find();
    if (privilege.includes('Write')) desk.rows.update('contact', other, { birthdate: '1985-12-04' });
    else desk.rows.update('contact', other, { birthdate: '1991-09-30' });
  }
  const id = desk.rows.list('privilege').find(({ name }) => name === privilege)?.['privilegeid'];
  const held = desk.rows
    .list('roleprivileges')
    .find(({ roleid, privilegeid }) => roleid === connectorRole.id && privilegeid === id);
  if (held === undefined) throw new Error(`the role does not hold ${privilege}`);
  desk.rows.remove('roleprivileges', String(held['roleprivilegeid']));
  try {
    const { code, complaints } = await desk.command('duplicates', 'find');
    expect(code).toBe(1);
    expect(complaints.join()).toContain(privilege);
  } finally {
    desk.rows.insert('roleprivileges', held);
  }
});
