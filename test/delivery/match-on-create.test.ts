// MATCH_ON_CREATE: a usager who is seen for the first time, and a contact that people made of the same person.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  makeNotification,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { deliver } from '../../src/delivery/deliver.ts';
import { contentOf } from '../../src/intake/envelope.ts';
import { importTies } from '../../src/matching/import-ties.ts';
import type { UsagerId } from '../../src/rdv-solidarites/models.ts';
import { type Guid, linkId } from '../../src/sync/model/link-names.ts';
import { usagerLink } from '../../src/sync/people/people-names.ts';
import { type Bench, clear, startBench } from './bench.ts';

const SETTINGS = { MATCH_ON_CREATE: 'certain' };
let bench: Bench;
let worker: Bench;
beforeAll(async () => {
  bench = await startBench({ settings: SETTINGS });
});
afterAll(() => bench.stop());
beforeEach(() => {
  clear(bench.dataverse);
  bench.dataverse.clearRequests();
  worker = bench.colleague();
});

type User = NonNullable<Parameters<typeof makeUser>[0]>;
const named = { first_name: 'Camille', last_name: 'USAGER-TEST', birth_name: null, birth_date: '1985-04-12' };
const person = { firstname: 'Camille', lastname: 'Usager-Test', birthdate: '1985-04-12' };

let second = 0;
const at = () => new Date(Date.parse('2026-11-24T09:00:00Z') + 1000 * second++).toISOString();
const userBody = (data: User, event: 'created' | 'destroyed' = 'created') =>
  senderJson(makeNotification({ model: 'User', event, data: makeUser({ ...named, ...data }), at: at() }));
const rdvBody = (...users: User[]) => {
  const participations = users.map((user) => makeParticipation({ user: makeUser({ ...named, ...user }) }));
  return senderJson(
    makeNotification({ model: 'Rdv', event: 'created', data: makeRdv({ id: 71, participations }), at: at() }),
  );
};
const rows = () => bench.dataverse.rows;
const addContact = (columns: Record<string, string | number> = {}) =>
  rows().insert('contact', { ...person, ...columns });
const contactOf = (usager: number) =>
  rows().get('rdvs_link', linkId(usagerLink(usager as UsagerId)))?.['_rdvs_contact_value'];
const versionOf = (contact: string) => Number(rows().get('contact', contact)?.['versionnumber']);
const done = (one: Bench) => one.events.filter(({ event }) => event === 'notification.done').at(-1);
const contacts = () => rows().list('contact').length;

