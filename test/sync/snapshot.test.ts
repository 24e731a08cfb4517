// What the sender's API shows, beside what the sender announces: which one counts, and what it may write.
import { describe, expect, test } from 'vitest';
import {
  makeAbsence,
  makeNotification,
  makeOrganisation,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { parseNotification } from '../../src/rdv-solidarites/notification.ts';
import { versionAfter } from '../../src/rdv-solidarites/snapshot.ts';
import { appointmentStates, contactStates } from '../../src/schema/standard-columns.ts';
import { driftIn, MemoryDynamics, outcomesIn, writesIn } from './memory-dynamics.ts';

type UserOverrides = NonNullable<Parameters<typeof makeUser>[0]>;
type RdvOverrides = NonNullable<Parameters<typeof makeRdv>[0]>;

const RDV = 77_001;
const at = (second: number) => new Date(Date.parse('2026-11-24T09:00:00Z') + second * 1000).toISOString();
const secondsAt = (second: number) => at(second).replace('.000', '');
const announced = (second: number, data: RdvOverrides = {}) =>
  ({ model: 'Rdv', event: 'updated', data: makeRdv(data), at: at(second) }) as const;
const userAnnounced = (second: number, data: UserOverrides = {}) =>
  ({ model: 'User', event: 'updated', data: makeUser(data), at: at(second) }) as const;
const membership = (second: number, event: 'created' | 'destroyed', organisation = 7) => {
  const data = { user: makeUser(), organisation: makeOrganisation({ id: organisation }) };
  return { model: 'UserProfile', event, data, at: at(second) } as const;
};
const rdv = (data: RdvOverrides = {}) => ({ event: 'snapshot', model: 'Rdv', data: { ...makeRdv(data) } }) as const;
const usager = (data: UserOverrides = {}) =>
  ({ event: 'snapshot', model: 'User', data: { ...makeUser(data) } }) as const;
const member = (organisation = 7, data: UserOverrides = {}) =>
  ({
    event: 'snapshot',
    model: 'UserProfile',
    data: { user: { ...makeUser(data) }, organisation: { id: organisation } },
  }) as const;
const missingRdv = (reason?: 'rgpd') =>
  ({ event: 'missing', model: 'Rdv', data: { id: RDV }, ...(reason && { reason }) }) as const;
const missingUsager = (reason?: 'forbidden') =>
  ({ event: 'missing', model: 'User', data: { id: 12 }, ...(reason && { reason }) }) as const;

describe('a snapshot', () => {
  test('brings an RDV that was never announced, with its people', () => {
    const dynamics = new MemoryDynamics();
    const plan = dynamics.compare(rdv(), at(0));
    expect(driftIn(plan)).toEqual(['usager-12 would-write', `rdv-${RDV} would-write`]);
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12']);
  });

  test('that changes nothing writes nothing at all', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(announced(0));
    const plan = dynamics.compare(rdv(), at(60));
    expect(writesIn(plan)).toEqual([]);
    expect(outcomesIn(plan)).toEqual(['usager-12 unchanged', `rdv-${RDV} unchanged`]);
    expect(driftIn(plan)).toEqual(['usager-12 same', `rdv-${RDV} same`]);
    expect(dynamics.link(`rdv-${RDV}`)?.version).toContain(at(0).slice(0, 19));
  });

  test('writes a lost change, and only about the record that changed', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(announced(0));
    const plan = dynamics.compare(rdv({ status: 'seen' }), at(60));
    expect(driftIn(plan)).toEqual(['usager-12 same', `rdv-${RDV} would-write`]);
    expect(writesIn(plan).filter((write) => write.includes('rdvs_link'))).toEqual(['update rdvs_link']);
    expect(dynamics.appointment(RDV)).toMatchObject({ rdvs_status: 2, ...appointmentStates.completed });
  });

  test('wins over a notification of its instant, whichever comes first; a newer one wins over it', () => {
    const first = new MemoryDynamics();
    first.compare(rdv({ status: 'seen' }), at(10));
    first.receive(announced(10, { status: 'excused' }));
    const last = new MemoryDynamics();
    last.receive(announced(10, { status: 'excused' }));
    last.compare(rdv({ status: 'seen' }), at(10));
    expect([first.appointment(RDV), last.appointment(RDV)]).toMatchObject([{ rdvs_status: 2 }, { rdvs_status: 2 }]);
    const plan = last.compare(rdv({ status: 'unknown' }), at(9));
    expect(driftIn(plan)).toContain(`rdv-${RDV} stale`);
    last.receive(announced(11, { status: 'noshow' }));
    expect(last.appointment(RDV)).toMatchObject({ rdvs_status: 5 });
  });

  test('is dated by the answer before it, less two seconds', () => {
    expect(versionAfter('Tue, 24 Nov 2026 09:00:00 GMT')).toBe('2026-11-24T08:59:58.000000Z');
    expect(versionAfter('soon')).toBeUndefined();
  });

  test('is nothing that the sender may announce', () => {
    const body = senderJson(makeNotification(announced(0))).replace('"updated"', '"snapshot"');
    expect(parseNotification(Buffer.from(body))).toEqual({ kind: 'unknown', reason: 'unknown-event' });
    expect(parseNotification(Buffer.from(body), 'api')).toMatchObject({ kind: 'notification' });
  });

  test('of an usager in the list of an organisation gives that membership, once', () => {
    const dynamics = new MemoryDynamics();
    expect(driftIn(dynamics.compare(member(), at(0)))).toEqual(['usager-12 would-write', 'profile-12-7 would-write']);
    expect(dynamics.link('profile-12-7')).toMatchObject({ state: 'live', removedOn: null });
    const again = dynamics.compare(member(), at(60));
    expect([writesIn(again), driftIn(again)]).toEqual([[], ['usager-12 same', 'profile-12-7 same']]);
  });

  test('of a further organisation keeps the link of the usager beside the membership', () => {
    const dynamics = new MemoryDynamics();
    dynamics.compare(member(7), at(0));
    const plan = dynamics.compare(member(8), at(60));
    expect(writesIn(plan).toSorted()).toEqual(['create rdvs_link', 'update rdvs_link']);
    expect(driftIn(plan)).toEqual(['usager-12 same', 'profile-12-8 would-write']);
  });

  test('brings an usager back whose last membership had ended', () => {
    const dynamics = new MemoryDynamics({ ON_USAGER_REMOVED: 'deactivate' });
    dynamics.receive(membership(0, 'created'));
    dynamics.receive(membership(5, 'destroyed'));
    dynamics.compare(member(), at(60));
    expect(dynamics.contact(12)).toMatchObject(contactStates.active);
    expect(dynamics.link('usager-12')).toMatchObject({ removedOn: null });
  });

  test('of an absence writes its appointment, and nothing the next night', () => {
    const dynamics = new MemoryDynamics();
    const absence = { event: 'snapshot', model: 'Absence', data: { ...makeAbsence() } } as const;
    const [name] = driftIn(dynamics.compare(absence, at(0)));
    expect(name).toMatch(/^absence-\d+ would-write$/);
    const again = dynamics.compare({ ...absence, data: { ...absence.data, ical: 'DTSTAMP:other' } }, at(86_400));
    expect(writesIn(again)).toEqual([]);
  });
});

