// Installing webhooks, the replay that every save causes, and deliveries with their retries.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { INSTALLER, READER, type SenderOptions } from '../sender/start-sender.ts';
import { type Desk, openDesk } from './desk.ts';
import { openReceiver, type Receiver } from './receiver.ts';

let desk: Desk;
let receiver: Receiver;
beforeEach(async () => {
  receiver = await openReceiver();
});
afterEach(async () => {
  receiver.stop();
  await desk.sender.stop();
});

const HOUR_MS = 3_600_000;
const organisation = () => [...desk.sender.store.organisations.values()][0]?.id ?? 0;
const open = async (options: SenderOptions = {}) => {
  desk = await openDesk({ allowedHosts: ['127.0.0.1'], ...options });
};
const made = z.object({
  webhook_endpoint: z.strictObject({
    id: z.number(),
    target_url: z.string(),
    organisation_id: z.number(),
    subscriptions: z.array(z.string()),
  }),
});

/** Installs an endpoint and waits for its replay to be over. */
async function install(subscriptions: string[], more: object = {}): Promise<number> {
  const body = { target_url: `${receiver.url}/api`, secret: 'secret', subscriptions, ...more };
  const answer = await desk.send('POST', `organisations/${organisation()}/webhook_endpoints`, body);
  expect(answer.status).toBe(200);
  const { id } = made.parse(await answer.json()).webhook_endpoint;
  await desk.sender.settled();
  return id;
}
const update = (id: number, body: object) =>
  desk.send('PATCH', `organisations/${organisation()}/webhook_endpoints/${id}`, body);
const pass = (ms: number) => desk.sender.passTime(desk.clock, ms);

test('an address is taken once, on an allowed host, with known subscriptions; rights come first', async () => {
  await open();
  const path = `organisations/${organisation()}/webhook_endpoints`;
  const post = async (body: object, token?: string) => {
    const answer = await desk.send('POST', path, { secret: 'secret', subscriptions: [], ...body }, token);
    return [answer.status, await answer.json()];
  };
  const target_url = `${receiver.url}/api`;
  expect((await post({ target_url }))[0]).toBe(200);
  expect(await post({ target_url })).toEqual([
    422,
    {
      errors: { target_url: [{ error: 'taken', value: target_url }] },
      error_messages: ['target_url est déjà utilisé'],
    },
  ]);
  expect((await post({ target_url: `${target_url}?organisation=7` }))[0]).toBe(200);
  const errorOf = async (body: object) => JSON.stringify((await post(body))[1]);
  expect(await errorOf({ target_url: 'https://sub.127.0.0.1.example.org/' })).toContain('host_not_allowed');
  expect(await errorOf({ target_url: 'ftp://127.0.0.1/' })).toContain('invalid_format');
  expect(await errorOf({ target_url: `${target_url}/2`, subscriptions: ['participation'] })).toContain('base');
  expect(await errorOf({ target_url: `${target_url}/2`, secret: '' })).toContain('secret');

  const agent = [...desk.sender.store.agents.values()].find((one) => !one.territory_admin)?.id ?? 0;
  const token = desk.sender.tokenFor(agent);
  expect((await post({ target_url: `${target_url}/3` }, token))[0]).toBe(403);
  expect((await desk.list(path, token)).rows).toEqual([]);
  expect((await desk.list(path, desk.sender.tokenFor(INSTALLER))).rows).toHaveLength(2);
  expect((await desk.list(`${path}?target_url=${encodeURIComponent(target_url)}`)).rows).toHaveLength(1);
  expect((await desk.get('organisations/99999/webhook_endpoints')).status).toBe(404);
  expect((await update(99999, {})).status).toBe(404);
  expect((await desk.send('DELETE', `${path}/1`, {})).status).toBe(404);
});

