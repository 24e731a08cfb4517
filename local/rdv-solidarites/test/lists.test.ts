// Pages, rights and the traps of what is asked.
import { afterEach, expect, test } from 'vitest';
import { INSTALLER, READER } from '../sender/start-sender.ts';
import { type Desk, openDesk } from './desk.ts';

let desk: Desk;
afterEach(() => desk.sender.stop());

const first = <T>(rows: Iterable<T>): T => {
  for (const row of rows) return row;
  throw new Error('none');
};
const organisations = () => [...desk.sender.store.organisations.values()].map(({ id }) => id);
const anOrganisation = () => first(organisations());
/** A token of an agent whose role is the only one it has. */
function basicAgent(level = 'basic') {
  const { store } = desk.sender;
  const role = first([...store.roles.values()].filter((one) => one.access_level === level && one.agent_id > 2));
  return { role, agent: store.agents.at(role.agent_id), token: desk.sender.tokenFor(role.agent_id) };
}

test('pages have 100 rows; what is no page is page 1; beyond the last there is nothing', async () => {
  desk = await openDesk({ size: { organisations: 1, agents: 3, usagers: 5, rdvs: 230 } });
  for (const page of ['', '?page=', '?page=0', '?page=-3', '?page=abc']) {
    expect((await desk.list(`rdvs${page}`)).meta).toEqual({
      ...{ current_page: 1, next_page: 2, prev_page: null },
      ...{ total_pages: 3, total_count: 230 },
    });
  }
  expect(await desk.list('rdvs?page=3')).toMatchObject({
    rows: { length: 30 },
    meta: { prev_page: 2, next_page: null },
  });
  expect(await desk.list('rdvs?page=9')).toMatchObject({ rows: [], meta: { prev_page: null, next_page: null } });
  const none = await desk.list(`rdvs?starts_after=${encodeURIComponent('2040-01-01T00:00:00Z')}`);
  expect(none.meta).toMatchObject({ total_pages: 0, total_count: 0 });
});

test('RDV and usagers come in another order each time', async () => {
  desk = await openDesk();
  const twice = async (path: string) => [(await desk.list(path)).ids, (await desk.list(path)).ids];
  for (const path of ['rdvs', 'users']) {
    const [one = [], other = []] = await twice(path);
    expect(one).not.toEqual(other);
    expect(one.toSorted()).toEqual(other.toSorted());
  }
  const [one, other] = await twice('organisations');
  expect(one).toEqual(other);
});

test('an organisation of somebody else: no RDV, all usagers and agents, a crash for motifs', async () => {
  desk = await openDesk();
  const { role, token } = basicAgent('admin');
  const foreign = first(organisations().filter((id) => id !== role.organisation_id));
  expect((await desk.list(`organisations/${foreign}/rdvs`, token)).rows).toEqual([]);
  const own = await desk.list(`organisations/${role.organisation_id}/users`, token);
  expect((await desk.list(`organisations/${foreign}/users`, token)).meta).toEqual(own.meta);
  expect(own.meta.total_count).toBeLessThan((await desk.list('users')).meta.total_count);
  const agents = await desk.list('agents', token);
  expect((await desk.list(`agents?organisation_id=${foreign}`, token)).ids).toEqual(agents.ids);
  expect((await desk.get(`organisations/${foreign}/motifs`, token)).status).toBe(500);
  expect((await desk.get(`organisations/${foreign}`, token)).status).toBe(403);
  expect((await desk.get('organisations/99999', token)).status).toBe(404);
});

test('RDV are seen by role: all of them, those of the service, or one’s own', async () => {
  desk = await openDesk({ size: { organisations: 1, agents: 10, usagers: 20, rdvs: 200 } });
  const { store } = desk.sender;
  const all = (await desk.list('rdvs')).meta.total_count;
  const seenBy = async (agent: number) => (await desk.list('rdvs', desk.sender.tokenFor(agent))).meta.total_count;
  expect(all).toBe(200);
  expect(await seenBy(INSTALLER)).toBe(0);
  expect((await desk.list('organisations', desk.sender.tokenFor(INSTALLER))).rows).toEqual([]);

  const { agent } = basicAgent();
  const services = new Set(agent.services);
  const visible = [...store.rdvs.values()].filter(
    ({ motif_id, agents }) => services.has(store.motifs.at(motif_id).service_id) || agents.includes(agent.id),
  );
  expect(await seenBy(agent.id)).toBe(visible.length);
  const secretary = first([...store.agents.values()].filter((one) => one.services.includes(3)));
  expect(await seenBy(secretary.id)).toBe(200);
  const intervenant = basicAgent('intervenant').agent;
  const own = [...store.rdvs.values()].filter(({ agents }) => agents.includes(intervenant.id));
  expect(await seenBy(intervenant.id)).toBe(own.length);
});

test('a role that is taken away empties the lists silently', async () => {
  desk = await openDesk();
  const organisation = anOrganisation();
  const before = await desk.list(`organisations/${organisation}/rdvs`);
  expect(before.meta.total_count).toBeGreaterThan(0);
  desk.sender.addFault({ kind: 'lose-right', agent: READER, organisation });
  expect((await desk.list(`organisations/${organisation}/rdvs`)).meta.total_count).toBe(0);
});

