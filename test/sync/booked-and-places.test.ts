// Who booked an RDV, its places, and destructions that are a purge although they give no reason.
import { expect, test } from 'vitest';
import { makeRdv } from '../../local/rdv-solidarites/make-notification.ts';
import { MemoryDynamics } from './memory-dynamics.ts';

const RDV = 77_001;

test.each([
  [{ created_by_type: 'Agent' }, 1],
  [{ created_by_type: 'User' }, 2],
  [{ created_by_type: 'Prescripteur' }, 3],
  [{ created_by_type: 'FileAttente' }, 4],
  [{ created_by_type: undefined, created_by: 'file_attente' }, 4],
  [{ created_by_type: 'Robot' }, null],
])('says who booked: %o', (over, option) => {
  const dynamics = new MemoryDynamics();
  dynamics.receive({ model: 'Rdv', event: 'created', data: { ...makeRdv({ id: RDV }), ...over } });
  expect(dynamics.appointment(RDV)).toMatchObject({ rdvs_createdby: option });
});

test.each([
  [12, 12],
  [null, null],
  [1_000_000_000, null],
])('has the places that the sender gives: %s', (max_participants_count, places) => {
  const dynamics = new MemoryDynamics();
  dynamics.receive({ model: 'Rdv', event: 'created', data: makeRdv({ id: RDV, max_participants_count }) });
  expect(dynamics.appointment(RDV)).toMatchObject({ rdvs_places: places });
});

test.each([
  ['more than two years ago', '2024-11-20 10:00:00 +0100', 'RDV anonymisé'],
  ['two years ago less a day', '2024-11-25 10:00:00 +0100', 'RDV anonymisé'],
  ['two years ago less three days', '2024-11-27 11:00:00 +0100', "Premier rendez-vous d'orientation"],
])('a destroyed RDV of %s', (_, starts_at, subject) => {
  const dynamics = new MemoryDynamics();
  const data = makeRdv({ id: RDV, starts_at, ends_at: starts_at });
  dynamics.receive({ model: 'Rdv', event: 'created', data, at: '2024-11-01T09:00:00Z' });
  dynamics.receive({ model: 'Rdv', event: 'destroyed', data, at: '2026-11-24T09:00:00Z' });
  expect(dynamics.appointment(RDV)).toMatchObject({ subject });
});
