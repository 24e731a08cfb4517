// Motifs: a row each, from their own notifications and from the RDV that name them.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeNotification, makeRdv, senderJson } from '../../local/rdv-solidarites/make-notification.ts';
import { type Bench, startBench } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

let second = 0;
const at = () => new Date(Date.parse('2026-11-24T09:00:00Z') + 1000 * second++).toISOString();
const body = (model: 'Motif' | 'Rdv', data: object) =>
  senderJson(makeNotification({ model, event: 'updated', data, at: at() }));
const motifs = () => bench.dataverse.rows.list('rdvs_motif');
const rdv = (id: number, motif: object) => body('Rdv', { ...makeRdv({ id }), motif });

test('an RDV brings its motif, and points to it, in two requests', async () => {
  expect(await bench.requestsOf(() => bench.deliver(rdv(71, { id: 5, name: 'Suivi-Test' })))).toBe(2);
  expect(motifs()).toMatchObject([{ rdvs_name: 'Suivi-Test' }]);
  const [appointment] = bench.dataverse.rows.list('appointment');
  expect(appointment?.['_rdvs_motifid_value']).toBe(motifs()[0]?.['rdvs_motifid']);
});

test('its own notification changes it, and an RDV that names it as it is does not', async () => {
  await bench.deliver(body('Motif', { id: 5, name: 'Suivi-Test nouveau' }));
  expect(motifs()).toMatchObject([{ rdvs_name: 'Suivi-Test nouveau' }]);
  const before = motifs();
  await bench.deliver(rdv(72, { id: 5, name: 'Suivi-Test nouveau' }));
  expect(motifs()).toEqual(before);
});

test('a burst of RDV of one motif reads it once', async () => {
  expect(await bench.requestsOf(() => bench.deliver(rdv(72, { id: 5, name: 'Suivi-Test nouveau' })))).toBeLessThan(2);
});
