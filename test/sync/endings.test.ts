import { describe, expect, test } from 'vitest';
import {
  type Event,
  makeNotification,
  makeOrganisation,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { appointmentStates, contactStates } from '../../src/schema/standard-columns.ts';
import { MemoryDynamics, outcomesIn, writesIn } from './memory-dynamics.ts';

type UserOverrides = NonNullable<Parameters<typeof makeUser>[0]>;
type RdvOverrides = NonNullable<Parameters<typeof makeRdv>[0]>;
type Reason = 'rgpd' | null;

const RDV = 77_001;
const at = (second: number) => new Date(Date.parse('2026-11-24T09:00:00Z') + second * 1000).toISOString();
const secondsAt = (second: number) => at(second).replace('.000', '');
const userAt = (second: number, data: UserOverrides = {}, event: Event = 'updated') =>
  ({ model: 'User', event, data: makeUser(data), at: at(second) }) as const;
const rdvAt = (second: number, data: RdvOverrides = {}, event: Event = 'updated', reason: Reason = null) =>
  ({ model: 'Rdv', event, data: makeRdv(data), at: at(second), reason }) as const;
const profileAt = (
  second: number,
  event: Event,
  { organisation = 7, user = {}, reason = null }: { organisation?: number; user?: UserOverrides; reason?: Reason } = {},
) => {
  const data = { user: makeUser(user), organisation: makeOrganisation({ id: organisation }) };
  return { model: 'UserProfile', event, data, at: at(second), reason } as const;
};
const participants = (...people: UserOverrides[]) => people.map((data) => makeParticipation({ user: makeUser(data) }));

/** A usager as later RDVs show it, once the sender has anonymised it. */
const anonymised = (id: number): UserOverrides => ({
  id,
  first_name: 'Usager supprimé',
  last_name: 'Usager supprimé',
  email: `user_${id}@deleted.rdv-solidarites.fr`,
  phone_number: `[valeur unique anonymisée ${id}]`,
  phone_number_formatted: null,
  address: `[valeur unique anonymisée ${id}]`,
  birth_date: null,
});

const permutations = <T>(items: readonly T[]): T[][] =>
  items.length < 2
    ? [[...items]]
    : items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));

const destroyed = (second: number, data: RdvOverrides = {}, reason: Reason = null) =>
  rdvAt(second, data, 'destroyed', reason);

