// Memory spares requests in bursts, and an outdated one never makes a wrong row.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  makeAgent,
  makeNotification,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import type { RdvData } from '../../local/rdv-solidarites/make-rdv.ts';
import { linkId } from '../../src/sync/model/link-names.ts';
import { usagerLink } from '../../src/sync/people/people-names.ts';
import { appointmentId, rdvLink } from '../../src/sync/rdv/rdv-names.ts';
import { type Bench, clear, NO_MEMORY, startBench } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

let second = 0;
const at = () => new Date(Date.parse('2026-11-24T09:00:00Z') + 1000 * second++).toISOString();
const rdvBody = (data: RdvData) => senderJson(makeNotification({ model: 'Rdv', event: 'updated', data, at: at() }));
const userBody = (data: object) => senderJson(makeNotification({ model: 'User', event: 'updated', data, at: at() }));
const rdvOf = (id: number, usagers: readonly number[], more: Partial<RdvData> = {}) =>
  makeRdv({
    id,
    participations: usagers.map((usager) => makeParticipation({ user: makeUser({ id: usager }) })),
    ...more,
  });

describe('a burst', () => {
  test('about one RDV costs at most one request each after the first', async () => {
    const everyone = Array.from({ length: 30 }, (_, index) => 100 + index);
    await bench.deliver(rdvBody(rdvOf(71, everyone)));
    const costs: number[] = [];
    for (let round = 0; round < 100; round += 1) {
      const present = everyone.slice(0, 30 - (round % 7));
      costs.push(await bench.requestsOf(() => bench.deliver(rdvBody(rdvOf(71, present)))));
    }
    expect(Math.max(...costs)).toBe(1);
    expect(bench.dataverse.rows.parties(appointmentId(rdvId(71)))).not.toHaveLength(0);
  });

  test('of two identical updates costs two requests, then none', async () => {
    const body = rdvBody(rdvOf(72, [12]));
    expect(await bench.requestsOf(() => bench.deliver(body))).toBe(2);
    expect(await bench.requestsOf(() => bench.deliver(body))).toBe(0);
    const later = Date.parse('2026-11-25T12:00:00Z');
    expect(await bench.requestsOf(() => bench.colleague().deliver(body, later))).toBe(1);
  });

  test('of an edit of agents, first with the old date, costs one request each', async () => {
    await bench.deliver(rdvBody(rdvOf(73, [13])));
    const agents = [makeAgent({ id: 6 })];
    await bench.deliver(rdvBody(rdvOf(73, [13], { agents })));
    const moved = { agents, starts_at: '2026-12-20 09:30:00 +0100', ends_at: '2026-12-20 10:00:00 +0100' };
    expect(await bench.requestsOf(() => bench.deliver(rdvBody(rdvOf(73, [13], moved))))).toBe(1);
  });
});

describe('a row edited behind the back of memory', () => {
  let fresh: Bench;
  const before = async (id: number) => {
    fresh = await startBench({ memory: NO_MEMORY });
    const bodies = [rdvBody(rdvOf(id, [20, 21])), userBody(makeUser({ id: 20 }))];
    for (const body of bodies) await both(body);
  };
  afterEach(() => fresh.stop());
  const both = async (body: string) => {
    const receivedAt = Date.parse('2026-11-24T18:00:00Z') + second;
    for (const one of [bench, fresh]) await one.deliver(body, receivedAt);
  };

  const contactOf = (one: Bench, usager: number) =>
    String(one.dataverse.rows.get('rdvs_link', linkId(usagerLink(usagerId(usager))))?.['_rdvs_contact_value']);
  const edits: Record<string, (one: Bench, id: number) => void> = {
    'a contact column': (one) =>
      one.dataverse.rows.update('contact', contactOf(one, 20), { firstname: 'Corrigé-Test' }),
    'a contact column emptied': (one) =>
      one.dataverse.rows.update('contact', contactOf(one, 20), { emailaddress1: null }),
    'a contact set to the value that comes next': (one) =>
      one.dataverse.rows.update('contact', contactOf(one, 20), { firstname: 'Prénom-Nouveau' }),
    'a contact deleted': (one) => one.dataverse.rows.remove('contact', contactOf(one, 21)),
    'a contact deactivated': (one) =>
      one.dataverse.rows.update('contact', contactOf(one, 20), { statecode: 1, statuscode: 2 }),
    'an appointment column': (one, id) =>
      one.dataverse.rows.update('appointment', appointmentId(rdvId(id)), { location: 'Ailleurs-Test' }),
    'an appointment closed': (one, id) =>
      one.dataverse.rows.update('appointment', appointmentId(rdvId(id)), { statecode: 1, statuscode: 3 }),
    'an appointment deleted': (one, id) => one.dataverse.rows.remove('appointment', appointmentId(rdvId(id))),
    'a link': (one, id) => one.dataverse.rows.update('rdvs_link', linkId(rdvLink(rdvId(id))), { rdvs_applied: '{}' }),
    'a link removed': (one, id) => one.dataverse.rows.remove('rdvs_link', linkId(rdvLink(rdvId(id)))),
    'a link of a usager': (one) =>
      one.dataverse.rows.update('rdvs_link', linkId(usagerLink(usagerId(20))), { rdvs_applied: '{}' }),
  };

  const nextBodies = (id: number): Record<string, () => string> => ({
    'a change of the usager': () => userBody(makeUser({ id: 20, first_name: 'Prénom-Nouveau', email: null })),
    'a change of the RDV': () =>
      rdvBody(
        rdvOf(id, [20, 22], {
          status: 'seen',
          starts_at: '2026-12-21 09:30:00 +0100',
          ends_at: '2026-12-21 10:00:00 +0100',
        }),
      ),
    'nothing new': () => rdvBody(rdvOf(id, [20, 21])),
    'a participant less': () => rdvBody(rdvOf(id, [21])),
  });

  let id = 1000;
  for (const [edit, make] of Object.entries(edits)) {
    for (const next of Object.keys(nextBodies(0))) {
      test(`${edit}, then ${next}: the same end as without memory`, async () => {
        id += 1;
        clear(bench.dataverse);
        await before(id);
        for (const one of [bench, fresh]) make(one, id);
        const body = nextBodies(id)[next]?.() ?? '';
        await both(body);
        expect(comparable(bench)).toEqual(comparable(fresh));
        expect(bench.putBack).toEqual([]);
      });
    }
  }
});

/** Every contact and appointment, and to whom the links lead. The order that links keep may be behind by a body. */
function comparable(one: Bench) {
  const links = one.dataverse.rows.list('rdvs_link').map((link) => {
    const { rdvs_name, rdvs_state, _rdvs_contact_value } = link;
    return JSON.stringify([rdvs_name, rdvs_state, _rdvs_contact_value]);
  });
  const { rdvs_link: _, ...rows } = Object(one.dataverse.snapshot());
  return { rows, links: links.sort() };
}

function rdvId(id: number): Parameters<typeof rdvLink>[0] {
  return id as Parameters<typeof rdvLink>[0];
}

function usagerId(id: number): Parameters<typeof usagerLink>[0] {
  return id as Parameters<typeof usagerLink>[0];
}
