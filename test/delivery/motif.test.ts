// Motifs: a row each, from their own notifications and from what names them, and what people fill there.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  makeMotif,
  makeNotification,
  makeParticipation,
  makePlageOuverture,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { linkId, nameOf } from '../../src/sync/model/link-names.ts';
import { insertOwnerTeam } from '../dataverse/owner-team.ts';
import { type Bench, clear, startBench } from './bench.ts';

const TEAM = '7b1c9f04-2a3d-4e58-8f60-1d2c3b4a5e60';
const DEFAULT_TEAM = '7b1c9f04-2a3d-4e58-8f60-1d2c3b4a5e61';

let bench: Bench;
let first: Bench;
beforeAll(async () => {
  bench = await startBench({ settings: { DEFAULT_OWNER_TEAM: DEFAULT_TEAM } });
  for (const teamid of [TEAM, DEFAULT_TEAM]) insertOwnerTeam(bench.dataverse.rows, { teamid });
});
afterAll(() => bench.stop());
beforeEach(() => {
  clear(bench.dataverse);
  first = bench.colleague();
});
afterEach(() => expect([...first.quarantined, ...first.putBack]).toEqual([]));

let second = 0;
const at = () => new Date(Date.parse('2026-11-24T09:00:00Z') + 1000 * second++).toISOString();
const body = (model: 'Motif' | 'Rdv' | 'PlageOuverture', data: object, event: 'updated' | 'destroyed' = 'updated') =>
  senderJson(makeNotification({ model, event, data, at: at() }));
const motif = (over: Parameters<typeof makeMotif>[0] = {}) => makeMotif({ id: 5, name: 'Suivi-Test', ...over });
type Rdv = NonNullable<Parameters<typeof makeRdv>[0]>;
const rdv = (id: number, over: Rdv = {}) => body('Rdv', makeRdv({ id, motif: motif(), ...over }));

const motifs = () => bench.dataverse.rows.list('rdvs_motif');
const theMotif = () => String(motifs()[0]?.['rdvs_motifid']);
const fill = (columns: Record<string, string | number>) =>
  bench.dataverse.rows.update('rdvs_motif', theMotif(), columns);
const appointments = () => bench.dataverse.rows.list('appointment');
/** A worker whose memory is a minute older. */
const later = () => bench.colleague();
const named = (...ids: number[]) =>
  ids.map((id) => makeParticipation({ user: makeUser({ id, first_name: `Awa${id}`, last_name: 'Usager-Test' }) }));

describe('rows', () => {
  test('an RDV brings its motif, and points to it, in two requests', async () => {
    expect(await bench.requestsOf(() => first.deliver(rdv(71)))).toBe(2);
    expect(motifs()).toMatchObject([
      { rdvs_name: 'Suivi-Test', rdvs_organisation: '7', rdvs_place: 1, rdvs_collective: false, statecode: 0 },
    ]);
    expect(appointments()[0]?.['_rdvs_motifid_value']).toBe(theMotif());
  });

  test('a plage brings its motifs', async () => {
    const motifsOfPlage = [motif(), motif({ id: 6, name: 'Atelier-Test' })];
    await first.deliver(body('PlageOuverture', makePlageOuverture({ motifs: motifsOfPlage })));
    expect(new Set(motifs().map(({ rdvs_name }) => rdvs_name))).toEqual(new Set(['Suivi-Test', 'Atelier-Test']));
  });

  test('is renamed by its own notification, and not touched by an RDV that names it as it is', async () => {
    await first.deliver(rdv(71));
    await first.deliver(body('Motif', motif({ name: 'Suivi-Test nouveau' })));
    expect(motifs()).toMatchObject([{ rdvs_name: 'Suivi-Test nouveau' }]);
    const before = motifs();
    await first.deliver(rdv(72, { motif: motif({ name: 'Suivi-Test nouveau' }) }));
    expect(motifs()).toEqual(before);
  });

  test.each([
    ['removed while it has RDV', () => body('Motif', motif({ deleted_at: '2026-11-20 10:00:00 +0100' }))],
    ['destroyed', () => body('Motif', motif(), 'destroyed')],
  ])('one that was %s is inactive, with its date, and stays so', async (_, ending) => {
    const late = rdv(72);
    await first.deliver(rdv(71));
    await first.deliver(ending());
    expect(motifs()).toMatchObject([{ statecode: 1, rdvs_deletedon: expect.any(String) }]);
    await first.deliver(late);
    expect(motifs()).toMatchObject([{ statecode: 1, rdvs_deletedon: expect.any(String) }]);
    expect(appointments()).toHaveLength(2);
  });

  test('one that is first heard of destroyed is there, inactive', async () => {
    await first.deliver(body('Motif', motif(), 'destroyed'));
    expect(motifs()).toMatchObject([{ rdvs_name: 'Suivi-Test', statecode: 1 }]);
  });

  test('one that people deleted comes back', async () => {
    await first.deliver(body('Motif', motif()));
    bench.dataverse.rows.remove('rdvs_motif', theMotif());
    await later().deliver(rdv(71));
    expect(motifs()).toMatchObject([{ rdvs_name: 'Suivi-Test' }]);
  });

  test('its own notification is held against its row, not against what a worker remembers', async () => {
    await first.deliver(rdv(75));
    await later().deliver(body('Motif', motif({ name: 'Autre-Test' })));
    // The link is no longer remembered, as of those used least, and is read; the row is remembered as it was.
    const link = { table: 'rdvs_link', id: linkId(nameOf('motif', 5)), columns: {} } as const;
    first.worker.memory.forget([{ ...link, operation: 'update', condition: 'any' }]);
    await first.deliver(body('Motif', motif()));
    expect(motifs()).toMatchObject([{ rdvs_name: 'Suivi-Test' }]);
  });

  test('RDV that bring one motif at once to one worker: the first brings it, and none collides', async () => {
    const rdvs = [201, 202, 203, 204].map((id) => rdv(id, { participations: named(id) }));
    expect(await first.requestsOf(() => Promise.all(rdvs.map((one) => first.deliver(one))))).toBe(8);
    expect(first.events.map(({ conflicts }) => conflicts)).toEqual([0, 0, 0, 0]);
  });

  test('and RDV that lost it point to it again with their next notification', async () => {
    await first.deliver(rdv(71));
    bench.dataverse.rows.remove('rdvs_motif', theMotif());
    expect(appointments()[0]?.['_rdvs_motifid_value']).toBeNull();
    await later().deliver(rdv(72));
    await later().deliver(rdv(71));
    expect(appointments().map((row) => row['_rdvs_motifid_value'])).toEqual([theMotif(), theMotif()]);
  });

  test('RDV of one motif, applied by several workers at once, never collide on it', async () => {
    await first.deliver(rdv(70));
    const workers = Array.from({ length: 6 }, () => bench.colleague());
    const one = (index: number) => rdv(80 + index, { participations: named(800 + index) });
    const requests = () => Promise.all(workers.map((worker, index) => worker.deliver(one(index))));
    expect(await bench.requestsOf(requests)).toBe(12);
    expect(appointments()).toHaveLength(7);
  });
});