describe('an RDV that an agent destroys', () => {
  test('is cancelled, keeps what it said and who came, and its link is a tombstone', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0));
    dynamics.receive(destroyed(5));
    expect(dynamics.appointment(RDV)).toMatchObject({
      subject: "Premier rendez-vous d'orientation",
      rdvs_status: 6,
      rdvs_cancelledon: secondsAt(5),
      ...appointmentStates.canceled,
    });
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12']);
    expect(dynamics.link('rdv-77001')).toMatchObject({ state: 'removed', removedOn: secondsAt(5) });
  });

  test('keeps the time at which it was cancelled before', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(destroyed(5, { status: 'excused', cancelled_at: '2026-11-20 10:00:00 +0100' }));
    expect(dynamics.appointment(RDV)).toMatchObject({ rdvs_cancelledon: '2026-11-20T09:00:00Z', rdvs_status: 6 });
  });

  test('is deleted when the policy says so; the people stay', () => {
    const dynamics = new MemoryDynamics({ ON_RDV_DESTROYED: 'delete' });
    dynamics.receive(rdvAt(0));
    const plan = dynamics.receive(destroyed(5));
    expect(writesIn(plan)).toEqual([
      'update rdvs_link',
      'update rdvs_link',
      'delete rdvs_participation',
      'delete appointment',
    ]);
    expect(dynamics.appointment(RDV)).toBeUndefined();
    expect(dynamics.contact(12)).toMatchObject({ lastname: 'Usager-Test', statecode: 0 });
    expect(dynamics.link('rdv-77001')).toMatchObject({ state: 'removed', applied: { columns: {}, attendees: {} } });
  });

  // Case 8.
  test.each(['cancel', 'delete'])('needs no earlier notification, and no late one brings it back (%s)', (policy) => {
    const dynamics = new MemoryDynamics({ ON_RDV_DESTROYED: policy });
    dynamics.receive(destroyed(5));
    const end = dynamics.appointment(RDV);
    expect(end?.['rdvs_status']).toBe(policy === 'cancel' ? 6 : undefined);
    for (const late of [rdvAt(0, {}, 'created'), rdvAt(3), rdvAt(9, { status: 'seen' })]) {
      const plan = dynamics.receive(late);
      expect(outcomesIn(plan).at(-1)).toBe('rdv-77001 stale (destroyed)');
      expect(dynamics.appointment(RDV)).toEqual(end);
    }
  });

  test('stays destroyed when destroyed again, in both orders', () => {
    for (const seconds of [
      [5, 6],
      [6, 5],
      [5, 5],
    ]) {
      const dynamics = new MemoryDynamics();
      dynamics.receive(rdvAt(0));
      for (const second of seconds) dynamics.receive(destroyed(second));
      expect(dynamics.appointment(RDV)).toMatchObject({
        rdvs_status: 6,
        rdvs_cancelledon: secondsAt(Math.max(...seconds)),
      });
    }
  });

  test('is destroyed also by a body older than its last update, and shows that body', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(9, { starts_at: '2026-12-09 09:30:00 +0100', status: 'seen' }));
    dynamics.receive(destroyed(5));
    expect(dynamics.appointment(RDV)).toMatchObject({
      rdvs_status: 6,
      scheduledstart: '2026-12-03T08:30:00Z',
      ...appointmentStates.canceled,
    });
  });

  test('ends the same in every order of its notifications', () => {
    const story = [rdvAt(0, {}, 'created'), rdvAt(3, { participations: participants({}, { id: 13 }) }), destroyed(5)];
    const deliveries = story.map((one, index) => ({
      body: senderJson(makeNotification(one)),
      receivedAt: Date.parse(at(60)) + index,
    }));
    const ends = permutations(deliveries).map((order) => {
      const dynamics = new MemoryDynamics();
      for (const delivery of order) dynamics.deliver(delivery);
      return dynamics.state();
    });
    for (const end of ends) expect(end).toEqual(ends[0]);
  });
});

