// What an incident calls its record: as links are named, or not at all.
import { expect, test } from 'vitest';
import { recordOf } from '../../src/watch/incident-record.ts';

const user = { id: 12 };
test.each([
  ['Rdv', { id: 77 }, 'rdv-77'],
  ['UserProfile', { user, organisation: { id: 7 } }, 'profile-12-7'],
  ['ReferentAssignation', { user, agent: { id: 5 } }, 'referent-12-5'],
  ['ReferentAssignation', { user }, undefined],
])('%s %j', (model, data, name) => {
  expect(recordOf(Buffer.from(JSON.stringify({ data, meta: { model } }))).name).toBe(name);
});
