// Which webhooks an act sends, in which order, and what it leaves at the sender.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MODELS, SUBSCRIPTIONS } from '../webhooks/models.ts';
import { type Desk, openDesk } from './desk.ts';
import { openReceiver, type Receiver } from './receiver.ts';

let desk: Desk;
let receiver: Receiver;
let organisation = 0;
let elsewhere = 0;
let motif = 0;
let collective = 0;
let agent = 0;
let usager = 0;

const YEAR_MS = 366 * 86_400_000;
const tomorrow = () => desk.clock.now() + 86_400_000;

beforeEach(async () => {
  receiver = await openReceiver();
  desk = await openDesk({ size: { organisations: 2, agents: 3, usagers: 0, rdvs: 0 } });
  const { store, acts } = desk.sender;
  const [one, other] = store.organisations.values();
  [organisation, elsewhere] = [one?.id ?? 0, other?.id ?? 0];
  const motifs = store.motifs.where('organisation_id', organisation);
  motif = motifs[0]?.id ?? 0;
  collective = motifs.find(({ collectif }) => collectif)?.id ?? 0;
  agent = store.roles.where('organisation_id', organisation).at(-1)?.agent_id ?? 0;
  usager = acts.addUsager(organisation, { first_name: 'Camille', last_name: 'Usager-Test' });
  const subscriptions = MODELS.map((model) => SUBSCRIPTIONS[model]);
  for (const id of [organisation, elsewhere]) {
    const target_url = `${receiver.url}/${id === organisation ? 'ici' : 'ailleurs'}`;
    store.endpoints.put({ id: 900_000 + id, organisation_id: id, target_url, secret: 'secret', subscriptions });
  }
});
afterEach(async () => {
  receiver.stop();
  await desk.sender.stop();
});

/** What was announced since the last call, in the order of the sender's queue. */
async function announced(): Promise<string[]> {
  await desk.sender.settled();
  const { attempts } = desk.sender.deliveries;
  const since = attempts.slice(seen).map(({ model, event, key }) => `${model} ${event} ${key}`);
  seen = attempts.length;
  return since;
}
let seen = 0;
beforeEach(() => {
  seen = 0;
});

const book = (users: number[], more: object = {}) =>
  desk.sender.acts.book({ motif, agents: [agent], users, starts_at: tomorrow(), ...more });

test('an usager, then its first proche; a family in one form begins with the child', async () => {
  const { acts, store } = desk.sender;
  const child = acts.addUsager(organisation, { first_name: 'Zoé', last_name: 'Usager-Test', responsible_id: usager });
  expect(await announced()).toEqual([`User created ${child}`, `UserProfile created ${child}-${organisation}`]);
  const name = { first_name: 'Noël', last_name: 'Usager-Test' };
  const other = acts.addFamily(organisation, name, { ...name, first_name: 'Alix' });
  const adult = store.usagers.at(other).responsible_id ?? 0;
  expect((await announced()).slice(0, 2)).toEqual([`User created ${other}`, `User created ${adult}`]);
});

test('who signs up is announced by the first booking only, and never as a user', async () => {
  const person = desk.sender.acts.signUp({ first_name: 'Paul', last_name: 'Usager-Test' });
  await announced();
  const id = book([person], { byUser: person });
  expect(await announced()).toEqual([`Rdv created ${id}`, `UserProfile created ${person}-${organisation}`]);
  expect(receiver.webhooks.at(-2)?.data).toMatchObject({ created_by: 'user', created_by_type: 'User' });
});

test('an edit is announced to each organisation of the usager, and to no RDV', async () => {
  const { acts } = desk.sender;
  book([usager]);
  acts.linkUsager(usager, elsewhere);
  await announced();
  acts.editUsager(usager, { first_name: 'Camille-Anne' });
  expect(await announced()).toEqual([`User updated ${usager}`, `User updated ${usager}`]);
});

test('a booking: the RDV, its own lieu, then the profiles of newcomers', async () => {
  const { acts, store } = desk.sender;
  const stranger = acts.addUsager(elsewhere, { first_name: 'Alix', last_name: 'Usager-Test' });
  await announced();
  const id = book([stranger], { lieu: { name: 'Mairie', address: '1 Place de l’Exemple' } });
  const lieu = store.rdvs.at(id).lieu_id;
  expect(await announced()).toEqual([
    `Rdv created ${id}`,
    `Lieu created ${lieu}`,
    `UserProfile created ${stranger}-${organisation}`,
  ]);
  const all = await desk.list('lieux');
  expect(all.ids).not.toContain(lieu);
});