describe('an RDV that the sender purges after two years', () => {
  const purge = (second: number, data: RdvOverrides = {}) => destroyed(second, data, 'rgpd');
  const seen: RdvOverrides = { status: 'seen' };

  test('keeps its date and its status, and loses texts, places, people and hashes', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0, seen));
    dynamics.receive(purge(5, seen));
    expect(dynamics.appointment(RDV)).toMatchObject({
      subject: 'RDV anonymisé',
      location: null,
      regardingobjectid: null,
      rdvs_motif: null,
      rdvs_organisation: null,
      rdvs_agent: null,
      rdvs_url: null,
      rdvs_status: 2,
      scheduledstart: '2026-12-03T08:30:00Z',
      scheduledend: '2026-12-03T09:00:00Z',
      ...appointmentStates.completed,
    });
    expect(dynamics.attendees(RDV)).toEqual([]);
    expect(dynamics.link('rdv-77001')?.applied).toMatchObject({ columns: {}, attendees: {}, pending: {} });
    expect(JSON.stringify(dynamics.columns('appointment', dynamics.appointmentId(RDV)))).not.toContain('Test');
  });

  test('keeps what a CRM user typed or added', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0, seen));
    const colleague = dynamics.addUser('collegue@example.org');
    const id = dynamics.appointmentId(RDV);
    dynamics.edit('appointment', id, { location: 'Salle du CRM', description: 'Compte rendu' });
    dynamics.setParties(RDV, [...dynamics.parties(id), { role: 6, target: { table: 'systemuser', id: colleague } }]);
    dynamics.receive(purge(5, seen));
    expect(dynamics.appointment(RDV)).toMatchObject({ location: 'Salle du CRM', description: 'Compte rendu' });
    expect(dynamics.attendees(RDV)).toEqual([`optional ${colleague}`]);
  });

  test('loses also an attendee whose contact was merged since', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0, { participations: participants({}, { id: 13 }) }));
    const master = dynamics.addContact({ lastname: 'Fusion-Test' });
    dynamics.tie(12, master);
    const parties = [master, dynamics.contactId(13)].map((id) => ({ role: 5, target: { table: 'contact', id } }));
    dynamics.setParties(RDV, parties);
    dynamics.receive(purge(5));
    expect(dynamics.attendees(RDV)).toEqual([]);
  });

  test.each([
    ['keep', { subject: "Premier rendez-vous d'orientation", rdvs_status: 2, ...appointmentStates.completed }],
    ['delete', undefined],
  ])('%s: what the policy says', (ON_RGPD, expected) => {
    const dynamics = new MemoryDynamics({ ON_RGPD });
    dynamics.receive(rdvAt(0, seen));
    dynamics.receive(purge(5, seen));
    if (expected === undefined) expect(dynamics.appointment(RDV)).toBeUndefined();
    else expect(dynamics.appointment(RDV)).toMatchObject(expected);
    expect(dynamics.link('rdv-77001')).toMatchObject({ state: 'removed', removedOn: secondsAt(5) });
    expect(dynamics.contact(12)).toMatchObject({ lastname: 'Usager-Test' });
  });

  test.each(['anonymise', 'delete'])('brings nobody in, nor back (%s)', (ON_RGPD) => {
    const dynamics = new MemoryDynamics({ ON_RGPD });
    const child = { id: 13, responsible: makeUser() };
    const plan = dynamics.receive(purge(5, { participations: participants({}, child) }));
    expect(outcomesIn(plan)).toEqual(['rdv-77001 applied']);
    expect([...dynamics.rows.keys()].filter((key) => key.startsWith('contact'))).toEqual([]);
    expect(dynamics.link('usager-12')).toBeNull();
    expect(dynamics.appointment(RDV)?.['subject']).toBe(ON_RGPD === 'anonymise' ? 'RDV anonymisé' : undefined);
  });

  test.each([
    [{ ON_RDV_DESTROYED: 'delete', ON_RGPD: 'keep' }, null, undefined],
    [{ ON_RDV_DESTROYED: 'delete', ON_RGPD: 'keep' }, 'rgpd', 1],
    [{ ON_RDV_DESTROYED: 'cancel', ON_RGPD: 'delete' }, null, 6],
    [{ ON_RDV_DESTROYED: 'cancel', ON_RGPD: 'delete' }, 'rgpd', undefined],
  ] as const)('with %j, reason %s takes its own policy', (policies, reason, status) => {
    const dynamics = new MemoryDynamics(policies);
    dynamics.receive(rdvAt(0));
    dynamics.receive(destroyed(5, {}, reason));
    expect(dynamics.appointment(RDV)?.['rdvs_status']).toBe(status);
  });

  test('is not undone by a late update', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(purge(5, seen));
    dynamics.receive(rdvAt(3, seen));
    expect(dynamics.appointment(RDV)).toMatchObject({ subject: 'RDV anonymisé', regardingobjectid: null });
    expect(dynamics.attendees(RDV)).toEqual([]);
  });
});

