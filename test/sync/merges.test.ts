// What people do in Dynamics with the contacts of usagers: merge them, share them, deactivate them, delete them.
import { describe, expect, test } from 'vitest';
import {
  type Event,
  makeOrganisation,
  makeParticipation,
  makeRdv,
  makeUser,
} from '../../local/rdv-solidarites/make-notification.ts';
import { contactStates } from '../../src/schema/standard-columns.ts';
import { MemoryDynamics, outcomesIn, statesIn, writesIn } from './memory-dynamics.ts';

type UserOverrides = NonNullable<Parameters<typeof makeUser>[0]>;
type RdvOverrides = NonNullable<Parameters<typeof makeRdv>[0]>;
type Reason = 'rgpd' | null;

const RDV = 77_001;
const at = (second: number) => new Date(Date.parse('2026-11-24T09:00:00Z') + second * 1000).toISOString();
const userAt = (second: number, data: UserOverrides = {}) =>
  ({ model: 'User', event: 'updated', data: makeUser(data), at: at(second) }) as const;
const rdvAt = (second: number, data: RdvOverrides = {}, event: Event = 'updated', reason: Reason = null) =>
  ({ model: 'Rdv', event, data: makeRdv(data), at: at(second), reason }) as const;
const profileAt = (second: number, event: Event, user: UserOverrides = {}, reason: Reason = null) => {
  const data = { user: makeUser(user), organisation: makeOrganisation({ id: 7 }) };
  return { model: 'UserProfile', event, data, at: at(second), reason } as const;
};
const people = (...users: UserOverrides[]) => users.map((user) => makeParticipation({ user: makeUser(user) }));

/** Merges the contact of usager 12 into a new one, as Dynamics does: links, attendees and regarding follow. */
function mergeTwelve(dynamics: MemoryDynamics) {
  const master = dynamics.addContact({ lastname: 'Fusion-Test' });
  const loser = dynamics.contactId(12);
  dynamics.edit('appointment', dynamics.appointmentId(RDV), { regardingobjectid: { table: 'contact', id: master } });
  const attendees = dynamics
    .parties(dynamics.appointmentId(RDV))
    .map((party) => (party.target?.id === loser ? { ...party, target: { table: 'contact', id: master } } : party));
  dynamics.setParties(RDV, attendees);
  dynamics.tie(12, master);
  return master;
}

describe('a contact merged in Dynamics', () => {
  test('is taken off a purged RDV all the same', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0, { status: 'seen' }));
    mergeTwelve(dynamics);
    dynamics.receive(rdvAt(5, { status: 'seen' }, 'destroyed', 'rgpd'));
    expect(dynamics.appointment(RDV)).toMatchObject({ regardingobjectid: null });
    expect(dynamics.attendees(RDV)).toEqual([]);
  });

  test('is no longer what an RDV regards when a second participant comes', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0));
    mergeTwelve(dynamics);
    dynamics.receive(rdvAt(5, { participations: people({}, { id: 13 }) }));
    expect(dynamics.appointment(RDV)).toMatchObject({ regardingobjectid: null });
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12', 'required usager-13']);
  });

  test('leaves the attendees with its usager, also when the link was left behind', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0, { participations: people({}, { id: 13 }) }));
    const [loser, other] = [dynamics.contactId(12), dynamics.contactId(13)];
    const master = dynamics.addContact({ lastname: 'Fusion-Test' });
    dynamics.edit('contact', loser, { ...contactStates.inactive, masterid: { table: 'contact', id: master } });
    dynamics.setParties(
      RDV,
      [master, other].map((id) => ({ role: 5, target: { table: 'contact', id } })),
    );
    dynamics.receive(rdvAt(5, { participations: people({ id: 13 }) }));
    expect(dynamics.attendees(RDV)).toEqual(['required usager-13']);
  });
});

describe('a contact that two usagers share', () => {
  const shared = (policy: string) => {
    const dynamics = new MemoryDynamics({ ON_USAGER_REMOVED: policy });
    dynamics.receive(profileAt(0, 'created'));
    dynamics.receive(profileAt(0, 'created', { id: 13, email: 'usager-12@example.org' }));
    dynamics.tie(13, dynamics.contactId(12));
    return dynamics;
  };

  test.each(['deactivate', 'anonymise'])('is left alone by %s while one of them is there', (policy) => {
    const dynamics = shared(policy);
    dynamics.receive(profileAt(1, 'destroyed'));
    expect(dynamics.contact(13)).toMatchObject({ statecode: 0, lastname: 'Usager-Test' });
    dynamics.receive(userAt(2));
    expect(dynamics.contact(13)).toMatchObject({ statecode: 0 });
  });

  test('is emptied of what both said when the last of them leaves, and no hash of it stays', () => {
    const dynamics = shared('anonymise');
    dynamics.receive(profileAt(1, 'destroyed'));
    dynamics.receive(profileAt(2, 'destroyed', { id: 13, email: 'usager-12@example.org', first_name: 'Autre-Test' }));
    expect(dynamics.contact(13)).toMatchObject({ lastname: 'Usager supprimé', emailaddress1: null, firstname: null });
    const memories = [...dynamics.rows.values()].map(({ columns }) => String(columns['rdvs_applied'] ?? ''));
    expect(memories.filter((text) => /firstname|emailaddress1|birthdate/.test(text))).toEqual([]);
  });

  test('ends when the last of them leaves', () => {
    const dynamics = shared('deactivate');
    dynamics.receive(profileAt(1, 'destroyed'));
    dynamics.receive(profileAt(2, 'destroyed', { id: 13, email: 'usager-12@example.org' }));
    expect(dynamics.contact(13)).toMatchObject(contactStates.inactive);
  });
});