describe('what people did in Dynamics is counted, never healed', () => {
  test('a corrected name, a corrected place, another state', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(announced(0));
    dynamics.edit('contact', dynamics.contactId(12), { firstname: 'Prénom-Corrigé' });
    dynamics.edit('appointment', dynamics.appointmentId(RDV), { location: 'Salle corrigée' });
    const plan = dynamics.compare(rdv(), at(60));
    expect([writesIn(plan), driftIn(plan)]).toEqual([[], ['usager-12 corrected', `rdv-${RDV} corrected`]]);
    expect(dynamics.contact(12)).toMatchObject({ firstname: 'Prénom-Corrigé' });
  });

  test('a deleted contact, a deleted appointment', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(
      announced(0, { participations: [1, 2].map((id) => makeParticipation({ user: makeUser({ id }) })) }),
    );
    dynamics.remove('contact', dynamics.contactId(1));
    expect(driftIn(dynamics.compare(usager({ id: 1 }), at(60)))).toEqual(['usager-1 kept-out']);
    dynamics.remove('appointment', dynamics.appointmentId(RDV));
    expect(driftIn(dynamics.compare(rdv({ participations: [] }), at(60)))).toEqual([`rdv-${RDV} kept-out`]);
    expect(dynamics.appointment(RDV)).toBeUndefined();
  });

  test('a destroyed RDV that an older answer still shows', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive({ ...announced(5), event: 'destroyed' });
    expect(driftIn(dynamics.compare(rdv(), at(60)))).toContain(`rdv-${RDV} kept-out`);
  });
});

