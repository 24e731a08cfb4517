// A département's own columns through a whole life: they behave as ours do.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  makeLieu,
  makeMotif,
  makeNotification,
  makeOrganisation,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { run } from '../../src/cli/main.ts';
import { enqueueSnapshot } from '../../src/delivery/enqueue-snapshot.ts';
import type { UsagerId } from '../../src/rdv-solidarites/models.ts';
import { toUtcInstant } from '../../src/rdv-solidarites/times.ts';
import { SNAPSHOTS_QUEUE } from '../../src/storage/names.ts';
import { linkId } from '../../src/sync/model/link-names.ts';
import { usagerLink } from '../../src/sync/people/people-names.ts';
import { makeColumns, makePublisher } from '../dataverse/departement-columns.ts';
import { type Pipeline, startPipeline } from './pipeline.ts';

const MAPPING = JSON.stringify({
  contact: {
    cd62_allocataire: { from: 'affiliation_number', type: 'text', maxLength: 20 },
    cd62_enfants: { from: 'number_of_children', type: 'whole' },
    cd62_caisse: { from: 'caisse_affiliation', type: 'choice', values: { aucune: 1, caf: 2, msa: 3 } },
    cd62_sms: { from: 'notify_by_sms', type: 'boolean' },
    cd62_inscritle: { from: 'created_at', type: 'datetime' },
    cd62_naissance: { from: 'birth_date', type: 'date' },
    emailaddress1: false,
  },
  appointment: {
    cd62_contexte: { from: 'context', type: 'memo', maxLength: 4000 },
    cd62_latitude: { from: 'lieu.latitude', type: 'decimal', precision: 6 },
    cd62_suivi: { from: 'motif.follow_up', type: 'boolean' },
    cd62_duree: { from: 'duration_in_min', type: 'whole' },
    cd62_creepar: { from: 'created_by_type', type: 'choice', values: { Agent: 1, User: 2 } },
  },
});

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await startPipeline({ MAPPING, ON_USAGER_REMOVED: 'anonymise' });
  await makePublisher(pipeline.dataverse);
  await makeColumns(pipeline.dataverse, 'contact', {
    cd62_allocataire: 'text',
    cd62_enfants: 'whole',
    cd62_caisse: 'choice',
    cd62_sms: 'boolean',
    cd62_inscritle: 'datetime',
    cd62_naissance: 'date',
  });
  await makeColumns(pipeline.dataverse, 'appointment', {
    cd62_contexte: 'memo',
    cd62_latitude: 'decimal',
    cd62_suivi: 'boolean',
    cd62_duree: 'whole',
    cd62_creepar: 'choice',
  });
});
afterAll(() => pipeline.stop());

let second = 0;
const at = () => {
  second += 1;
  return new Date(Date.parse('2026-11-24T09:00:00Z') + second * 1000).toISOString();
};
const PERSON = {
  affiliation_number: '1234567A',
  number_of_children: 2,
  caisse_affiliation: 'caf',
  notify_by_sms: true,
  created_at: '2026-11-02 10:00:00 +0100',
  birth_date: '1985-04-12',
};
const user = (id: number, more: Parameters<typeof makeUser>[0] = {}) =>
  pipeline.deliver(
    senderJson(
      makeNotification({ model: 'User', event: 'updated', data: makeUser({ id, ...PERSON, ...more }), at: at() }),
    ),
  );
type Rdv = NonNullable<Parameters<typeof makeRdv>[0]>;
const rdvBody = (id: number, usager: number, more: Rdv = {}, ending: { event?: 'destroyed'; reason?: 'rgpd' } = {}) => {
  const data = makeRdv({
    id,
    context: 'Vient avec un proche',
    duration_in_min: 45,
    created_by_type: 'User',
    lieu: makeLieu({ latitude: 50.4321987, longitude: 2.83 }),
    motif: makeMotif({ follow_up: true }),
    participations: [makeParticipation({ user: makeUser({ id: usager, ...PERSON }) })],
    ...more,
  });
  return senderJson(makeNotification({ model: 'Rdv', event: 'updated', data, at: at(), ...ending }));
};
const leave = (id: number) =>
  pipeline.deliver(
    senderJson(
      makeNotification({
        model: 'UserProfile',
        event: 'destroyed',
        data: { user: makeUser({ id, ...PERSON }), organisation: makeOrganisation() },
        at: at(),
      }),
    ),
  );

const rows = (table: string) => pipeline.dataverse.rows.list(table);
const contactId = (usager: number) =>
  String(rows('rdvs_link').find(({ rdvs_name }) => rdvs_name === `usager-${usager}`)?.['_rdvs_contact_value']);
const contact = (usager: number) => rows('contact').find(({ contactid }) => contactid === contactId(usager));
const appointment = (id: number) => rows('appointment').find(({ rdvs_rdvid }) => rdvs_rdvid === String(id));
const lastDone = () => pipeline.events('notification.done').at(-1);

