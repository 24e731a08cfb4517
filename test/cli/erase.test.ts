// Erasing one person: nothing of theirs is left of ours, nothing later brings them back, others keep what is theirs.
import { BlobServiceClient, newPipeline } from '@azure/storage-blob';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Azurite, startAzurite } from '../../local/azurite.ts';
import {
  makeMotif,
  makeNotification,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { run } from '../../src/cli/main.ts';
import { eraseBodies } from '../../src/delivery/erase-bodies.ts';
import { listQuarantine, quarantine, readQuarantine } from '../../src/delivery/quarantine.ts';
import { MODELS } from '../../src/rdv-solidarites/models.ts';
import { deleteBody, loadBody, storeBody } from '../../src/storage/bodies.ts';
import { openStorage, type Storage } from '../../src/storage/clients.ts';
import { type Bench, clear, startBench } from '../delivery/bench.ts';

let bench: Bench;
let azurite: Azurite;
let storage: Storage;
beforeAll(async () => {
  [bench, azurite] = await Promise.all([startBench(), startAzurite()]);
  storage = await openStorage({ kind: 'connection-string', connectionString: azurite.connectionString });
});
afterAll(() => Promise.all([bench.stop(), azurite.stop()]));
beforeEach(() => clear(bench.dataverse));

const at = (second: number) => new Date(Date.parse('2026-11-24T09:00:00Z') + second * 1000).toISOString();
const user = (id: number, second = 0, more: Parameters<typeof makeUser>[0] = {}) =>
  senderJson(makeNotification({ model: 'User', event: 'updated', data: makeUser({ id, ...more }), at: at(second) }));
const rdv = (id: number, usagers: readonly number[], second = 0) => {
  const participations = usagers.map((usager) => makeParticipation({ user: makeUser({ id: usager }) }));
  const address = '3 Rue du Domicile-Test, Ville-Test';
  const motif = makeMotif({ location_type: 'home' });
  const data = makeRdv({ id, participations, address, motif });
  return senderJson(makeNotification({ model: 'Rdv', event: 'updated', data, at: at(second) }));
};

async function erase(...args: string[]) {
  const lines: string[] = [];
  const keep = (line: string) => void lines.push(line);
  const environment = { DATAVERSE_URL: bench.dataverse.url, NOTIFICATIONS_STORAGE: azurite.connectionString };
  const code = await run(['erase', ...args], { environment, print: keep, complain: keep });
  return { code, text: lines.join('\n') };
}

const rows = (table: string) => bench.dataverse.rows.list(table);
const link = (name: string) => rows('rdvs_link').find(({ rdvs_name }) => rdvs_name === name);
const appointment = (id: string) => rows('appointment').find(({ rdvs_rdvid }) => rdvs_rdvid === id);
const contactsOf = (id: string) =>
  bench.dataverse.rows
    .parties(String(appointment(id)?.['activityid']))
    .filter(({ participationtypemask }) => participationtypemask === 5 || participationtypemask === 8)
    .map(({ _partyid_value }) => _partyid_value);

/** The person alone in one RDV, with somebody else in another; a phone number that a CRM user corrected. */
async function story() {
  const worker = bench.colleague();
  await worker.deliver(user(12));
  await worker.deliver(rdv(77, [12]));
  await worker.deliver(rdv(78, [12, 13]));
  const contact = String(link('usager-12')?.['_rdvs_contact_value']);
  bench.dataverse.rows.update('contact', contact, { mobilephone: '0639980099' });
  return contact;
}

describe('in Dynamics', () => {
  test('a subject that named the person goes, though the template names nobody any more', async () => {
    const worker = bench.colleague();
    await worker.deliver(rdv(78, [12, 13]));
    const motif = String(rows('rdvs_motif')[0]?.['rdvs_motifid']);
    bench.dataverse.rows.update('rdvs_motif', motif, { rdvs_subject: '{usagers}' });
    await bench.colleague().deliver(rdv(78, [12, 13], 1));
    expect(appointment('78')?.['subject']).toMatch(/Usager-Test.* et 1 autre$/);
    bench.dataverse.rows.update('rdvs_motif', motif, { rdvs_subject: '{motif}' });
    expect((await erase('usager-12', '--yes')).code).toBe(0);
    expect(appointment('78')).toMatchObject({ subject: 'RDV anonymisé' });
    expect(String(link('rdv-78')?.['rdvs_applied'])).not.toContain('usagers');
    bench.dataverse.rows.update('rdvs_motif', motif, { rdvs_subject: '{usagers}' });
    await bench.colleague().deliver(rdv(78, [12, 13], 2));
    expect(appointment('78')?.['subject']).toMatch(/Usager-Test$/);
  });

  test('what we wrote goes, what people typed and other people stay', async () => {
    const contact = await story();
    const other = String(link('usager-13')?.['_rdvs_contact_value']);
    const { code, text } = await erase('usager-12', '--yes');
    expect({ code, text }).toMatchObject({ code: 0, text: expect.stringContaining('2 without the person, 1 of them') });
    expect(text).not.toMatch(/Usager-Test|Prénom|Domicile|0639980/);
    expect(rows('contact').find(({ contactid }) => contactid === contact)).toMatchObject({
      firstname: null,
      lastname: 'Usager supprimé',
      birthdate: null,
      emailaddress1: null,
      mobilephone: '0639980099',
    });
    expect(link('usager-12')).toMatchObject({ rdvs_state: 2, rdvs_applied: '{"t":1}', _rdvs_contact_value: null });
    expect(appointment('77')).toMatchObject({
      subject: 'RDV anonymisé',
      location: null,
      _regardingobjectid_value: null,
    });
    expect(contactsOf('77')).toEqual([]);
    expect(link('rdv-77')).toMatchObject({ rdvs_state: 2, rdvs_applied: '{}' });
    expect(appointment('78')).toMatchObject({ location: '3 Rue du Domicile-Test, Ville-Test' });
    expect(contactsOf('78')).toEqual([other]);
    expect(String(link('rdv-78')?.['rdvs_applied'])).not.toContain('"12"');
    expect(link('usager-13')).toMatchObject({ rdvs_state: 1 });
  });

  test('whatever comes later leaves the person out, and a second run changes nothing', async () => {
    await story();
    await erase('usager-12', '--yes');
    const before = bench.dataverse.snapshot();
    const late = bench.colleague();
    for (const body of [user(12, 60), rdv(77, [12], 60), user(12, -60)]) await late.deliver(body);
    expect(bench.dataverse.snapshot()).toEqual(before);
    await late.deliver(rdv(78, [12, 13], 60));
    expect(contactsOf('78')).toEqual([link('usager-13')?.['_rdvs_contact_value']]);
    const settled = bench.dataverse.snapshot();
    expect((await erase('usager-12', '--yes')).code).toBe(0);
    expect(bench.dataverse.snapshot()).toEqual(settled);
  });

  test('a person who never came, or whose contact is gone, stays out too', async () => {
    expect((await erase('usager-14', '--yes')).code).toBe(0);
    await bench.colleague().deliver(user(14));
    expect(rows('contact')).toEqual([]);

    const contact = await story();
    bench.dataverse.rows.remove('contact', contact);
    expect((await erase('usager-12', '--yes')).text).toContain('contact    none');
    await bench.colleague().deliver(rdv(78, [12, 13], 60));
    expect(rows('contact')).toHaveLength(1);
    expect(link('usager-12')).toMatchObject({ rdvs_state: 2, rdvs_applied: '{"t":1}' });
  });

  test('a contact that somebody else stands for stays as it is', async () => {
    const contact = await story();
    const companion = link('usager-13');
    bench.dataverse.rows.update('rdvs_link', String(companion?.['rdvs_linkid']), { _rdvs_contact_value: contact });
    const { text } = await erase('usager-12', '--yes');
    expect(text).toContain('stands for somebody else too');
    expect(rows('contact').find(({ contactid }) => contactid === contact)).toMatchObject({ firstname: 'Prénom-Test' });
    expect(link('usager-12')).toMatchObject({ rdvs_state: 2, _rdvs_contact_value: null });
  });

  test.each(['before', 'after'])('who shares the contact stays an attendee, tied to it %s the RDV', async (when) => {
    const worker = bench.colleague();
    await worker.deliver(user(12));
    const contact = String(link('usager-12')?.['_rdvs_contact_value']);
    await worker.deliver(when === 'before' ? user(13) : rdv(78, [12, 13]));
    const tie = { _rdvs_contact_value: contact };
    bench.dataverse.rows.update('rdvs_link', String(link('usager-13')?.['rdvs_linkid']), tie);
    if (when === 'before') await bench.colleague().deliver(rdv(78, [12, 13]));
    await erase('usager-12', '--yes');
    expect(contactsOf('78')).toContain(contact);
    expect(String(link('rdv-78')?.['rdvs_applied'])).not.toContain('"12"');
  });

  test('asks on a terminal, refuses in a script without --yes, and a dry run changes nothing', async () => {
    await story();
    const before = bench.dataverse.snapshot();
    expect(await erase('usager-12')).toMatchObject({ code: 1, text: expect.stringContaining('repeat with --yes') });
    expect((await erase('usager-12', '--dry-run')).text).toMatch(
      /Dry run: nothing was changed[\s\S]*2 without the person/,
    );
    expect((await erase('rdv-77', '--yes')).code).toBe(1);
    expect(bench.dataverse.snapshot()).toEqual(before);
    const environment = { DATAVERSE_URL: bench.dataverse.url, NOTIFICATIONS_STORAGE: azurite.connectionString };
    const answering = (answer: string) =>
      run(['erase', 'usager-12'], { environment, print: () => {}, complain: () => {}, ask: async () => answer });
    expect(await answering('oui')).toBe(1);
    expect(bench.dataverse.snapshot()).toEqual(before);
    expect(await answering('usager-12')).toBe(0);
    expect(link('usager-12')).toMatchObject({ rdvs_state: 2 });
  });
});

test('kept bodies about the person alone go, others lose the person and are marked, the rest is untouched', async () => {
  const put = (id: string, body: string) =>
    quarantine(storage, id, {
      code: 'given-up',
      reason: 'given up after MAX_AGE',
      quarantinedAt: '2026-11-24T09:00:00.000Z',
      attempts: 3,
      envelope: { v: 1, notificationId: id, receivedAt: 1 },
      body: Buffer.from(body).toString('base64'),
    });
  const proche = user(15, 0, { email: 'usager-12@example.org', responsible: makeUser({ id: 12 }) });
  await put('alone', user(12));
  await put('rdv-alone', rdv(77, [12]));
  await put('shared', rdv(78, [12, 13]));
  await put('proche', proche);
  await put('other', user(13));
  await put('broken', '{"data":');
  await storeBody(storage, 'stored-alone', Buffer.from(user(12)));
  await storeBody(storage, 'stored-shared', Buffer.from(rdv(78, [12, 13])));

  expect((await erase('usager-12', '--dry-run')).text).toContain('3 deleted, 3 kept without the person, 1 unreadable');
  expect(await listQuarantine(storage)).toHaveLength(6);
  expect((await erase('usager-12', '--yes')).text).toContain('3 deleted, 3 kept without the person, 1 unreadable');

  expect((await listQuarantine(storage)).map(({ id }) => id).sort()).toEqual(['broken', 'other', 'proche', 'shared']);
  const bodyOf = async (id: string) =>
    Buffer.from((await readQuarantine(storage, id))?.body ?? '', 'base64').toString();
  expect(await readQuarantine(storage, 'shared')).toMatchObject({ redacted: true, attempts: 3 });
  for (const id of ['shared', 'proche']) expect(await bodyOf(id)).not.toMatch(/usager-12@|39980012/);
  expect(await bodyOf('shared')).toContain('usager-13@example.org');
  expect(await bodyOf('other')).toBe(user(13));
  expect(await readQuarantine(storage, 'other')).not.toHaveProperty('redacted');
  expect(await loadBody(storage, 'stored-alone')).toBeUndefined();
  expect(String(await loadBody(storage, 'stored-shared'))).not.toContain('usager-12@');

  // What was kept can still be applied, without the person.
  await bench.colleague().deliver(await bodyOf('shared'));
  expect(contactsOf('78')).toEqual([link('usager-13')?.['_rdvs_contact_value']]);
});

test('a stored body that is settled while it is looked at does not come back', async () => {
  await storeBody(storage, 'settled', Buffer.from(rdv(78, [12, 13])));
  const pipeline = newPipeline(storage.blobs.credential);
  pipeline.factories.unshift({
    create: (next) => ({
      sendRequest: async (request) => {
        if (request.method === 'PUT') await deleteBody(storage, 'settled');
        return next.sendRequest(request);
      },
    }),
  });
  const blobs = new BlobServiceClient(storage.blobs.url, pipeline);
  await eraseBodies({ ...storage, blobs }, MODELS.User.parse(makeUser({ id: 12 })).id, false);
  expect(await loadBody(storage, 'settled')).toBeUndefined();
});