test('one person’s attendance is announced twice, that of the whole RDV once; a mixed RDV stays unknown', async () => {
  const { acts, store } = desk.sender;
  const other = acts.addUsager(organisation, { first_name: 'Alix', last_name: 'Usager-Test' });
  const id = book([usager, other]);
  await announced();
  const [first, second] = store.rdvs.at(id).participations;
  acts.setAttendance(id, first?.id ?? 0, 'excused');
  expect(await announced()).toEqual([`Rdv updated ${id}`, `Rdv updated ${id}`]);
  acts.setAttendance(id, second?.id ?? 0, 'noshow');
  expect(store.rdvs.at(id)).toMatchObject({ status: 'unknown', cancelled_at: null });
  await announced();
  acts.setStatus(id, 'revoked');
  expect(await announced()).toEqual([`Rdv updated ${id}`]);
  expect(store.rdvs.at(id).participations.map(({ status }) => status)).toEqual(['excused', 'revoked']);
  expect(store.rdvs.at(id).cancelled_at).toBe(desk.clock.now());
  acts.setStatus(id, 'unknown');
  expect(store.rdvs.at(id)).toMatchObject({ cancelled_at: null, participations: [{ status: 'unknown' }, {}] });
});

test('new agents are announced with the old date first', async () => {
  const id = book([usager]);
  const starts_at = tomorrow() + 3_600_000;
  await announced();
  desk.sender.acts.edit(id, { agents: [agent, 1], starts_at });
  expect(await announced()).toEqual([`Rdv updated ${id}`, `Rdv updated ${id}`]);
  desk.sender.acts.move(id, starts_at);
  expect(await announced()).toEqual([`Rdv updated ${id}`]);
});

test('a collective RDV: who joins has no profile, who is taken off is only missing', async () => {
  const { acts, store } = desk.sender;
  const stranger = acts.addUsager(elsewhere, { first_name: 'Alix', last_name: 'Usager-Test' });
  const id = book([], { motif: collective });
  await announced();
  acts.joinRdv(id, stranger);
  expect(await announced()).toEqual([`Rdv updated ${id}`]);
  expect(store.profiles.get(`${stranger}-${organisation}`)).toBeUndefined();
  acts.removeParticipation(id, store.rdvs.at(id).participations[0]?.id ?? 0);
  expect(await announced()).toEqual([`Rdv updated ${id}`]);
  expect(() => acts.setStatus(id, 'noshow')).toThrow();
});

test('who leaves the last organisation is anonymised without a word, and still shown in the RDV', async () => {
  const { acts } = desk.sender;
  const id = book([usager]);
  expect(() => acts.removeUsager(usager, organisation)).toThrow('à venir');
  acts.setStatus(id, 'excused');
  acts.linkUsager(usager, elsewhere);
  await announced();
  acts.removeUsager(usager, elsewhere);
  expect(await announced()).toEqual([`UserProfile destroyed ${usager}-${elsewhere}`, `User updated ${usager}`]);
  acts.anonymise(usager);
  expect(await announced()).toEqual([`UserProfile destroyed ${usager}-${organisation}`]);
  expect((await desk.get(`users/${usager}`)).status).toBe(404);
  expect((await desk.list('users')).ids).not.toContain(usager);
  expect((await desk.list(`rdvs?id=${id}`)).rows).toMatchObject([
    { users: [{ first_name: 'Usager supprimé', email: `user_${usager}@deleted.rdv-solidarites.fr` }] },
  ]);
});

test('a merge says nothing of where the source went; its participation keeps its id', async () => {
  const { acts, store } = desk.sender;
  const twin = acts.addUsager(organisation, { first_name: 'Camille', last_name: 'Usager-Test' });
  const id = book([twin]);
  const [before] = store.rdvs.at(id).participations;
  await announced();
  acts.mergeUsagers(organisation, usager, twin);
  expect(await announced()).toEqual([
    `UserProfile destroyed ${twin}-${organisation}`,
    `User updated ${usager}`,
    `Rdv updated ${id}`,
  ]);
  expect(store.rdvs.at(id).participations).toEqual([{ ...before, user_id: usager }]);
});