describe("a département's columns of a contact", () => {
  test('are filled with it, and a line that was taken away is not', async () => {
    await user(1);
    expect(contact(1)).toMatchObject({
      lastname: 'Usager-Test',
      cd62_allocataire: '1234567A',
      cd62_enfants: 2,
      cd62_caisse: 2,
      cd62_sms: true,
      cd62_inscritle: '2026-11-02T09:00:00Z',
      cd62_naissance: '1985-04-12',
    });
    expect(contact(1)?.['emailaddress1'] ?? null).toBeNull();
  });

  test('keep what people correct, until the sender changes that very field', async () => {
    await user(2);
    pipeline.dataverse.rows.update('contact', contactId(2), { cd62_enfants: 5, cd62_sms: false });
    await user(2, { affiliation_number: '7654321B' });
    expect(contact(2)).toMatchObject({ cd62_allocataire: '7654321B', cd62_enfants: 5, cd62_sms: false });
    await user(2, { affiliation_number: '7654321B', number_of_children: 3, caisse_affiliation: 'msa' });
    expect(contact(2)).toMatchObject({ cd62_enfants: 3, cd62_caisse: 3, cd62_sms: false });
  });

  test('are cleared by null where nobody touched them', async () => {
    await user(3);
    pipeline.dataverse.rows.update('contact', contactId(3), { cd62_enfants: 5 });
    await user(3, { affiliation_number: null, number_of_children: null, caisse_affiliation: null });
    expect(contact(3)).toMatchObject({ cd62_allocataire: null, cd62_caisse: null, cd62_enfants: 5 });
  });

  test('hold no value that does not fit, and cut texts; the log names the columns', async () => {
    await user(4);
    await user(4, { caisse_affiliation: 'mutuelle', affiliation_number: '1234567890123456789012' });
    expect(contact(4)).toMatchObject({ cd62_caisse: null, cd62_allocataire: '12345678901234567890', cd62_enfants: 2 });
    expect(lastDone()).toMatchObject({
      outcome: 'applied',
      unfit: ['contact.cd62_caisse'],
      cut: ['contact.cd62_allocataire'],
    });
  });

  test('cost nothing when nothing changes', async () => {
    await user(5);
    const before = contact(5);
    await user(5);
    expect(contact(5)).toEqual(before);
  });

  test('are emptied when the usager leaves, but for what people typed', async () => {
    await user(6);
    pipeline.dataverse.rows.update('contact', contactId(6), { cd62_enfants: 5 });
    await leave(6);
    expect(contact(6)).toMatchObject({
      lastname: 'Usager supprimé',
      cd62_allocataire: null,
      cd62_caisse: null,
      cd62_sms: null,
      cd62_inscritle: null,
      cd62_naissance: null,
      cd62_enfants: 5,
    });
  });
});

describe("a département's columns of an appointment", () => {
  test('are filled, corrected by people, changed by the sender', async () => {
    await pipeline.deliver(rdvBody(101, 10));
    expect(appointment(101)).toMatchObject({
      cd62_contexte: 'Vient avec un proche',
      cd62_latitude: 50.432199,
      cd62_suivi: true,
      cd62_duree: 45,
      cd62_creepar: 2,
    });
    const id = String(appointment(101)?.['activityid']);
    pipeline.dataverse.rows.update('appointment', id, { cd62_contexte: 'Vient seul' });
    await pipeline.deliver(rdvBody(101, 10, { duration_in_min: 60 }));
    expect(appointment(101)).toMatchObject({ cd62_contexte: 'Vient seul', cd62_duree: 60 });
    await pipeline.deliver(rdvBody(101, 10, { context: 'Vient avec sa sœur', duration_in_min: 60 }));
    expect(appointment(101)).toMatchObject({ cd62_contexte: 'Vient avec sa sœur' });
  });

  test('are emptied when the RDV is anonymised', async () => {
    await pipeline.deliver(rdvBody(102, 11));
    await pipeline.deliver(rdvBody(102, 11, {}, { event: 'destroyed', reason: 'rgpd' }));
    expect(appointment(102)).toMatchObject({
      subject: 'RDV anonymisé',
      cd62_contexte: null,
      cd62_latitude: null,
      cd62_suivi: null,
      cd62_duree: null,
      cd62_creepar: null,
    });
  });
});

test('a snapshot fills them only where a contact of people has nothing', async () => {
  await pipeline.storage.queues.getQueueClient(SNAPSHOTS_QUEUE).createIfNotExists();
  const id = pipeline.dataverse.rows.insert('contact', { lastname: 'Usager-Test', cd62_enfants: 7 });
  const name = usagerLink(20 as UsagerId);
  pipeline.dataverse.rows.insert('rdvs_link', {
    rdvs_linkid: linkId(name),
    rdvs_name: name,
    _rdvs_contact_value: id,
  });
  const record = { event: 'snapshot', model: 'User', data: { ...makeUser({ id: 20, ...PERSON }) } } as const;
  const readAt = Date.parse('2026-11-24T10:00:00Z');
  const context = { storage: pipeline.storage, run: 'night-1', version: toUtcInstant(readAt), readAt };
  await enqueueSnapshot(record, context);
  await pipeline.host.idle();
  expect(contact(20)).toMatchObject({ contactid: id, cd62_allocataire: '1234567A', cd62_enfants: 7 });
});

test('an erasure empties them on both', async () => {
  await pipeline.deliver(rdvBody(103, 12));
  const id = contactId(12);
  const said: string[] = [];
  const environment = { ...pipeline.environment, MAPPING };
  const terminal = { environment, print: (line: string) => void said.push(line), complain: () => undefined };
  expect(await run(['erase', 'usager-12', '--yes'], terminal)).toBe(0);
  expect(rows('contact').find(({ contactid }) => contactid === id)).toMatchObject({
    cd62_allocataire: null,
    cd62_enfants: null,
    cd62_caisse: null,
    cd62_sms: null,
    cd62_inscritle: null,
    cd62_naissance: null,
  });
  expect(appointment(103)).toMatchObject({ cd62_contexte: null, cd62_duree: null, cd62_latitude: null });
  expect(said.join('\n')).not.toContain('1234567A');
});