test('the bounds of a window belong to it; an unreadable one gives an empty list; a bare plus is no offset', async () => {
  desk = await openDesk();
  const rdv = first(desk.sender.store.rdvs.values());
  const at = new Date(rdv.starts_at).toISOString();
  const count = async (query: string) => (await desk.list(`rdvs?${query}`)).ids.includes(rdv.id);
  expect(await count(`starts_after=${at}&starts_before=${at}`)).toBe(true);
  const later = new Date(rdv.starts_at + 1000).toISOString();
  expect(await count(`starts_after=${later}`)).toBe(false);
  expect((await desk.list('rdvs?starts_after=hier')).rows).toEqual([]);
  // 12:00 +09:00 is 03:00 UTC; taken for Paris it is not.
  const tokyo = new Date(rdv.starts_at + 9 * 3_600_000).toISOString().slice(0, 19);
  expect(await count(`starts_after=${tokyo}%2B09:00`)).toBe(true);
  expect(await count(`starts_after=${tokyo}+09:00`)).toBe(false);
});

test('filters take lists; those by usager and agent leave only what matched inside the row', async () => {
  desk = await openDesk({ size: { organisations: 1, agents: 4, usagers: 20, rdvs: 200 } });
  const rdvs = [...desk.sender.store.rdvs.values()];
  const [one = 0, other = 0] = rdvs.map(({ id }) => id);
  expect((await desk.list(`rdvs?id=${one},${other}`)).ids.toSorted()).toEqual([one, other].toSorted());
  expect((await desk.list(`rdvs?id[]=${one}&id[]=${other}`)).ids.toSorted()).toEqual([one, other].toSorted());
  expect((await desk.list('rdvs?status=excused,revoked')).rows[0]?.['status']).toMatch(/excused|revoked/);

  const crowd = first(rdvs.filter(({ participations }) => participations.length > 2));
  const [person] = crowd.participations;
  const { rows } = await desk.list(`rdvs?id=${crowd.id}&user_id=${person?.user_id}`);
  expect(rows).toMatchObject([{ participations: [{ id: person?.id }] }]);
  const whole = await desk.list(`rdvs?id=${crowd.id}&include=motif`);
  expect(Object.keys(whole.rows[0] ?? {})).toEqual(expect.arrayContaining(['id', 'motif', 'starts_at']));
  expect(whole.rows[0]).not.toHaveProperty('participations');
});

test('an usager asked for by id: gone is 404, elsewhere is 403, known names the organisations that both share', async () => {
  desk = await openDesk();
  const { store } = desk.sender;
  const { role, token } = basicAgent();
  const elsewhere = first([...store.profiles.values()].filter((one) => one.organisation_id !== role.organisation_id));
  const here = first(store.profiles.where('organisation_id', role.organisation_id));
  const gone = await desk.get('users/99999', token);
  expect([gone.status, await gone.json()]).toEqual([404, { not_found: 'user' }]);
  const refused = await desk.get(`users/${elsewhere.user_id}`, token);
  expect([refused.status, await refused.json()]).toMatchObject([
    403,
    { error_messages: [expect.stringMatching(/^Vous n’avez pas les droits suffisants/)] },
  ]);
  expect((await desk.get(`organisations/${role.organisation_id}/users/${elsewhere.user_id}`, token)).status).toBe(404);
  expect(await (await desk.get(`users/${here.user_id}`, token)).json()).toMatchObject({
    user: { id: here.user_id, user_profiles: [{ organisation: { id: role.organisation_id } }] },
  });
  const [listed] = (await desk.list(`users?ids[]=${here.user_id}`, token)).rows;
  expect(listed).toMatchObject({ id: here.user_id, user_profiles: null });
});

test('2024: no list of all RDV, two agents make two rows, and 404 says so', async () => {
  desk = await openDesk({ profile: '2024', size: { organisations: 1, agents: 4, usagers: 20, rdvs: 90 } });
  for (const path of ['rdvs', 'lieux', 'agents/me']) expect((await desk.get(path)).status).toBe(404);
  const { store } = desk.sender;
  const organisation = anOrganisation();
  const agents = [...store.rdvs.values()].reduce((sum, rdv) => sum + rdv.agents.length, 0);
  expect(agents).toBeGreaterThan(90);
  expect((await desk.list(`organisations/${organisation}/rdvs`)).meta.total_count).toBe(agents);
  expect(await (await desk.get('organisations/99999')).json()).toMatchObject({ success: false });
});

test('Date is the router’s, whole seconds; the same answer is not sent twice', async () => {
  desk = await openDesk();
  desk.sender.skew.router = 30_000;
  const answer = await desk.get('organisations');
  expect(answer.headers.get('date')).toBe('Tue, 24 Nov 2026 11:00:30 GMT');
  expect(Number(answer.headers.get('x-runtime'))).toBeGreaterThan(0);
  const etag = answer.headers.get('etag') ?? '';
  expect(etag).toMatch(/^W\/"[0-9a-f]{32}"$/);
  const token = desk.sender.tokenFor(READER);
  const headers = { Authorization: `Bearer ${token}`, 'If-None-Match': etag };
  const again = await fetch(`${desk.sender.url}/api/v1/organisations`, { headers });
  expect([again.status, await again.text()]).toEqual([304, '']);
});

test('without a token the answer is in French; closed lieux are not listed; absences come latest first', async () => {
  desk = await openDesk();
  const answer = await fetch(`${desk.sender.url}/api/v1/organisations`);
  expect([answer.status, await answer.json()]).toEqual([
    401,
    { errors: ['Vous devez vous connecter ou vous inscrire pour continuer.'] },
  ]);
  expect((await desk.list('lieux')).rows).toHaveLength(organisations().length);
  const days = (await desk.list('absences')).rows.map((row) => String(row['first_day']));
  expect(days).toEqual(days.toSorted().toReversed());
});