describe('a usager who is seen for the first time', () => {
  test('is tied to the one certain contact, which is completed, with one more read', async () => {
    const contact = addContact({ firstname: 'camille', lastname: 'Usager Test', emailaddress1: 'autre@example.org' });
    await worker.deliver(userBody({ id: 12, email: 'usager-12@example.org', phone_number_formatted: '+33639980012' }));
    expect(contactOf(12)).toBe(contact);
    expect(rows().get('contact', contact)).toMatchObject({
      firstname: 'camille',
      lastname: 'Usager Test',
      emailaddress1: 'autre@example.org',
      mobilephone: '+33639980012',
    });
    expect(done(worker)).toMatchObject({ outcome: 'applied', applied: 1, tied: 1, requests: 3 });
    await bench.colleague().deliver(userBody({ id: 12, email: 'nouveau@example.org' }));
    expect(done(worker)).toMatchObject({ requests: 3 });
    expect(contacts()).toBe(1);
  });

  test('costs a read once: who has a contact is looked for no more', async () => {
    await worker.deliver(userBody({ id: 12 }));
    const other = bench.colleague();
    await other.deliver(userBody({ id: 12, email: 'nouveau@example.org' }));
    expect(done(worker)).toMatchObject({ requests: 3 });
    expect(done(worker)).not.toHaveProperty('tied');
    expect(done(other)).toMatchObject({ requests: 2 });
  });

  test('comes to an RDV as the contact that people know', async () => {
    const contact = addContact();
    await worker.deliver(rdvBody({ id: 12 }));
    const [appointment] = rows().list('appointment');
    const parties = rows().parties(String(appointment?.['activityid']));
    expect(parties.map((party) => party['_partyid_value'])).toContain(contact);
    expect(done(worker)).toMatchObject({ tied: 1, requests: 3 });
    expect(contacts()).toBe(1);
  });

  test('gets a contact of their own where the setting is left out', async () => {
    addContact();
    const other = await startBench();
    other.dataverse.rows.insert('contact', person);
    await other.deliver(userBody({ id: 12 }));
    expect(other.dataverse.rows.list('contact')).toHaveLength(2);
    expect(done(other)).toMatchObject({ requests: 2 });
    await other.stop();
  });

  test.each<[string, User, Record<string, string | number>[]]>([
    ['two contacts are the same', {}, [{}, {}]],
    ['a twin is there too', {}, [{}, { firstname: 'Camile' }]],
    ['the date differs', { birth_date: '1985-12-04' }, [{}]],
    ['the body has no birth date', { birth_date: null }, [{}]],
    ['the contact is inactive', {}, [{ statecode: 1, statuscode: 2 }]],
    [
      'e-mail and telephone are others',
      { email: 'a@example.org', phone_number_formatted: '+33639980012' },
      [{ emailaddress1: 'b@example.org', mobilephone: '+33639980013' }],
    ],
    [
      'the name is too common',
      { email: null, phone_number: null, phone_number_formatted: null, address: null },
      [{}, ...Array.from({ length: 20 }, (_, at) => ({ birthdate: `19${10 + at}-01-01` }))],
    ],
    [
      'too many have the birth date to be compared',
      {},
      [{}, ...Array.from({ length: 200 }, (_, at) => ({ firstname: `Autre${at}`, lastname: 'Autre' }))],
    ],
  ])('gets a contact of their own when %s', async (_, user, there) => {
    const present = there.map((columns) => addContact(columns));
    await worker.deliver(userBody({ id: 12, ...user }));
    expect(present).not.toContain(contactOf(12));
    expect(contacts()).toBe(present.length + 1);
  });

  test('gets a contact of their own when another usager has that one', async () => {
    const contact = addContact();
    await worker.deliver(userBody({ id: 12 }));
    await worker.deliver(userBody({ id: 13 }));
    expect(contactOf(12)).toBe(contact);
    expect(contactOf(13)).not.toBe(contact);
  });

  test('is tied to nobody when two who are alike come at once', async () => {
    const contact = addContact();
    await worker.deliver(rdvBody({ id: 12 }, { id: 13, first_name: 'Camile' }));
    expect([contactOf(12), contactOf(13)]).not.toContain(contact);
    expect(contacts()).toBe(3);
  });

  test('is not tied by the notification that says goodbye', async () => {
    const contact = addContact();
    await worker.deliver(userBody({ id: 12 }, 'destroyed'));
    expect(contactOf(12)).not.toBe(contact);
  });

  test('is judged by names that hold what addresses and filters mean', async () => {
    const name = "D'Été & fils #1 /100%";
    const contact = addContact({ lastname: name, birthdate: '1985-04-12' });
    await worker.deliver(userBody({ id: 12, last_name: name }));
    expect(contactOf(12)).toBe(contact);
  });
});

test('a name that is far too long keeps nobody out', async () => {
  const endless = 'É'.repeat(9000);
  await worker.deliver(userBody({ id: 12, last_name: endless, birth_name: endless }));
  expect(done(worker)).toMatchObject({ outcome: 'applied', requests: 3 });
});

test.each([
  '0985-04-12',
  '1752-12-31',
  '2985-04-12',
  '1985-02-30',
])('a birth date of %s keeps nobody out', async (birth_date) => {
  addContact();
  await worker.deliver(userBody({ id: 12, birth_date }));
  expect(done(worker)).toMatchObject({ outcome: 'applied' });
  expect(contacts()).toBe(2);
});

describe('decided once', () => {
  test('who came without a birth date keeps the contact that was made', async () => {
    await worker.deliver(userBody({ id: 12, birth_date: null }));
    const own = contactOf(12);
    addContact();
    await worker.deliver(userBody({ id: 12 }));
    expect(contactOf(12)).toBe(own);
  });

  test('whose contact was deleted is not tied to another', async () => {
    const contact = addContact();
    await worker.deliver(userBody({ id: 12 }));
    rows().remove('contact', contact);
    const other = addContact();
    await bench.colleague().deliver(userBody({ id: 12, email: 'nouveau@example.org' }));
    expect(contactOf(12)).not.toBe(other);
  });
});