describe('a usager who leaves', () => {
  const LEFT = { keep: 0, deactivate: 1, anonymise: 0 } as const;

  // Case 11.
  test.each([
    'keep',
    'deactivate',
    'anonymise',
  ] as const)('changes nothing while a membership is left (%s)', (policy) => {
    const dynamics = new MemoryDynamics({ ON_USAGER_REMOVED: policy });
    dynamics.receive(profileAt(0, 'created'));
    dynamics.receive(profileAt(1, 'created', { organisation: 8 }));
    dynamics.receive(profileAt(2, 'destroyed'));
    expect(dynamics.link('profile-12-7')).toMatchObject({ state: 'removed', removedOn: secondsAt(2) });
    expect(dynamics.link('usager-12')).toMatchObject({ state: 'live', removedOn: null });
    expect(dynamics.contact(12)).toMatchObject({ lastname: 'Usager-Test', statecode: 0 });
  });

  test.each(['keep', 'deactivate', 'anonymise'] as const)('takes the policy %s with the last membership', (policy) => {
    const dynamics = new MemoryDynamics({ ON_USAGER_REMOVED: policy });
    dynamics.receive(profileAt(0, 'created'));
    dynamics.receive(profileAt(1, 'created', { organisation: 8 }));
    dynamics.receive(profileAt(2, 'destroyed', { organisation: 8 }));
    const plan = dynamics.receive(profileAt(3, 'destroyed'));
    expect(dynamics.link('usager-12')).toMatchObject({ state: 'live', removedOn: secondsAt(3) });
    expect(dynamics.contact(12)?.['statecode']).toBe(LEFT[policy]);
    expect(dynamics.contact(12)?.['lastname']).toBe(policy === 'anonymise' ? 'Usager supprimé' : 'Usager-Test');
    expect(writesIn(plan).filter((write) => write.startsWith('delete'))).toEqual([]);
  });

  test('is emptied of what the sender said, never of what a CRM user typed', () => {
    const dynamics = new MemoryDynamics({ ON_USAGER_REMOVED: 'anonymise' });
    dynamics.receive(profileAt(0, 'created', { user: { birth_name: "D'Essai" } }));
    dynamics.edit('contact', dynamics.contactId(12), { telephone1: '0353010012', emailaddress1: 'crm@example.org' });
    dynamics.receive(profileAt(1, 'destroyed', { user: { birth_name: "D'Essai" } }));
    expect(dynamics.contact(12)).toEqual({
      firstname: null,
      lastname: 'Usager supprimé',
      rdvs_birthname: null,
      birthdate: null,
      emailaddress1: 'crm@example.org',
      mobilephone: null,
      telephone1: '0353010012',
      address1_line1: null,
      address1_line2: null,
      address1_postalcode: null,
      address1_city: null,
      rdvs_responsible: null,
      rdvs_url: null,
      ...contactStates.active,
    });
    expect(Object.keys(dynamics.link('usager-12')?.applied.columns ?? {})).toEqual(['lastname']);
  });

  test('is not filled again by what arrives late, or by an RDV that still names it', () => {
    const dynamics = new MemoryDynamics({ ON_USAGER_REMOVED: 'anonymise' });
    dynamics.receive(rdvAt(0));
    dynamics.receive(profileAt(1, 'destroyed'));
    for (const late of [userAt(0), profileAt(0, 'created'), rdvAt(2, { status: 'seen' }), userAt(3)]) {
      dynamics.receive(late);
      expect(dynamics.contact(12)).toMatchObject({ firstname: null, lastname: 'Usager supprimé', emailaddress1: null });
    }
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12']);
  });

  test.each([
    'keep',
    'deactivate',
    'anonymise',
  ] as const)('comes back whole when a membership is created again (%s)', (policy) => {
    const dynamics = new MemoryDynamics({ ON_USAGER_REMOVED: policy });
    dynamics.receive(profileAt(0, 'created'));
    const before = dynamics.contact(12);
    dynamics.receive(profileAt(1, 'destroyed'));
    dynamics.receive(profileAt(2, 'created'));
    expect(dynamics.contact(12)).toEqual(before);
    expect(dynamics.link('usager-12')).toMatchObject({ state: 'live', removedOn: null });
    expect(dynamics.link('profile-12-7')).toMatchObject({ state: 'live', removedOn: null });
  });

  test('comes back through another organisation', () => {
    const dynamics = new MemoryDynamics({ ON_USAGER_REMOVED: 'deactivate' });
    dynamics.receive(profileAt(0, 'created'));
    dynamics.receive(profileAt(1, 'destroyed'));
    dynamics.receive(profileAt(2, 'created', { organisation: 8 }));
    expect(dynamics.contact(12)).toMatchObject(contactStates.active);
  });

  test('is judged by the newest word on the pair: an older end does not undo a return', () => {
    const story = [profileAt(0, 'created'), profileAt(1, 'destroyed'), profileAt(2, 'created')];
    for (const order of permutations(story)) {
      const dynamics = new MemoryDynamics({ ON_USAGER_REMOVED: 'deactivate' });
      for (const one of order) dynamics.receive(one);
      expect(dynamics.link('profile-12-7')).toMatchObject({ state: 'live', removedOn: null });
      expect(dynamics.contact(12)).toMatchObject(contactStates.active);
    }
  });

  test('is known since when the last membership ended, in whatever order the ends arrive', () => {
    const ends = [profileAt(4, 'destroyed'), profileAt(3, 'destroyed', { organisation: 8 })];
    for (const order of permutations(ends)) {
      const dynamics = new MemoryDynamics();
      for (const one of order) dynamics.receive(one);
      expect(dynamics.link('usager-12')).toMatchObject({ removedOn: secondsAt(4) });
    }
  });

  test('leaves a proche in place, tied to it', () => {
    const dynamics = new MemoryDynamics({ ON_USAGER_REMOVED: 'deactivate' });
    const child = { id: 13, responsible: makeUser() };
    dynamics.receive(profileAt(0, 'created'));
    dynamics.receive(profileAt(0, 'created', { user: child }));
    dynamics.receive(profileAt(1, 'destroyed'));
    expect(dynamics.contact(12)).toMatchObject(contactStates.inactive);
    expect(dynamics.contact(13)).toMatchObject({
      ...contactStates.active,
      rdvs_responsible: { table: 'contact', id: dynamics.contactId(12) },
    });
    dynamics.receive(profileAt(1, 'destroyed', { user: child }));
    expect(dynamics.contact(13)).toMatchObject(contactStates.inactive);
  });

  test('after years without activity creates nobody, and updates nobody', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(profileAt(5, 'destroyed', { reason: 'rgpd' }));
    expect(dynamics.contact(12)).toBeUndefined();
    expect([...dynamics.rows.keys()].filter((key) => key.startsWith('contact'))).toEqual([]);
    expect(dynamics.link('profile-12-7')).toMatchObject({ state: 'removed' });

    dynamics.receive(userAt(0, { id: 14 }));
    const plan = dynamics.receive(profileAt(5, 'destroyed', { user: { id: 14, first_name: 'Autre' }, reason: 'rgpd' }));
    expect(outcomesIn(plan)).toEqual(['usager-14 ignored (departed)', 'profile-14-7 applied']);
    expect(dynamics.contact(14)).toMatchObject({ firstname: 'Prénom-Test' });
    expect(dynamics.link('usager-14')).toMatchObject({ removedOn: secondsAt(5) });
  });
});

