// A column that the mapping no longer names stays as it is. A person who goes still takes their values along.
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  makeNotification,
  makeOrganisation,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { eraseUsager } from '../../src/delivery/erase-usager.ts';
import { user as usager } from '../../src/rdv-solidarites/models.ts';
import { deleteColumn, makeColumns, makePublisher } from '../dataverse/departement-columns.ts';
import { type Bench, startBench } from './bench.ts';

const MAPPING = JSON.stringify({
  contact: {
    cd62_allocataire: { from: 'affiliation_number', type: 'text', maxLength: 20 },
    cd62_ancien: { from: 'case_number', type: 'text', maxLength: 20 },
    cd62_note: { from: 'notes', type: 'text', maxLength: 20 },
  },
  appointment: { cd62_contexte: { from: 'context', type: 'memo', maxLength: 4000 } },
});
const ON_USAGER_REMOVED = 'anonymise';

let mapped: Bench;
let unmapped: Bench;
beforeAll(async () => {
  mapped = await startBench({ settings: { MAPPING, ON_USAGER_REMOVED } });
  await makePublisher(mapped.dataverse);
  await makeColumns(mapped.dataverse, 'contact', { cd62_allocataire: 'text', cd62_ancien: 'text', cd62_note: 'text' });
  await makeColumns(mapped.dataverse, 'appointment', { cd62_contexte: 'memo' });
  unmapped = mapped.colleague({ settings: { ON_USAGER_REMOVED } });
});
afterAll(() => mapped.stop());

const at = (second: number) => new Date(Date.parse('2026-11-24T09:00:00Z') + second * 1000).toISOString();
const person = (id: number) => makeUser({ id, affiliation_number: '1234567A', case_number: 'D-1', notes: 'Note-Test' });
const user = (id: number, second = 0) =>
  senderJson(
    makeNotification({
      model: 'User',
      event: 'updated',
      data: { ...person(id), first_name: `P${second}` },
      at: at(second),
    }),
  );
const profile = (id: number, second: number) => {
  const data = { user: person(id), organisation: makeOrganisation() };
  return senderJson(makeNotification({ model: 'UserProfile', event: 'destroyed', data, at: at(second) }));
};
const rdv = (id: number, usagerId: number, second: number, ending: { event?: 'destroyed'; reason?: 'rgpd' } = {}) => {
  const data = makeRdv({
    id,
    context: 'Contexte-Test',
    participations: [makeParticipation({ user: person(usagerId) })],
  });
  return senderJson(makeNotification({ model: 'Rdv', event: 'updated', data, at: at(second), ...ending }));
};

const rows = (table: string) => mapped.dataverse.rows.list(table);
const contactId = (id: number) =>
  String(rows('rdvs_link').find(({ rdvs_name }) => rdvs_name === `usager-${id}`)?.['_rdvs_contact_value']);
const contact = (id: string) => rows('contact').find(({ contactid }) => contactid === id);
const appointment = (id: number) => rows('appointment').find(({ rdvs_rdvid }) => rdvs_rdvid === String(id));

test('stays as it is, and costs no request more, while the person is there', async () => {
  await mapped.deliver(user(1));
  expect(await unmapped.requestsOf(() => unmapped.deliver(user(1, 1)))).toBe(2);
  expect(contact(contactId(1))).toMatchObject({ firstname: 'P1', cd62_allocataire: '1234567A' });
});

test('is emptied when the usager leaves, but for what people typed', async () => {
  await mapped.deliver(user(2));
  const id = contactId(2);
  mapped.dataverse.rows.update('contact', id, { cd62_note: 'Note du CRM' });
  await unmapped.deliver(profile(2, 1));
  expect(contact(id)).toMatchObject({
    lastname: 'Usager supprimé',
    cd62_allocataire: null,
    cd62_ancien: null,
    cd62_note: 'Note du CRM',
  });
});

test('is emptied when the RDV is anonymised', async () => {
  await mapped.deliver(rdv(31, 3, 0));
  expect(appointment(31)).toMatchObject({ cd62_contexte: 'Contexte-Test' });
  await unmapped.deliver(rdv(31, 3, 1, { event: 'destroyed', reason: 'rgpd' }));
  expect(appointment(31)).toMatchObject({ cd62_contexte: null, subject: 'RDV anonymisé' });
});

test('is emptied by an erasure', async () => {
  await mapped.deliver(rdv(41, 4, 0));
  const id = contactId(4);
  const now = '2026-11-24T12:00:00Z';
  await eraseUsager(unmapped.worker.dataverse, usager.shape.id.parse(4), { now, dryRun: false });
  expect(contact(id)).toMatchObject({ cd62_allocataire: null, cd62_ancien: null });
  expect(appointment(41)).toMatchObject({ cd62_contexte: null });
});

test('stops nobody when it was deleted in Dynamics', async () => {
  await mapped.deliver(user(5));
  await mapped.deliver(rdv(51, 6, 0));
  const id = contactId(5);
  await deleteColumn(mapped.dataverse, 'contact', 'cd62_ancien');
  await deleteColumn(mapped.dataverse, 'appointment', 'cd62_contexte');
  await unmapped.deliver(profile(5, 1));
  expect(contact(id)).toMatchObject({ lastname: 'Usager supprimé', cd62_allocataire: null });
  await unmapped.deliver(rdv(51, 6, 1, { event: 'destroyed', reason: 'rgpd' }));
  expect(appointment(51)).toMatchObject({ subject: 'RDV anonymisé' });
  expect(unmapped.putBack).toEqual([]);
});