describe('what people fill', () => {
  test('a template, for the next notification, in as many requests; it is never overwritten', async () => {
    await first.deliver(rdv(71, { participations: named(2, 1, 3) }));
    fill({ rdvs_subject: '{motif} - {usagers} ({initiales}), {organisation}' });
    const worker = later();
    const work = () => worker.deliver(rdv(71, { participations: named(2, 1, 3) }));
    expect(await bench.requestsOf(work)).toBe(2);
    expect(appointments()).toMatchObject([
      { subject: 'Suivi-Test - Awa1 Usager-Test et 2 autres (A.U.T. et 2 autres), MDS de Ville-Test' },
    ]);
    await worker.deliver(body('Motif', motif({ name: 'Renommé' })));
    expect(motifs()).toMatchObject([{ rdvs_name: 'Renommé', rdvs_subject: expect.stringContaining('{usagers}') }]);
  });

  test('a minute later, also by a worker that remembers the motif', async () => {
    let now = 1;
    const worker = bench.colleague({ memory: { rows: 100, ttl: 600_000, now: () => now } });
    await worker.deliver(rdv(71));
    fill({ rdvs_subject: 'RDV {organisation}' });
    now += 61_000;
    await worker.deliver(rdv(71));
    expect(appointments()).toMatchObject([{ subject: 'RDV MDS de Ville-Test' }]);
  });

  test('a template with an unknown token counts for nothing', async () => {
    await first.deliver(rdv(71));
    fill({ rdvs_subject: '{motif} {nom}' });
    await later().deliver(rdv(72));
    expect(appointments().map(({ subject }) => subject)).toEqual(['Suivi-Test', 'Suivi-Test']);
  });

  test('an anonymised person, and an anonymised RDV, leave no name in a subject', async () => {
    await first.deliver(rdv(71));
    fill({ rdvs_subject: '{motif} - {usagers}' });
    const worker = later();
    await worker.deliver(rdv(71, { participations: named(1) }));
    expect(appointments()).toMatchObject([{ subject: 'Suivi-Test - Awa1 Usager-Test' }]);
    const gone = makeUser({ id: 1, first_name: 'Usager supprimé', last_name: 'Usager supprimé' });
    await worker.deliver(rdv(71, { participations: [makeParticipation({ user: gone })] }));
    expect(appointments()).toMatchObject([{ subject: 'Suivi-Test' }]);
    await worker.deliver(rdv(71, { participations: named(1) }));
    fill({ rdvs_subject: '{motif}' });
    const purge = makeNotification({
      model: 'Rdv',
      event: 'destroyed',
      data: makeRdv({ id: 71, motif: motif() }),
      reason: 'rgpd',
      at: at(),
    });
    await later().deliver(senderJson(purge));
    expect(appointments()).toMatchObject([{ subject: 'RDV anonymisé', _rdvs_motifid_value: null }]);
  });

  test('the team that owns RDV without an agent in Dynamics', async () => {
    await first.deliver(rdv(71));
    fill({ _rdvs_ownerteam_value: TEAM });
    await later().deliver(rdv(72));
    expect(appointments().map(({ _ownerid_value: owner }) => owner)).toEqual([DEFAULT_TEAM, TEAM]);
  });

  test('“ignore”: nothing new is written; RDV that are there are followed to their end', async () => {
    await first.deliver(rdv(71));
    fill({ rdvs_handling: 2 });
    const worker = later();
    await worker.deliver(rdv(72, { participations: named(99) }));
    expect(worker.events.at(-1)).toMatchObject({ outcome: 'ignored', reasons: ['motif-ignored'] });
    expect(bench.dataverse.rows.list('contact')).toHaveLength(1);
    const destroyed = makeRdv({ id: 73, motif: motif() });
    await worker.deliver(body('Rdv', destroyed, 'destroyed'));
    await worker.deliver(rdv(71, { status: 'noshow' }));
    expect(appointments()).toMatchObject([{ rdvs_status: 5 }]);
    fill({ rdvs_handling: 1 });
    await later().deliver(rdv(72));
    await later().deliver(body('Rdv', destroyed));
    expect(appointments()).toHaveLength(2);
  });
});