describe('a tie', () => {
  test('writes the contact even where it has nothing to fill', async () => {
    const user = { id: 12 };
    await worker.deliver(userBody(user));
    const [made] = rows().list('contact');
    const { contactid: _, ...copy } = Object.fromEntries(
      Object.entries(made ?? {}).filter(([, value]) => typeof value === 'string' || typeof value === 'number'),
    );
    clear(bench.dataverse);
    const columns = ['firstname', 'lastname', 'birthdate', 'emailaddress1', 'mobilephone', 'telephone1'];
    const address = ['address1_line1', 'address1_line2', 'address1_postalcode', 'address1_city', 'rdvs_birthname'];
    const given = [...columns, ...address].flatMap((column) =>
      copy[column] === undefined ? [] : [[column, copy[column]]],
    );
    const contact = rows().insert('contact', Object.fromEntries(given));
    const before = versionOf(contact);
    await bench.colleague().deliver(userBody(user));
    expect(contactOf(12)).toBe(contact);
    expect(versionOf(contact)).toBeGreaterThan(before);
  });

  test('is taken back by `links import --move`, and the right contact is completed', async () => {
    const [wrong, right] = [addContact(), addContact({ birthdate: '1985-04-21' })] as [Guid, Guid];
    await worker.deliver(userBody({ id: 12 }));
    const decisions = [{ line: 2, usager: 12 as UsagerId, contact: right }];
    await importTies(worker.worker.dataverse, decisions, { whenTied: 'move', dryRun: false });
    await bench.colleague().deliver(userBody({ id: 12, email: 'usager-12@example.org' }));
    expect(contactOf(12)).toBe(right);
    expect(rows().get('contact', right)).toMatchObject({ emailaddress1: 'usager-12@example.org' });
    expect(rows().get('contact', wrong)).toMatchObject(person);
  });

  test('is given to one of two usagers who find the contact at once', async () => {
    const contact = addContact();
    await Promise.all([worker.deliver(userBody({ id: 12 })), bench.colleague().deliver(userBody({ id: 13 }))]);
    expect([contactOf(12), contactOf(13)].filter((id) => id === contact)).toHaveLength(1);
    expect(contacts()).toBe(2);
  });

  /** Delivers, and does something in Dynamics between the first reading and the first writing. */
  async function deliverWhile(body: string, meanwhile: () => unknown): Promise<void> {
    let isFirst = true;
    const { memory } = worker.worker;
    const forget: typeof memory.forget = (writes) => {
      if (isFirst) meanwhile();
      isFirst = false;
      memory.forget(writes);
    };
    const envelope = {
      v: 1,
      notificationId: 'n-1',
      receivedAt: worker.worker.now(),
      content: contentOf(Buffer.from(body)),
    };
    await deliver(envelope, { ...worker.worker, memory: { ...memory, forget } }, (level, event, fields) => {
      worker.events.push({ level, event, ...fields });
    });
  }

  test('waits for nobody: who finds the contact taken meanwhile gets another', async () => {
    const contact = addContact();
    const colleague = bench.colleague();
    const theirs = userBody({ id: 13 });
    let other: Promise<void> | undefined;
    await deliverWhile(userBody({ id: 12 }), () => {
      other = colleague.deliver(theirs);
    });
    await other;
    expect([contactOf(12), contactOf(13)].filter((id) => id === contact)).toHaveLength(1);
    expect(contacts()).toBe(2);
  });

  test.each([
    ['deleted', (contact: string) => void rows().remove('contact', contact)],
    ['deactivated', (contact: string) => void rows().update('contact', contact, { statecode: 1, statuscode: 2 })],
    [
      'given another birth date',
      (contact: string) => void rows().update('contact', contact, { birthdate: '1990-01-01' }),
    ],
  ])('falls away when the contact is %s meanwhile', async (_, change) => {
    const contact = addContact();
    await deliverWhile(userBody({ id: 12 }), () => change(contact));
    expect(contactOf(12)).not.toBe(contact);
    expect(rows().get('contact', String(contactOf(12)))).toMatchObject({ firstname: 'Camille' });
    expect(done(worker)).toMatchObject({ outcome: 'applied', conflicts: 1 });
  });

  test('falls away when people merge the contact meanwhile, even into somebody who is less like', async () => {
    const [lost, kept] = [addContact(), addContact({ birthdate: '1985-12-04' })];
    await deliverWhile(userBody({ id: 12 }), () => {
      rows().update('contact', lost, { statecode: 1, statuscode: 2, _masterid_value: kept });
    });
    expect([lost, kept]).not.toContain(contactOf(12));
    expect(contacts()).toBe(3);
  });

  test('is made by nobody where names would have to stand in an address', async () => {
    addContact({ lastname: '--changesetresponse_ --batchresponse_' });
    addContact();
    await worker.deliver(userBody({ id: 12 }));
    expect(contacts()).toBe(3);
    expect(done(worker)).toMatchObject({ applied: 1, requests: 3 });
  });
});
