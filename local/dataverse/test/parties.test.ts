// Attendees, owner and regarding of an appointment in the Dataverse emulator.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DataverseEmulator, startDataverse } from '../src/emulator.ts';
import type { Json } from '../src/json.ts';
import { type RawClient, rawClient } from './raw-client.ts';

const REQUIRED = 5;
const OPTIONAL = 6;
const ORGANIZER = 7;
const REGARDING = 8;
const OWNER = 9;

let all: DataverseEmulator;
let perMask: DataverseEmulator;
let client: RawClient;

beforeAll(async () => {
  all = await startDataverse();
  perMask = await startDataverse({ partyReplacement: 'per-mask' });
  client = rawClient(all.url);
});

afterAll(() => Promise.all([all.stop(), perMask.stop()]));

const party = (set: 'contact' | 'systemuser', id: string, mask: number) => ({
  [`partyid_${set}@odata.bind`]: `/${set}s(${id})`,
  participationtypemask: mask,
});

const masks = (dataverse: DataverseEmulator, id: string) =>
  dataverse.rows
    .parties(id)
    .map((row) => [row['participationtypemask'], row['_partyid_value']])
    .sort();

describe('at creation', () => {
  test('keeps the parties sent, and adds owner and regarding', async () => {
    const ada = all.rows.insert('contact', { lastname: 'Ada', emailaddress1: 'ada@example.fr' });
    const bob = all.rows.insert('contact', { lastname: 'Bob' });
    const activityid = '00000000-0000-4000-8000-00000000a001';
    const answer = await client.post('appointments', {
      activityid,
      scheduledstart: '2026-01-05T09:30:00+01:00',
      scheduledend: '2026-01-05T10:00:00+01:00',
      'regardingobjectid_contact_appointment@odata.bind': `/contacts(${ada})`,
      appointment_activity_parties: [party('contact', ada, REQUIRED), party('contact', bob, OPTIONAL)],
    });
    expect(answer.status).toBe(204);
    const owner = all.rows.get('appointment', activityid)?.['_ownerid_value'];
    expect(masks(all, activityid)).toEqual([
      [REQUIRED, ada],
      [OPTIONAL, bob],
      [REGARDING, ada],
      [OWNER, owner],
    ]);
    expect(all.rows.get('appointment', activityid)).toMatchObject({
      scheduledstart: '2026-01-05T08:30:00Z',
      scheduleddurationminutes: 30,
      activitytypecode: 'appointment',
    });
    expect(all.rows.parties(activityid)[0]).toMatchObject({
      addressused: 'ada@example.fr',
      scheduledstart: '2026-01-05T08:30:00Z',
      ispartydeleted: false,
    });
    const expanded = await client.get(
      `appointments(${activityid})?$select=subject&$expand=appointment_activity_parties($select=participationtypemask;$filter=participationtypemask eq 6)`,
    );
    expect(expanded.json['appointment_activity_parties']).toMatchObject([
      { participationtypemask: 6, _activityid_value: activityid },
    ]);
    const found = await client.get(
      `activityparties?$select=_partyid_value&$filter=_activityid_value eq ${activityid} and participationtypemask eq 5`,
    );
    expect(found.json['value']).toMatchObject([{ _partyid_value: ada }]);
  });

  const contactId = '00000000-0000-4000-8000-00000000a002';
  const userId = '00000000-0000-4000-8000-00000000a003';
  const refused: [what: string, parties: Json, code: string][] = [
    ['a contact as organizer', [party('contact', contactId, ORGANIZER)], '0x80043506'],
    ['a mask of e-mails', [party('contact', contactId, 2)], '0x80043506'],
    ['the regarding mask', [party('contact', contactId, REGARDING)], '0x80043506'],
    ['the owner mask', [party('systemuser', userId, OWNER)], '0x80043506'],
    ['an unknown mask', [party('contact', contactId, 99)], '0x8004431a'],
    ['no mask', [{ 'partyid_contact@odata.bind': `/contacts(${contactId})` }], '0x80043504'],
    ['no party', [{ participationtypemask: REQUIRED }], '0x80043504'],
    [
      'an unknown navigation property',
      [{ 'partyid_usager@odata.bind': '/contacts(x)', participationtypemask: 5 }],
      '0x80048d19',
    ],
    ['an unknown column', [{ ...party('contact', contactId, REQUIRED), shoesize: 1 }], '0x0'],
    ['no array', {}, '0x80048d19'],
  ];
  test.each(refused)('refuses %s', async (_what, appointment_activity_parties, code) => {
    await client.patch(`contacts(${contactId})`, { lastname: 'Party' });
    await client.patch(`systemusers(${userId})`, { lastname: 'Agent' });
    const answer = await client.post('appointments', { appointment_activity_parties });
    expect([answer.status, answer.code]).toEqual([400, code]);
  });
});