test('without an allow-list no host is allowed; an endpoint from before stays', async () => {
  await open({ allowedHosts: [] });
  const row = { id: 90_000, organisation_id: organisation(), target_url: `${receiver.url}/api`, secret: 'secret' };
  desk.sender.store.endpoints.put({ ...row, subscriptions: [] });
  expect((await update(row.id, { secret: 'autre' })).status).toBe(200);
  expect((await update(row.id, { target_url: `${receiver.url}/autre` })).status).toBe(422);
});

test('every save replays everything, subscriptions in their order and records by id, whatever is asked', async () => {
  await open();
  const id = await install(['user', 'rdv'], { trigger: false });
  const { store } = desk.sender;
  const users = store.profiles.where('organisation_id', organisation()).length;
  const rdvs = store.rdvs.where('organisation_id', organisation()).length;
  expect(receiver.told().filter((told) => told === 'User created')).toHaveLength(users);
  expect(receiver.told().filter((told) => told === 'Rdv created')).toHaveLength(rdvs);
  expect(receiver.webhooks.every(({ signed }) => signed)).toBe(true);
  const asked = desk.sender.deliveries.attempts.map(({ model, key }) => `${model} ${key}`);
  expect(asked[0]).toMatch(/^User/);
  expect(asked.at(-1)).toMatch(/^Rdv/);
  receiver.webhooks.length = 0;
  expect((await update(id, { secret: 'secret', trigger: false })).status).toBe(200);
  await desk.sender.settled();
  expect(receiver.webhooks).toHaveLength(users + rdvs);
});

test('with `absence` nothing is ever replayed; live absences come all the same', async () => {
  await open();
  await install(['rdv', 'absence']);
  await pass(200 * HOUR_MS);
  expect(receiver.webhooks).toEqual([]);
  const { store, acts } = desk.sender;
  const agent = store.roles.where('organisation_id', organisation())[1]?.agent_id;
  const absence = [...store.absences.values()].find(({ agent_id }) => agent_id === agent);
  acts.editAbsence(absence?.id ?? 0, { title: 'Congés' });
  await desk.sender.settled();
  expect(receiver.told()).toEqual(['Absence updated']);
});

test('a replay shows its rows as they were when it walked; a live body as it is when its job runs', async () => {
  await open();
  const { store, acts, deliveries } = desk.sender;
  const rdv = store.rdvs.where('organisation_id', organisation())[0];
  receiver.answerWith(() => ({ status: 503 }));
  await install(['rdv']);
  acts.edit(rdv?.id ?? 0, { context: 'premier' });
  await desk.sender.settled();
  acts.edit(rdv?.id ?? 0, { context: 'second' });
  receiver.answerWith(() => ({ status: 202 }));
  receiver.webhooks.length = 0;
  await pass(10_000);
  const ours = receiver.webhooks.filter(({ data }) => data.id === rdv?.id);
  const contexts = (event: string) =>
    ours.filter(({ meta }) => meta.event === event).map(({ data }) => data['context']);
  expect(contexts('created')).toEqual([null]);
  expect(contexts('updated')).toEqual(['second', 'second']);
  expect(deliveries.retrying()).toBe(0);
});

test('a live event passes a replay that waits', async () => {
  const delivered: string[] = [];
  const answer = Promise.withResolvers<void>();
  await open({
    deliver: async ({ body }) => {
      delivered.push(body);
      if (body.includes('"event":"created"')) await answer.promise;
      return { status: 202, body: '', timedOut: false };
    },
  });
  const body = { target_url: `${receiver.url}/api`, secret: 'secret', subscriptions: ['rdv'] };
  await desk.send('POST', `organisations/${organisation()}/webhook_endpoints`, body);
  await expect.poll(() => delivered.length).toBe(2);
  const [rdv] = desk.sender.store.rdvs.where('organisation_id', organisation());
  desk.sender.acts.move(rdv?.id ?? 0, desk.clock.now() + HOUR_MS);
  await expect.poll(() => delivered.length).toBe(3);
  expect(delivered[2]).toContain('"event":"updated"');
  answer.resolve();
});

