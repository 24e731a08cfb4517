// What people do by hand in Dynamics, with its own cascades and left-overs, between two notifications.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeNotification, makeParticipation, makeRdv, makeUser, senderJson } from '../../local/rdv-solidarites/make-notification.ts';
import { type Bench, clear, startBench } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
beforeEach(() => clear(bench.dataverse));
afterAll(() => bench.stop());

let second = 0;
const at = () => new Date(Date.parse('2026-11-24T09:00:00Z') + 1000 * second++).toISOString();
type Model = 'User' | 'Rdv';
const body = (model: Model, data: object, ending: object = {}) =>
  senderJson(makeNotification({ model, event: 'updated', data, at: at(), ...ending }));
const userBody = (data: Parameters<typeof makeUser>[0]) => body('User', makeUser(data));
const rdvBody = (usagers: readonly number[], ending?: object) => {
  const participations = usagers.map((id) => makeParticipation({ user: makeUser({ id }) }));
  return body('Rdv', makeRdv({ id: 71, participations }), ending);
};

const list = (table: string) => bench.dataverse.rows.list(table);
const linkOf = (usager: number) => list('rdvs_link').find((row) => row['rdvs_name'] === `usager-${usager}`);
const contactOf = (usager: number) => String(linkOf(usager)?.['_rdvs_contact_value']);
const contact = (usager: number) => bench.dataverse.rows.get('contact', contactOf(usager));
const appointment = () => list('appointment')[0];
const attendees = () =>
  bench.dataverse.rows
    .parties(String(appointment()?.['activityid']))
    .filter((row) => row['participationtypemask'] === 5)
    .map((row) => row['_partyid_value'] ?? row['addressused']);
/** Delivers to a worker without memory, and counts its requests. */
const requestsFor = (text: string) => bench.requestsOf(() => bench.colleague().deliver(text));

/** Tells a usager's contact that people chose, as `links import --move` does: what the columns held is forgotten. */
function tie(usager: number, contactId: string): void {
  bench.dataverse.rows.update('rdvs_link', String(linkOf(usager)?.['rdvs_linkid']), {
    _rdvs_contact_value: contactId,
  });
}

describe('a contact that people deleted', () => {
  test('leaves no e-mail among the attendees with the next snapshot, nor with an anonymisation', async () => {
    await bench.deliver(rdvBody([12, 13]));
    const [deleted, other] = [contactOf(12), contactOf(13)];
    bench.dataverse.rows.remove('contact', deleted);
    expect(attendees().toSorted()).toEqual(['usager-12@example.org', other].toSorted());
    expect(await requestsFor(rdvBody([12, 13]))).toBe(2);
    expect(attendees()).toEqual([other]);

    bench.dataverse.rows.remove('contact', other);
    expect(attendees()).toEqual(['usager-13@example.org']);
    await bench.colleague().deliver(rdvBody([12, 13], { event: 'destroyed', reason: 'rgpd' }));
    expect(attendees()).toEqual([]);
  });

  test('does not take its RDV away for good', async () => {
    await bench.deliver(rdvBody([12]));
    bench.dataverse.rows.remove('contact', contactOf(12));
    expect(list('appointment')).toEqual([]);
    expect(await requestsFor(rdvBody([12]))).toBe(2);
    expect(appointment()).toMatchObject({ rdvs_rdvid: '71', _regardingobjectid_value: null });
    expect(attendees()).toEqual([]);
    expect(list('contact')).toEqual([]);
  });

  test('leaves an RDV out that was deleted itself', async () => {
    await bench.deliver(rdvBody([12]));
    bench.dataverse.rows.remove('appointment', String(appointment()?.['activityid']));
    await bench.deliver(rdvBody([12]));
    expect(list('appointment')).toEqual([]);
  });
});

test('a usager tied to another contact attends under it, also for a worker that remembers the former one', async () => {
  await bench.deliver(rdvBody([12, 13]));
  const right = bench.dataverse.rows.insert('contact', { lastname: 'Usager-Test' });
  tie(12, right);
  await bench.deliver(rdvBody([12, 13]));
  expect(attendees().toSorted()).toEqual([right, contactOf(13)].toSorted());
});

test('an address corrected by hand is replaced whole, in two requests', async () => {
  await bench.deliver(userBody({ address: '1 Rue Ancienne, Ville-Test, 62000, 62, Pas-de-Calais, Hauts-de-France' }));
  bench.dataverse.rows.update('contact', contactOf(12), { address1_line1: '5 Place du CRM', address1_city: 'Lille' });
  const text = userBody({ address: '9 Rue Nouvelle, Ville-Test, 62000, 62, Pas-de-Calais, Hauts-de-France' });
  expect(await requestsFor(text)).toBe(2);
  expect(contact(12)).toMatchObject({ address1_line1: '9 Rue Nouvelle', address1_city: 'Ville-Test' });
});

test('who shares a contact is read with it: clearing a value costs two requests too', async () => {
  await bench.deliver(userBody({ id: 12, email: 'famille-test@example.org' }));
  await bench.deliver(userBody({ id: 13, email: 'famille-test@example.org' }));
  tie(13, contactOf(12));
  expect(await requestsFor(userBody({ id: 12, email: 'famille-test@example.org', first_name: 'Autre-Test' }))).toBe(2);
  expect(await requestsFor(userBody({ id: 12, email: null, first_name: 'Autre-Test' }))).toBe(2);
  expect(contact(12)).toMatchObject({ emailaddress1: 'famille-test@example.org' });
  expect(await requestsFor(userBody({ id: 13, email: null }))).toBe(2);
  expect(contact(12)?.['emailaddress1'] ?? null).toBeNull();
});