describe('at an update', () => {
  const setUp = (dataverse: DataverseEmulator) => {
    const [ada, bob] = ['Ada', 'Bob'].map((lastname) => dataverse.rows.insert('contact', { lastname }));
    const agent = dataverse.rows.insert('systemuser', { lastname: 'Agent' });
    if (ada === undefined || bob === undefined) throw new Error('no contacts');
    const id = dataverse.rows.insert('appointment', {
      'regardingobjectid_contact_appointment@odata.bind': `/contacts(${ada})`,
      appointment_activity_parties: [party('contact', ada, REQUIRED), party('systemuser', agent, ORGANIZER)],
    });
    const owner = dataverse.rows.get('appointment', id)?.['_ownerid_value'];
    return { ada, bob, agent, id, owner };
  };

  test('PATCH replaces every attendee and the organizer (reading "all")', async () => {
    const { ada, bob, id, owner } = setUp(all);
    const before = all.rows.get('appointment', id)?.['versionnumber'];
    await client.patch(`appointments(${id})`, { appointment_activity_parties: [party('contact', bob, REQUIRED)] });
    expect(masks(all, id)).toEqual([
      [REQUIRED, bob],
      [REGARDING, ada],
      [OWNER, owner],
    ]);
    expect(all.rows.get('appointment', id)?.['versionnumber']).not.toBe(before);
    await client.patch(`appointments(${id})`, { subject: 'sans participants' });
    expect(masks(all, id)).toHaveLength(3);
    await client.patch(`appointments(${id})`, { appointment_activity_parties: [] });
    expect(masks(all, id)).toEqual([
      [REGARDING, ada],
      [OWNER, owner],
    ]);
  });

  test('PATCH replaces only the masks it names (reading "per-mask"); PUT of the collection replaces all', async () => {
    const { bob, agent, id } = setUp(perMask);
    const other = rawClient(perMask.url);
    await other.patch(`appointments(${id})`, { appointment_activity_parties: [party('contact', bob, REQUIRED)] });
    expect(masks(perMask, id)).toEqual(
      expect.arrayContaining([
        [REQUIRED, bob],
        [ORGANIZER, agent],
      ]),
    );
    await other.patch(`appointments(${id})`, { appointment_activity_parties: [] });
    expect(masks(perMask, id)).toHaveLength(4);
    const put = await other.send('PUT', `appointments(${id})/appointment_activity_parties`, {
      value: [party('contact', bob, OPTIONAL)],
    });
    expect(put.status).toBe(204);
    expect(masks(perMask, id)).toHaveLength(3);
  });

  test('where one way to replace attendees is taken, the other is refused and changes nothing; a creation is neither', async () => {
    const { bob, agent, id } = setUp(all);
    const value = [party('contact', bob, REQUIRED)];
    const before = masks(all, id);
    const patch = () => client.patch(`appointments(${id})`, { appointment_activity_parties: value });
    const put = () => client.send('PUT', `appointments(${id})/appointment_activity_parties`, { value });
    all.settings.change({ attendeeForms: 'put' });
    expect((await patch()).code).toBe('0x80048d19');
    expect(masks(all, id)).toEqual(before);
    const created = { subject: 'RDV', appointment_activity_parties: [party('systemuser', agent, ORGANIZER)] };
    expect((await client.post('appointments', created)).status).toBe(204);
    expect((await put()).status).toBe(204);
    all.settings.change({ attendeeForms: 'patch' });
    expect((await put()).code).toBe('0x80048d19');
    expect((await patch()).status).toBe(204);
    all.settings.change({ attendeeForms: 'both' });
  });

  test('owner and regarding follow the appointment', async () => {
    const { ada, bob, agent, id } = setUp(all);
    await client.patch(`appointments(${id})`, {
      'ownerid@odata.bind': `/systemusers(${agent})`,
      'regardingobjectid_contact_appointment@odata.bind': `/contacts(${bob})`,
      scheduledstart: '2026-02-01T08:00:00Z',
    });
    expect(masks(all, id)).toEqual([
      [REQUIRED, ada],
      [ORGANIZER, agent],
      [REGARDING, bob],
      [OWNER, agent],
    ]);
    expect(all.rows.parties(id).map((row) => row['scheduledstart'])).toEqual(Array(4).fill('2026-02-01T08:00:00Z'));
    await client.patch(`appointments(${id})`, { 'regardingobjectid_contact_appointment@odata.bind': null });
    expect(masks(all, id)).toHaveLength(3);
  });

  test('a deleted contact leaves an empty party; a deleted appointment takes its parties along', async () => {
    const { bob, id } = setUp(all);
    await client.patch(`appointments(${id})`, { appointment_activity_parties: [party('contact', bob, REQUIRED)] });
    await client.remove(`contacts(${bob})`);
    expect(all.rows.parties(id)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ participationtypemask: 5, _partyid_value: null, ispartydeleted: true }),
      ]),
    );
    await client.remove(`appointments(${id})`);
    expect(all.rows.parties(id)).toEqual([]);
  });
});