/** One move of an RDV, with whatever the receiver answers. */
async function deliverOnce(options: SenderOptions = {}) {
  await open(options);
  await install([]);
  await update([...desk.sender.store.endpoints.values()][0]?.id ?? 0, { subscriptions: ['rdv'] });
  await desk.sender.settled();
  receiver.webhooks.length = 0;
  desk.sender.acts.move(desk.sender.store.rdvs.where('organisation_id', organisation())[0]?.id ?? 0, desk.clock.now());
  await desk.sender.settled();
}

test('twenty tries in six and a half days, then silence', async () => {
  receiver.answerWith(({ meta }) => ({ status: meta.event === 'updated' ? 500 : 202 }));
  await deliverOnce();
  const begin = desk.clock.now();
  expect(receiver.webhooks).toHaveLength(1);
  await pass(2_900);
  expect(receiver.webhooks).toHaveLength(1);
  await pass(400);
  expect(receiver.webhooks).toHaveLength(2);
  await pass(8 * 24 * HOUR_MS);
  expect(receiver.webhooks).toHaveLength(20);
  const last = desk.sender.deliveries.attempts.at(-1);
  expect(last).toMatchObject({ attempt: 20, outcome: 'discarded', status: 500 });
  const hours = ((last?.at ?? 0) - begin) / HOUR_MS;
  expect(hours).toBeGreaterThan(156);
  expect(hours).toBeLessThan(181);
});

test.each([
  ['an HTML page with 200 loses the event', { status: 200, body: '<html>Maintenance</html>' }, 1],
  ['a redirect is not followed', { status: 302, headers: { Location: '/ailleurs' } }, 2],
  [
    'one of the four phrases counts as delivered',
    { status: 404, body: '{"message":"Appointment already deleted"}' },
    1,
  ],
  ['any other error is tried again', { status: 404, body: '{"message":"Unknown"}' }, 2],
  ['silence is a failure', { status: 0, silent: true }, 2],
] as const)('%s', async (_, reply, tries) => {
  receiver.answerWith(({ meta }) => (meta.event === 'updated' ? reply : { status: 202 }));
  await deliverOnce({ deliveryTimeoutMs: 300 });
  await pass(4_000);
  expect(receiver.webhooks).toHaveLength(tries);
});

test('secret and address are read when a job runs, a retry too; nothing leaves this machine', async () => {
  receiver.answerWith(({ meta }) => ({ status: meta.event === 'updated' ? 500 : 202 }));
  await deliverOnce();
  const [endpoint] = desk.sender.store.endpoints.values();
  if (endpoint === undefined) throw new Error('none');
  desk.sender.store.endpoints.put({ ...endpoint, secret: 'nouveau', target_url: `${receiver.url}/nouveau` });
  await pass(4_000);
  expect(receiver.webhooks[1]).toMatchObject({ path: '/nouveau', signed: false });
  desk.sender.store.endpoints.put({ ...endpoint, target_url: 'https://crm.example.org/' });
  await pass(30_000);
  expect(desk.sender.deliveries.attempts.at(-1)).toMatchObject({ outcome: 'not-local' });
});

test('meta is that of 2026, or of 2024; the jobs’ clock may be wrong; a retry of 2024 is the same body', async () => {
  receiver.answerWith(({ meta }) => ({ status: meta.event === 'updated' ? 500 : 202 }));
  await deliverOnce();
  desk.sender.skew.jobs = 60_000;
  await pass(4_000);
  expect(receiver.webhooks[1]?.meta).toMatchObject({
    event_occurred_at: '2026-11-24T12:00:00+01:00',
    payload_computed_at: '2026-11-24T12:01:03+01:00',
  });
  await desk.sender.stop();
  await deliverOnce({ profile: '2024' });
  await pass(4_000);
  const [one, again] = receiver.webhooks;
  expect(one?.meta).toMatchObject({ webhook_reason: null, timestamp: '2026-11-24 12:00:00 +0100' });
  expect(again?.text).toBe(one?.text);
});