describe('an RDV that the sender has no more', () => {
  test('is cancelled as a destroyed one, once, and a newer body lifts it', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(announced(0));
    const plan = dynamics.compare(missingRdv(), at(60));
    expect(driftIn(plan)).toEqual([`rdv-${RDV} would-write`]);
    expect(dynamics.appointment(RDV)).toMatchObject({
      rdvs_status: 6,
      rdvs_cancelledon: secondsAt(60),
      subject: "Premier rendez-vous d'orientation",
      ...appointmentStates.canceled,
    });
    expect(dynamics.link(`rdv-${RDV}`)).toMatchObject({ state: 'missing', removedOn: secondsAt(60) });
    expect(writesIn(dynamics.compare(missingRdv(), at(120)))).toEqual([]);
    dynamics.receive(announced(30, { status: 'seen' }));
    expect(dynamics.appointment(RDV)).toMatchObject({ rdvs_status: 6 });
    dynamics.receive(announced(61));
    expect(dynamics.appointment(RDV)).toMatchObject({
      rdvs_status: 1,
      rdvs_cancelledon: null,
      ...appointmentStates.scheduled,
    });
    expect(dynamics.link(`rdv-${RDV}`)).toMatchObject({ state: 'live', removedOn: null });
  });

  test.each<[Record<string, string>, 'rgpd' | undefined]>([
    [{ ON_RDV_DESTROYED: 'delete' }, undefined],
    [{ ON_RGPD: 'delete' }, 'rgpd'],
    [{ ON_RGPD: 'anonymise' }, 'rgpd'],
  ])('ends as %j says, and comes back whole (%s)', (policies, reason) => {
    const dynamics = new MemoryDynamics(policies);
    dynamics.compare(rdv(), at(0));
    const whole = dynamics.appointment(RDV);
    dynamics.compare(missingRdv(reason), at(60));
    expect(dynamics.appointment(RDV)).not.toEqual(whole);
    dynamics.compare(rdv({ starts_at: '2026-12-02 09:30:00 +0100' }), at(120));
    expect(dynamics.appointment(RDV)).toEqual({ ...whole, scheduledstart: '2026-12-02T08:30:00Z' });
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12']);
  });

  test('is a purge when it began two years ago', () => {
    const dynamics = new MemoryDynamics();
    const long = { starts_at: '2024-11-23 09:30:00 +0100', ends_at: '2024-11-23 10:00:00 +0100' };
    dynamics.receive(announced(0, long));
    dynamics.compare(missingRdv(), at(60));
    expect(dynamics.appointment(RDV)).toMatchObject({ subject: 'RDV anonymisé', rdvs_status: 1 });
  });

  test('stays out when people deleted it, whatever comes', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(announced(0));
    dynamics.compare(missingRdv(), at(60));
    dynamics.remove('appointment', dynamics.appointmentId(RDV));
    dynamics.compare(rdv(), at(120));
    expect(dynamics.appointment(RDV)).toBeUndefined();
  });

  test('that was never known is left alone; newer news stand; a destruction that comes late ends it', () => {
    const dynamics = new MemoryDynamics();
    expect(writesIn(dynamics.compare(missingRdv(), at(0)))).toEqual([]);
    dynamics.receive(announced(10));
    expect(driftIn(dynamics.compare(missingRdv(), at(5)))).toEqual([`rdv-${RDV} stale`]);
    dynamics.compare(missingRdv(), at(60));
    dynamics.receive({ ...announced(50), event: 'destroyed' });
    expect(dynamics.link(`rdv-${RDV}`)).toMatchObject({ state: 'removed' });
  });
});