test('the night forgets what is two years old, with the reason rgpd', async () => {
  const { acts, store } = desk.sender;
  const id = book([usager]);
  await announced();
  desk.clock.moveTo(desk.clock.now() + 3 * YEAR_MS);
  expect(acts.purge()).toMatchObject({ rdvs: 1, usagers: 1 });
  const told = await announced();
  expect(told).toContain(`Rdv destroyed ${id}`);
  expect(told).toContain(`UserProfile destroyed ${usager}-${organisation}`);
  expect(told.join()).not.toContain('User destroyed');
  const reasons = receiver.webhooks.filter(({ meta }) => meta.model === 'Rdv' && meta.event === 'destroyed');
  expect(reasons.map(({ meta }) => meta['webhook_reason'])).toEqual(['rgpd']);
  expect([store.rdvs.get(id), store.usagers.get(usager)]).toEqual([undefined, undefined]);
});

test('what a client writes comes back to it: an attendance twice', async () => {
  const { store } = desk.sender;
  const id = book([usager]);
  await announced();
  const participation = store.rdvs.at(id).participations[0]?.id;
  const answer = await desk.send('PATCH', `participations/${participation}`, { participation: { status: 'seen' } });
  expect(await answer.json()).toMatchObject({ rdv: { id, status: 'seen' } });
  expect(await announced()).toEqual([`Rdv updated ${id}`, `Rdv updated ${id}`]);
  const whole = await desk.send('PATCH', `rdvs/${id}/update_status`, { status: 'revoked' });
  expect(await whole.json()).toEqual({ status: 'revoked' });
  expect((await desk.send('PATCH', `rdvs/${id}/update_status`, { status: 'autre' })).status).toBe(422);
});

test('a deleted RDV is announced whole; weather loses, delays and repeats', async () => {
  const { acts, deliveries } = desk.sender;
  const id = book([usager]);
  await announced();
  acts.destroyRdv(id);
  expect(await announced()).toEqual([`Rdv destroyed ${id}`]);
  expect(receiver.webhooks.at(-1)).toMatchObject({ data: { id, participations: [{}] } });

  deliveries.setWeather(({ model }) => (model === 'Rdv' ? { delayMs: 60_000, copies: 2 } : { lost: true }));
  const later = book([usager]);
  acts.editUsager(usager, { first_name: 'Alix' });
  receiver.webhooks.length = 0;
  await desk.sender.passTime(desk.clock, 59_000);
  expect(receiver.told()).toEqual([]);
  await desk.sender.passTime(desk.clock, 2_000);
  expect(receiver.webhooks.map(({ data }) => data.id)).toEqual([later, later]);
});

test('absences, roles, referents and motifs are announced to the organisations concerned', async () => {
  const { acts, store } = desk.sender;
  const hours = { first_day: '2026-12-01', end_day: '2026-12-01', start_time: '09:00:00', end_time: '12:00:00' };
  const absence = acts.addAbsence({ agent_id: agent, title: 'Formation', rrule: null, ...hours });
  expect(await announced()).toEqual([`Absence created ${absence}`]);
  const role = acts.addRole(agent, elsewhere, 'basic');
  acts.destroyAbsence(absence);
  expect(await announced()).toEqual([
    `AgentRole created ${role}`,
    `Absence destroyed ${absence}`,
    `Absence destroyed ${absence}`,
  ]);
  acts.addReferent(usager, agent);
  acts.removeReferent(usager, agent);
  expect((await announced()).map((told) => told.split(' ').slice(0, 2).join(' '))).toEqual([
    'ReferentAssignation created',
    'ReferentAssignation destroyed',
  ]);
  book([usager]);
  await announced();
  acts.removeMotif(motif);
  acts.removeMotif(collective);
  acts.editMotif(motif, { name: 'Ancien' });
  const before = store.plages.where('organisation_id', organisation).length;
  acts.removeRole(store.roles.where('organisation_id', organisation).at(-1)?.id ?? 0);
  expect(store.plages.where('organisation_id', organisation)).toHaveLength(before - 1);
  const told = await announced();
  expect(told).toEqual(
    expect.arrayContaining([
      `Motif updated ${motif}`,
      `Motif destroyed ${collective}`,
      expect.stringMatching(/^AgentRole destroyed/),
    ]),
  );
});
