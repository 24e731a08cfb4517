// A person who was deleted in Dynamics: what their link remembered in hashes goes with the next word of the sender.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  makeNotification,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { type Bench, clear, startBench } from '../delivery/bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());
beforeEach(() => clear(bench.dataverse));

const at = (second: number) => new Date(Date.parse('2026-11-24T09:00:00Z') + second * 1000).toISOString();
const person = (second: number, event: 'updated' | 'destroyed' = 'updated', data = makeUser({ id: 12 })) =>
  senderJson(makeNotification({ model: 'User', event, data, at: at(second) }));
const rdv = (second: number) => {
  const participations = [makeParticipation({ user: makeUser({ id: 12 }) })];
  return senderJson(
    makeNotification({ model: 'Rdv', event: 'updated', data: makeRdv({ id: 77, participations }), at: at(second) }),
  );
};

const link = () => bench.dataverse.rows.list('rdvs_link').find(({ rdvs_name }) => rdvs_name === 'usager-12');
function deleteContact() {
  for (const { contactid } of bench.dataverse.rows.list('contact'))
    bench.dataverse.rows.remove('contact', String(contactid));
}

test.each([
  ['a newer copy', person(5)],
  ['an older copy', person(-5)],
  ['an RDV that names the person', rdv(5)],
  ['a copy that the sender anonymised', person(5, 'updated', makeUser({ id: 12, last_name: 'Usager supprimé' }))],
])('hashes go with %s, once, and the person stays out', async (_, next) => {
  await bench.colleague().deliver(person(0));
  const before = link();
  expect(String(before?.['rdvs_applied'])).toMatch(/"birthdate":"/);
  deleteContact();
  await bench.colleague().deliver(next);
  expect(link()).toMatchObject({ rdvs_applied: '{}', rdvs_version: before?.['rdvs_version'], rdvs_state: 1 });
  expect(bench.dataverse.rows.list('contact')).toEqual([]);
  const { versionnumber } = link() ?? {};
  await bench.colleague().deliver(person(9));
  expect(link()).toMatchObject({ rdvs_applied: '{}', versionnumber });
  expect(bench.dataverse.rows.list('contact')).toEqual([]);
});

test('hashes of a destroyed usager go too', async () => {
  await bench.colleague().deliver(person(0));
  await bench.colleague().deliver(person(1, 'destroyed'));
  deleteContact();
  await bench.colleague().deliver(rdv(5));
  expect(link()).toMatchObject({ rdvs_applied: '{}', rdvs_state: 2 });
});