describe('a contact that people deactivated or deleted', () => {
  test('is not reactivated when its usager leaves and comes back', () => {
    const dynamics = new MemoryDynamics({ ON_USAGER_REMOVED: 'deactivate' });
    dynamics.receive(profileAt(0, 'created'));
    dynamics.edit('contact', dynamics.contactId(12), contactStates.inactive);
    expect(statesIn(dynamics.receive(profileAt(1, 'destroyed')))).toEqual([]);
    dynamics.receive(profileAt(2, 'created'));
    expect(dynamics.contact(12)).toMatchObject(contactStates.inactive);
  });

  test('is not brought back by an end', () => {
    const dynamics = new MemoryDynamics({ ON_DELETED_IN_DYNAMICS: 'recreate', ON_USAGER_REMOVED: 'anonymise' });
    dynamics.receive(profileAt(0, 'created'));
    dynamics.remove('contact', dynamics.contactId(12));
    dynamics.receive(profileAt(1, 'destroyed'));
    expect(dynamics.contact(12)).toBeUndefined();
    const deleting = new MemoryDynamics({ ON_DELETED_IN_DYNAMICS: 'recreate', ON_RDV_DESTROYED: 'delete' });
    deleting.receive(rdvAt(0));
    deleting.receive(rdvAt(1, {}, 'destroyed'));
    deleting.receive(rdvAt(2, {}, 'destroyed', 'rgpd'));
    expect(deleting.appointment(RDV)).toBeUndefined();
  });
});

describe('what people typed or added', () => {
  test('is not cleared by null, even where it equals what the sender said', () => {
    const dynamics = new MemoryDynamics();
    dynamics.tie(12, dynamics.addContact({ emailaddress1: 'usager-12@example.org' }));
    dynamics.receive(userAt(0));
    dynamics.receive(userAt(1, { email: null }));
    expect(dynamics.contact(12)).toMatchObject({ emailaddress1: 'usager-12@example.org' });
  });

  test('stays an attendee when the sender adds the same person and lets it go', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(userAt(0, { id: 13 }));
    dynamics.receive(rdvAt(1));
    const byHand = { role: 6, target: { table: 'contact', id: dynamics.contactId(13) } };
    dynamics.setParties(RDV, [...dynamics.parties(dynamics.appointmentId(RDV)), byHand]);
    dynamics.receive(rdvAt(2, { participations: people({}, { id: 13 }) }));
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12', 'required usager-13']);
    dynamics.receive(rdvAt(3));
    expect(dynamics.attendees(RDV)).toContain('required usager-13');
  });

  test('stays in the subject of a purged RDV, as anywhere', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0));
    dynamics.edit('appointment', dynamics.appointmentId(RDV), { subject: 'Sujet-Test' });
    dynamics.receive(rdvAt(1, {}, 'destroyed', 'rgpd'));
    expect(dynamics.appointment(RDV)).toMatchObject({ subject: 'Sujet-Test', rdvs_motif: null });
  });
});

describe('small print', () => {
  test('a repeated membership writes nothing', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(profileAt(0, 'created'));
    const plan = dynamics.receive(profileAt(0, 'created'));
    expect(writesIn(plan)).toEqual([]);
    expect(outcomesIn(plan)).toContain('profile-12-7 stale (already-applied)');
  });

  test('a purged membership of a proche creates nobody', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(profileAt(0, 'destroyed', { id: 13, responsible: makeUser() }, 'rgpd'));
    expect([...dynamics.rows.keys()].filter((key) => key.startsWith('contact'))).toEqual([]);
  });

  test('a responsible that is null ends the link to it, with or without its id', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(userAt(0, { id: 13, responsible: makeUser() }));
    dynamics.receive(userAt(1, { id: 13, responsible: null, responsible_id: undefined }));
    expect(dynamics.contact(13)).toMatchObject({ rdvs_responsible: null });
  });

  test('the memory of 1,200 attendees fits its column, and each can still leave', () => {
    const ids = Array.from({ length: 1200 }, (_, index) => ({ id: 1_000_000 + index, email: null }));
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0, { participations: people(...ids) }));
    const texts = [...dynamics.rows.values()].map(({ columns }) => String(columns['rdvs_applied'] ?? '').length);
    expect(Math.max(...texts)).toBeLessThanOrEqual(20_000);
    dynamics.receive(rdvAt(1, { participations: people(...ids.slice(0, 1190)) }));
    expect(dynamics.attendees(RDV)).toHaveLength(1190);
  });
});