describe('a usager whose account is destroyed', () => {
  test.each(['keep', 'deactivate', 'anonymise'] as const)('never comes back (%s)', (policy) => {
    const dynamics = new MemoryDynamics({ ON_USAGER_REMOVED: policy });
    dynamics.receive(userAt(0));
    dynamics.receive(userAt(1, {}, 'destroyed'));
    const end = dynamics.contact(12);
    expect(end).toMatchObject({
      statecode: policy === 'deactivate' ? 1 : 0,
      lastname: policy === 'anonymise' ? 'Usager supprimé' : 'Usager-Test',
    });
    expect(dynamics.link('usager-12')).toMatchObject({ state: 'removed', removedOn: secondsAt(1) });
    for (const late of [userAt(0), userAt(9, { first_name: 'Autre' }), profileAt(9, 'created')]) {
      expect(outcomesIn(dynamics.receive(late))[0]).toBe('usager-12 stale (destroyed)');
      expect(dynamics.contact(12)).toEqual(end);
    }
  });

  test('stays an attendee of its RDVs', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0));
    dynamics.receive(userAt(1, {}, 'destroyed'));
    dynamics.receive(rdvAt(2, { participations: participants({}, { id: 13 }) }));
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12', 'required usager-13']);
  });
});

describe('copies that the sender has anonymised', () => {
  // Case 12.
  test.each<[string, UserOverrides]>([
    ['whole', anonymised(12)],
    ['known by the name', { first_name: 'Usager supprimé' }],
    ['known by the e-mail', { email: 'user_12@deleted.rdv-solidarites.fr' }],
    ['known by a mark', { phone_number: '[valeur unique anonymisée 12]' }],
  ])('never overwrite a contact: %s', (_, copy) => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0));
    const before = dynamics.contact(12);
    const version = dynamics.link('usager-12')?.version;
    const plan = dynamics.receive(rdvAt(5, { status: 'seen', participations: participants(copy) }));
    expect(outcomesIn(plan)).toEqual(['usager-12 ignored (anonymised)', 'rdv-77001 applied']);
    expect(dynamics.contact(12)).toEqual(before);
    expect(dynamics.link('usager-12')?.version).toBe(version);
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12']);
    expect(dynamics.appointment(RDV)?.['regardingobjectid']).toEqual({ table: 'contact', id: dynamics.contactId(12) });
  });

  test('never create one; the RDV is written without that person', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0, { participations: participants(anonymised(12), { id: 13 }) }));
    expect(dynamics.link('usager-12')).toBeNull();
    expect(dynamics.attendees(RDV)).toEqual(['required usager-13']);
  });

  test('give way to the person when an older notification brings it', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(5, { participations: participants(anonymised(12)) }));
    dynamics.receive(rdvAt(0));
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12']);
    expect(dynamics.appointment(RDV)?.['regardingobjectid']).toEqual({ table: 'contact', id: dynamics.contactId(12) });
  });

  test('of a responsible leave the proche its own data', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(userAt(0, { id: 13, responsible: makeUser(anonymised(12)), first_name: 'Zoé' }));
    expect(dynamics.contact(13)).toMatchObject({ firstname: 'Zoé', address1_line1: null, rdvs_responsible: null });
    expect(dynamics.contact(12)).toBeUndefined();
  });
});

