// What memory must be proven right about: the rows that a plan relies on and does not write.
import { describe, expect, test } from 'vitest';
import { makeParticipation, makeRdv, makeUser } from '../../local/rdv-solidarites/make-notification.ts';
import { linkId } from '../../src/sync/model/link-names.ts';
import type { Plan } from '../../src/sync/model/plan.ts';
import { MemoryDynamics, writesIn } from './memory-dynamics.ts';

type UserOverrides = NonNullable<Parameters<typeof makeUser>[0]>;
type RdvOverrides = NonNullable<Parameters<typeof makeRdv>[0]>;

const RDV = 77_001;
const at = (second: number) => new Date(Date.parse('2026-11-24T09:00:00Z') + second * 1000).toISOString();
const userAt = (second: number, data: UserOverrides = {}) =>
  ({ model: 'User', event: 'updated', data: makeUser(data), at: at(second) }) as const;
const rdvAt = (second: number, data: RdvOverrides = {}) => {
  const participations = [makeParticipation({ user: makeUser() })];
  return { model: 'Rdv', event: 'updated', data: makeRdv({ participations, ...data }), at: at(second) } as const;
};

/** Dynamics after an RDV and its usager were shown. */
function shown() {
  const dynamics = new MemoryDynamics();
  dynamics.receive(rdvAt(10));
  return dynamics;
}

function unproven({ reliesOn, changeSets }: Plan): readonly string[] {
  const written = new Set(changeSets.flat().map(({ id }) => id));
  return reliesOn.filter((id) => !written.has(id));
}

describe('needs no proof', () => {
  test.each([
    ['a stale usager', userAt(5, { first_name: 'Ancien' })],
    ['a stale RDV', rdvAt(5, { name: 'Ancien' })],
    ['a copy that says nothing new', userAt(20)],
    ['an RDV that says nothing new', rdvAt(20)],
  ])('%s', (_, next) => {
    const plan = shown().receive(next);
    expect(unproven(plan)).toEqual([]);
  });

  test('a row that the plan itself writes', () => {
    const plan = shown().receive(userAt(20, { first_name: 'Nouveau' }));
    expect(writesIn(plan)).toContain('update contact');
    expect(unproven(plan)).toEqual([]);
  });
});

describe('relies on', () => {
  test('a contact that holds already what the sender says now', () => {
    const dynamics = shown();
    const contact = dynamics.contactId(12);
    dynamics.edit('contact', contact, { firstname: 'Nouveau' });
    const plan = dynamics.receive(userAt(20, { first_name: 'Nouveau' }));
    expect(unproven(plan)).toEqual([contact]);
  });

  test('an appointment that is already where the sender moves it', () => {
    const dynamics = shown();
    const moved = { starts_at: '2026-12-21 09:30:00 +0100', ends_at: '2026-12-21 10:00:00 +0100' };
    const times = { scheduledstart: '2026-12-21T08:30:00Z', scheduledend: '2026-12-21T09:00:00Z' };
    dynamics.edit('appointment', dynamics.appointmentId(RDV), times);
    const plan = dynamics.receive(rdvAt(20, moved));
    expect(unproven(plan)).toEqual([dynamics.appointmentId(RDV)]);
  });

  test('attendees of whom one is gone already, when the sender drops that one', () => {
    const dynamics = new MemoryDynamics();
    const participations = [12, 13, 14].map((id) => makeParticipation({ user: makeUser({ id }) }));
    dynamics.receive(rdvAt(10, { participations }));
    const gone = dynamics.contactId(14);
    const present = dynamics.parties(dynamics.appointmentId(RDV));
    dynamics.setParties(
      RDV,
      present.filter(({ target }) => target?.id !== gone),
    );
    const plan = dynamics.receive(rdvAt(20, { participations: participations.slice(0, 2) }));
    expect(writesIn(plan)).not.toContain('update appointment');
    expect(unproven(plan)).toContain(dynamics.appointmentId(RDV));
  });

  test('where the link of a participant leads, when only the RDV is news', () => {
    const dynamics = shown();
    const name = dynamics.link('usager-12')?.name;
    dynamics.receive(userAt(30));
    const plan = dynamics.receive(rdvAt(20));
    expect(unproven(plan)).toEqual([name && linkId(name)]);
  });
});
