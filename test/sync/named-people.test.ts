// Templates that name people: whom a subject may still name.
import { describe, expect, test } from 'vitest';
import {
  makeOrganisation,
  makeParticipation,
  makeRdv,
  makeUser,
} from '../../local/rdv-solidarites/make-notification.ts';
import { MemoryDynamics } from './memory-dynamics.ts';

const RDV = 77_001;
const at = (second: number) => `2026-11-24T09:00:0${second}Z`;
const usager = (id: number) => makeUser({ id, first_name: `Awa${id}`, last_name: 'Usager-Test' });
const rdv = (second: number, ...people: number[]) =>
  ({
    model: 'Rdv',
    event: 'updated',
    data: makeRdv({ participations: people.map((id) => makeParticipation({ user: usager(id) })) }),
    at: at(second),
  }) as const;
const leaves = (second: number, id: number) =>
  ({
    model: 'UserProfile',
    event: 'destroyed',
    data: { user: usager(id), organisation: makeOrganisation() },
    at: at(second),
  }) as const;
const destroyed = (second: number, id: number) =>
  ({ model: 'User', event: 'destroyed', data: usager(id), at: at(second) }) as const;

const subjectOf = (dynamics: MemoryDynamics) => dynamics.appointment(RDV)?.['subject'];

describe('a person whom ON_USAGER_REMOVED=anonymise has emptied', () => {
  const start = () => new MemoryDynamics({ RDV_SUBJECT: '{usagers} ({initiales})', ON_USAGER_REMOVED: 'anonymise' });

  test.each([
    ['left', leaves],
    ['was destroyed', destroyed],
  ])('and who %s is named by no later notification', (_, goes) => {
    const dynamics = start();
    dynamics.receive(rdv(0, 12, 13));
    expect(subjectOf(dynamics)).toBe('Awa12 Usager-Test et 1 autre (A.U.T. et 1 autre)');
    dynamics.receive(goes(1, 12));
    dynamics.receive(rdv(2, 12, 13));
    expect(subjectOf(dynamics)).toBe('Awa13 Usager-Test (A.U.T.)');
  });

  test('is named again after coming back', () => {
    const dynamics = start();
    dynamics.receive(leaves(1, 12));
    dynamics.receive({ ...leaves(2, 12), event: 'created' });
    dynamics.receive(rdv(3, 12));
    expect(subjectOf(dynamics)).toBe('Awa12 Usager-Test (A.U.T.)');
  });
});

test('a person who left, and is kept, is named as the contact is', () => {
  const dynamics = new MemoryDynamics({ RDV_SUBJECT: '{usagers}' });
  dynamics.receive(rdv(0, 12));
  dynamics.receive(leaves(1, 12));
  dynamics.receive(rdv(2, 12));
  expect(subjectOf(dynamics)).toBe('Awa12 Usager-Test');
});