describe('two usagers merged by the sender', () => {
  // Case 13: UserProfile destroyed (12) → User updated (13, with the e-mail of 12) → Rdv updated (12 became 13).
  const participation = (user: UserOverrides) => [makeParticipation({ id: 91_001, user: makeUser(user) })];
  const target = { id: 13, email: 'usager-12@example.org' };
  const burst = [
    profileAt(5, 'destroyed'),
    userAt(5, target),
    rdvAt(5, { participations: participation(target) }),
  ] as const;

  test.each([
    'keep',
    'deactivate',
    'anonymise',
  ] as const)('leave one appointment, of the target, in every order (%s)', (policy) => {
    for (const order of permutations(burst)) {
      const dynamics = new MemoryDynamics({ ON_USAGER_REMOVED: policy });
      dynamics.receive(profileAt(0, 'created'));
      dynamics.receive(profileAt(0, 'created', { user: { id: 13 } }));
      dynamics.receive(rdvAt(0, { participations: participation({}) }));
      for (const one of order) dynamics.receive(one);
      const kinds = [...dynamics.rows.keys()].map((key) => key.split(' ')[0]);
      expect(kinds.filter((kind) => kind === 'appointment')).toHaveLength(1);
      expect(kinds.filter((kind) => kind === 'contact')).toHaveLength(2);
      expect(dynamics.attendees(RDV)).toEqual(['required usager-13']);
      expect(dynamics.appointment(RDV)?.['regardingobjectid']).toEqual({
        table: 'contact',
        id: dynamics.contactId(13),
      });
      expect(dynamics.contact(13)).toMatchObject({ emailaddress1: 'usager-12@example.org', statecode: 0 });
      expect(dynamics.link('usager-12')).toMatchObject({ removedOn: secondsAt(5) });
    }
  });

  test('leave one attendee when both took part', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0, { participations: participants({}, { id: 13 }) }));
    dynamics.receive(rdvAt(5, { participations: participants(target) }));
    expect(dynamics.attendees(RDV)).toEqual(['required usager-13']);
  });
});