describe('an usager that the sender does not give', () => {
  test('known by a departure alone, comes in when a list shows it', () => {
    const dynamics = new MemoryDynamics({ ON_USAGER_REMOVED: 'deactivate' });
    const { data, ...departure } = membership(0, 'destroyed');
    dynamics.receive({ ...departure, data, reason: 'rgpd' });
    dynamics.compare(missingUsager(), at(30));
    dynamics.compare(member(), at(60));
    expect(dynamics.contact(12)).toMatchObject({ lastname: 'Usager-Test', ...contactStates.active });
  });

  test.each<[Record<string, string>, object]>([
    [{}, { lastname: 'Usager-Test', ...contactStates.active }],
    [{ ON_USAGER_REMOVED: 'deactivate' }, { lastname: 'Usager-Test', ...contactStates.inactive }],
    [{ ON_USAGER_REMOVED: 'anonymise' }, { lastname: 'Usager supprimé', firstname: null }],
  ])('gone everywhere: %j, until a newer copy shows it again', (policies, end) => {
    const dynamics = new MemoryDynamics(policies);
    dynamics.receive(membership(0, 'created'));
    const whole = dynamics.contact(12);
    const plan = dynamics.compare(missingUsager(), at(60));
    expect(driftIn(plan)).toEqual(['usager-12 would-write', 'profile-12-7 would-write']);
    expect(dynamics.contact(12)).toMatchObject(end);
    expect(dynamics.link('usager-12')).toMatchObject({ state: 'missing', removedOn: secondsAt(60) });
    expect(dynamics.link('profile-12-7')).toMatchObject({ state: 'missing', removedOn: secondsAt(60) });
    expect(writesIn(dynamics.compare(missingUsager(), at(120)))).toEqual([]);
    dynamics.receive(userAnnounced(30, { first_name: 'Prénom-Ancien' }));
    expect(dynamics.contact(12)).toMatchObject(end);
    dynamics.receive(announced(61));
    // No copy of a person tells the page: one that was emptied comes back with a membership.
    expect(dynamics.contact(12)).toEqual({ ...whole, rdvs_url: dynamics.contact(12)?.['rdvs_url'] });
    expect(dynamics.link('usager-12')).toMatchObject({ state: 'live', removedOn: null });
    dynamics.receive(membership(120, 'created'));
    expect(dynamics.contact(12)).toEqual(whole);
  });

  test('an emptied copy does not show it again', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(userAnnounced(0));
    dynamics.compare(missingUsager(), at(60));
    dynamics.receive(userAnnounced(90, { email: 'user_12@deleted.rdv-solidarites.fr', last_name: 'Usager supprimé' }));
    expect(dynamics.link('usager-12')).toMatchObject({ state: 'missing' });
  });

  test('alive elsewhere: its memberships end, and what RDV say of it still counts', () => {
    const dynamics = new MemoryDynamics({ ON_USAGER_REMOVED: 'deactivate' });
    dynamics.receive(membership(0, 'created'));
    const plan = dynamics.compare(missingUsager('forbidden'), at(60));
    expect(driftIn(plan)).toEqual(['usager-12 would-write', 'profile-12-7 would-write']);
    expect(dynamics.link('usager-12')).toMatchObject({ state: 'live', removedOn: secondsAt(60) });
    expect(dynamics.contact(12)).toMatchObject(contactStates.inactive);
    expect(writesIn(dynamics.compare(missingUsager('forbidden'), at(120)))).toEqual([]);
    dynamics.compare(member(), at(180));
    expect(dynamics.contact(12)).toMatchObject(contactStates.active);
  });

  test('a membership that is newer than the answer keeps it', () => {
    const dynamics = new MemoryDynamics({ ON_USAGER_REMOVED: 'deactivate' });
    dynamics.receive(membership(0, 'created', 7));
    dynamics.receive(membership(90, 'created', 8));
    dynamics.compare(missingUsager(), at(60));
    expect(dynamics.contact(12)).toMatchObject(contactStates.active);
    expect(dynamics.link('profile-12-7')).toMatchObject({ state: 'missing' });
  });

  test.each(['forbidden', undefined] as const)('never known, it is left alone (%s)', (reason) => {
    const dynamics = new MemoryDynamics();
    expect(writesIn(dynamics.compare(missingUsager(reason), at(0)))).toEqual([]);
  });
});
