// With something of every kind in the queue that the connector once choked on, other people's notifications go their way.
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  makeAgent,
  makeNotification,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { type Pipeline, startPipeline } from './pipeline.ts';

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await startPipeline();
});
afterAll(() => pipeline.stop());

const EACH = 12;
const OTHERS = 60;
const firstIds = { typed: 1000, unreadable: 2000, others: 10_000 };

const userBody = (id: number, first_name = 'Prénom') =>
  senderJson(makeNotification({ model: 'User', event: 'updated', data: makeUser({ id, first_name }) }));
const rdvBody = (id: number, data: object) =>
  senderJson(
    makeNotification({ model: 'Rdv', event: 'updated', data: { ...makeRdv({ id, participations: [] }), ...data } }),
  );
const times = <T>(count: number, make: (at: number) => T) => Array.from({ length: count }, (_, at) => make(at));

/** Contacts in which somebody typed a text: their usagers, and what the sender says of them next. */
async function typedInDynamics(first: number, text: string): Promise<readonly string[]> {
  const ids = times(EACH, (at) => first + at);
  await pipeline.deliver(...ids.map((id) => userBody(id)));
  for (const id of ids) {
    const [link] = pipeline.dataverse.rows.list('rdvs_link').filter((row) => row['rdvs_name'] === `usager-${id}`);
    pipeline.dataverse.rows.update('contact', String(link?.['_rdvs_contact_value']), { address1_line2: text });
  }
  return ids.map((id) =>
    senderJson(
      makeNotification({
        model: 'User',
        event: 'updated',
        data: makeUser({ id, first_name: 'Autre' }),
        at: new Date().toISOString(),
      }),
    ),
  );
}

/** Sends the bodies, and answers how long each of the `watched` took from its receipt to its end, in ms. */
async function delaysOf(watched: readonly string[], others: readonly string[]): Promise<readonly number[]> {
  const bodies = [...others, ...watched].toSorted((a, b) => (a.length % 97) - (b.length % 97));
  const answers = await Promise.all(bodies.map((body) => pipeline.send(body)));
  const ids = await Promise.all(
    answers.map(async (answer) => {
      const { notificationId }: { notificationId: string } = JSON.parse(await answer.text());
      return notificationId;
    }),
  );
  const wanted = new Set(watched.map((body) => ids[bodies.indexOf(body)]));
  const done = () =>
    pipeline.events('notification.done').filter(({ notificationId }) => wanted.has(String(notificationId)));
  while (done().length < watched.length) await new Promise((resolve) => setTimeout(resolve, 20));
  return done()
    .map(({ delayMs }) => Number(delayMs))
    .toSorted((a, b) => a - b);
}

test('others keep their usual delay', { timeout: 60_000 }, async ({ annotate }) => {
  const poison = [
    ...(await typedInDynamics(firstIds.typed, '--changesetresponse_')),
    ...(await typedInDynamics(firstIds.unreadable, '--changesetresponse_ --batchresponse_')),
    ...times(EACH, (at) => rdvBody(300 + at, { agents: [makeAgent({ email: `agent-${at}@example.org\ud800` })] })),
    ...times(EACH, (at) => rdvBody(400 + at, { cancelled_at: `2026-11-24${' '.repeat(100_000)}x` })),
    ...times(EACH, (at) => rdvBody(500 + at, { name: 'Atelier\u000b', participations: [makeParticipation()] })),
    ...times(2, (at) => rdvBody(600 + at, Object.fromEntries(times(60_000, (key) => [`cle_${key}`, 1])))),
    senderJson(
      makeNotification({ model: 'User', event: 'updated', data: makeUser({ id: 3000 }), at: '2099-01-01T00:00:00Z' }),
    ),
  ];
  const before = pipeline.events('notification.retried').length;

  const usual = await delaysOf(
    times(OTHERS, (at) => userBody(firstIds.others + at)),
    [],
  );
  const beside = await delaysOf(
    times(OTHERS, (at) => userBody(firstIds.others + 1000 + at)),
    poison,
  );

  const show = (delays: readonly number[]) => `median ${delays[OTHERS / 2]} ms, worst ${delays.at(-1)} ms`;
  await annotate(
    `beside ${poison.length} harmless ones: ${show(usual)}; beside as many of every kind: ${show(beside)}`,
  );
  expect(beside.at(-1)).toBeLessThan(20_000);
  const putBack = () => pipeline.events('notification.retried').slice(before);
  // The others may be done before the last of them: what could not be read goes again in halves, down to one.
  await expect.poll(() => putBack().length, { timeout: 10_000 }).toBe(EACH);
  expect(new Set(putBack().map(({ code }) => code))).toEqual(new Set(['unreadable-answer']));
});