test('webhook and API say the same of a record', async () => {
  await deliverOnce();
  const [webhook] = receiver.webhooks;
  const { rows } = await desk.list(`rdvs?id=${webhook?.data.id}`);
  expect(JSON.stringify(rows[0])).toBe(JSON.stringify(webhook?.data));
  expect(webhook?.text).toMatch(
    /^\{"data":\{"id":\d+,"address":.*"starts_at":"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0[12]00"/,
  );
});

test('an RDV tells its hours in the zone of its organisation', async () => {
  await open();
  const { store } = desk.sender;
  const [rdv] = store.rdvs.where('organisation_id', organisation());
  store.organisations.put({ ...store.organisations.at(organisation()), time_zone: 'America/Cayenne' });
  const { rows } = await desk.list(`rdvs?id=${rdv?.id}`);
  expect(rows[0]).toMatchObject({ time_zone: 'America/Cayenne', starts_at: expect.stringMatching(/ -0300$/) });
});

test('jobs that wait while the workers are away are made when they are back', async () => {
  await deliverOnce();
  const { deliveries, acts, store } = desk.sender;
  deliveries.pause();
  const [rdv] = store.rdvs.where('organisation_id', organisation());
  acts.edit(rdv?.id ?? 0, { context: 'avant' });
  receiver.webhooks.length = 0;
  await desk.sender.settled();
  expect(receiver.webhooks).toEqual([]);
  deliveries.resume();
  await desk.sender.settled();
  expect(receiver.webhooks[0]?.data).toMatchObject({ id: rdv?.id, context: 'avant' });
});

test('faults are taken over HTTP, and a wrong one is explained', async () => {
  await open();
  const fault = (body: string) => fetch(`${desk.sender.url}/__faults`, { method: 'POST', body });
  expect((await fault('{"kind":"pluie"}')).status).toBe(400);
  expect(
    (await fault('[{"kind":"429","retryAfter":7},{"kind":"302"},{"kind":"500"},{"kind":"html"},{"kind":"cut"}]'))
      .status,
  ).toBe(200);
  const token = desk.sender.tokenFor(READER);
  const ask = () =>
    fetch(`${desk.sender.url}/api/v1/organisations`, {
      headers: { Authorization: `Bearer ${token}` },
      redirect: 'manual',
    });
  const limited = await ask();
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
  const moved = await ask();
  expect([moved.status, moved.headers.get('location')]).toEqual([302, '/500.html']);
  expect((await ask()).status).toBe(500);
  expect((await ask()).headers.get('content-type')).toContain('text/html');
  await expect(ask().then((answer) => answer.text())).rejects.toThrow();
  expect((await ask()).status).toBe(200);
  const journal = z
    .array(z.looseObject({ path: z.string(), status: z.number() }))
    .parse(await (await fetch(`${desk.sender.url}/__requests`)).json());
  expect(journal.map(({ status }) => status)).toEqual([429, 302, 500, 200, 200, 200]);
});

test('rows come and go between two pages, silence, and a fail-over loses what was announced', async () => {
  await open({ size: { organisations: 1, agents: 3, usagers: 5, rdvs: 150 } });
  await install([]);
  desk.sender.addFault({ kind: 'remove-rdv', after: 1, match: { path: '/rdvs' } });
  expect((await desk.list('rdvs')).meta.total_count).toBe(150);
  expect((await desk.list('rdvs?page=2')).meta.total_count).toBe(149);
  desk.sender.addFault({ kind: 'add-rdv' });
  expect((await desk.list('rdvs')).meta.total_count).toBe(150);
  await pass(HOUR_MS);
  const [rdv] = desk.sender.store.rdvs.values();
  desk.sender.acts.destroyRdv(rdv?.id ?? 0);
  desk.sender.addFault({ kind: 'fail-over', seconds: 5 });
  expect((await desk.list(`rdvs?id=${rdv?.id}`)).rows).toHaveLength(1);
  desk.sender.addFault({ kind: 'stall', ms: 200 });
  const begin = performance.now();
  await desk.list('organisations');
  expect(performance.now() - begin).toBeGreaterThan(190);
});
