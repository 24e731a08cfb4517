// Who attends, after people tied a usager to another contact, or deleted a contact: the person, under the present contact.
import { describe, expect, test } from 'vitest';
import { makeParticipation, makeRdv, makeUser } from '../../local/rdv-solidarites/make-notification.ts';
import type { Guid } from '../../src/sync/model/link-names.ts';
import { PARTY_ROLES } from '../../src/sync/model/rows.ts';
import type { Value } from '../infra/kql/values.ts';
import { MemoryDynamics, writesIn } from './memory-dynamics.ts';

type UserOverrides = NonNullable<Parameters<typeof makeUser>[0]>;
type RdvOverrides = NonNullable<Parameters<typeof makeRdv>[0]>;

const RDV = 77_001;
const at = (second: number) => new Date(Date.parse('2026-11-24T09:00:00Z') + second * 1000).toISOString();
const userAt = (second: number, data: UserOverrides = {}) =>
  ({ model: 'User', event: 'updated', data: makeUser(data), at: at(second) }) as const;
const rdvAt = (second: number, data: RdvOverrides = {}) =>
  ({ model: 'Rdv', event: 'updated', data: makeRdv(data), at: at(second) }) as const;
const participants = (...ids: number[]) => ids.map((id) => makeParticipation({ user: makeUser({ id }) }));
const contactValue = (id: Guid): Value => ({ table: 'contact', id });

describe('a usager tied to another contact by hand', () => {
  test('attends and is regarded under that one, from the next snapshot of the RDV on', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0));
    const wrong = dynamics.contactId(12);
    const right = dynamics.addContact({ lastname: 'Usager-Test' });
    dynamics.tie(12, right);
    dynamics.receive(rdvAt(1, { status: 'seen' }));
    expect(dynamics.appointment(RDV)).toMatchObject({ regardingobjectid: contactValue(right) });
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12']);
    expect(dynamics.parties(dynamics.appointmentId(RDV)).map(({ target }) => target?.id)).not.toContain(wrong);
  });

  test('leaves the place of one who shared the wrong contact', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(userAt(0));
    dynamics.tie(13, dynamics.contactId(12));
    dynamics.receive(rdvAt(1, { participations: participants(12, 13) }));
    dynamics.tie(13, dynamics.addContact({ lastname: 'Usager-Test' }));
    dynamics.receive(rdvAt(2, { participations: participants(12, 13) }));
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12', 'required usager-13']);
  });

  test('leaves with the sender’s word, though people had added the former contact, who stays', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(userAt(0, { id: 13 }));
    dynamics.receive(rdvAt(1));
    const added = dynamics.contactId(13);
    const byHand = { role: PARTY_ROLES.optional, target: { table: 'contact', id: added } };
    dynamics.setParties(RDV, [...dynamics.parties(dynamics.appointmentId(RDV)), byHand]);
    dynamics.receive(rdvAt(2, { participations: participants(12, 13) }));
    dynamics.tie(13, dynamics.addContact({ lastname: 'Usager-Test' }));
    dynamics.receive(rdvAt(3, { participations: participants(12, 13) }));
    expect(dynamics.attendees(RDV)).toEqual([`required ${added}`, 'required usager-12', 'required usager-13']);
    dynamics.receive(rdvAt(4));
    expect(dynamics.attendees(RDV)).toEqual([`required ${added}`, 'required usager-12']);
  });

  test('then costs the appointment nothing more', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0));
    dynamics.tie(12, dynamics.addContact({ lastname: 'Usager-Test' }));
    dynamics.receive(rdvAt(1));
    expect(writesIn(dynamics.receive(rdvAt(2)))).not.toContain('update appointment');
  });
});

describe('a usager whose contact was deleted', () => {
  test.each(['the usager', 'the RDV'])('attends again once %s brings it back', (first) => {
    const dynamics = new MemoryDynamics({ ON_DELETED_IN_DYNAMICS: 'recreate' });
    dynamics.receive(rdvAt(0, { participations: participants(12, 13) }));
    dynamics.remove('contact', dynamics.contactId(12));
    if (first === 'the usager') dynamics.receive(userAt(1));
    dynamics.receive(rdvAt(2, { participations: participants(12, 13) }));
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12', 'required usager-13']);
  });

  test('attends again once people tied it to another contact', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0, { participations: participants(12, 13) }));
    dynamics.remove('contact', dynamics.contactId(12));
    dynamics.tie(12, dynamics.addContact({ lastname: 'Usager-Test' }));
    dynamics.receive(rdvAt(1, { participations: participants(12, 13) }));
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12', 'required usager-13']);
  });
});

describe('a contact deleted in Dynamics', () => {
  const guest = { role: PARTY_ROLES.optional, target: null, address: 'invite@example.org' };

  /** An RDV of usagers 12 and 13, to which people invited somebody by an address; then 12's contact is deleted. */
  function deleted(policies: Record<string, string> = {}) {
    const dynamics = new MemoryDynamics(policies);
    dynamics.receive(rdvAt(0, { participations: participants(12, 13) }));
    dynamics.setParties(RDV, [...dynamics.parties(dynamics.appointmentId(RDV)), guest]);
    dynamics.remove('contact', dynamics.contactId(12));
    expect(dynamics.attendees(RDV)).toContain('required usager-12@example.org');
    return dynamics;
  }

  test('is no attendee any more, by its address either; an address that people added stays', () => {
    const dynamics = deleted();
    dynamics.receive(rdvAt(1, { participations: participants(12, 13) }));
    expect(dynamics.attendees(RDV)).toEqual(['optional invite@example.org', 'required usager-13']);
  });

  test('comes back once', () => {
    const dynamics = deleted({ ON_DELETED_IN_DYNAMICS: 'recreate' });
    dynamics.receive(rdvAt(1, { participations: participants(12, 13) }));
    expect(dynamics.attendees(RDV)).toEqual([
      'optional invite@example.org',
      'required usager-12',
      'required usager-13',
    ]);
  });

  test('leaves no address in a purged RDV, though it was no attendee of ours', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0, { participations: [] }));
    const added = dynamics.addContact({ lastname: 'Invité-Test', emailaddress1: 'contact@example.org' });
    dynamics.setParties(RDV, [guest, { role: PARTY_ROLES.optional, target: { table: 'contact', id: added } }]);
    dynamics.remove('contact', added);
    dynamics.receive({ ...rdvAt(1, { participations: [] }), event: 'destroyed', reason: 'rgpd' });
    expect(dynamics.attendees(RDV)).toEqual(['optional invite@example.org']);
  });

  test('takes its own RDV along, which is written again without the person, once', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0));
    dynamics.remove('contact', dynamics.contactId(12));
    expect(dynamics.appointment(RDV)).toBeUndefined();
    dynamics.receive(rdvAt(1, { status: 'seen' }));
    expect(dynamics.appointment(RDV)).toMatchObject({ rdvs_status: 2, regardingobjectid: null });
    expect(dynamics.attendees(RDV)).toEqual([]);
    expect(dynamics.contact(12)).toBeUndefined();
    dynamics.remove('appointment', dynamics.appointmentId(RDV));
    dynamics.receive(rdvAt(2));
    expect(dynamics.appointment(RDV)).toBeUndefined();
  });

  test('leaves its RDV to the person who takes the place', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0));
    dynamics.remove('contact', dynamics.contactId(12));
    dynamics.receive(rdvAt(1, { participations: participants(13) }));
    expect(dynamics.appointment(RDV)).toMatchObject({ regardingobjectid: contactValue(dynamics.contactId(13)) });
  });

  test.each([
    ['its person is there', (_: MemoryDynamics) => undefined],
    ['its person is there under a merged contact', (dynamics: MemoryDynamics) => mergeOf(dynamics)],
  ])('does not bring back an RDV that somebody deleted itself: %s', (_, prepare) => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0));
    prepare(dynamics);
    dynamics.remove('appointment', dynamics.appointmentId(RDV));
    expect(dynamics.receive(rdvAt(1))).toMatchObject({ outcome: 'ignored' });
    expect(dynamics.receive(rdvAt(2, { participations: participants(13) }))).toMatchObject({ outcome: 'ignored' });
    expect(dynamics.appointment(RDV)).toBeUndefined();
  });

  test('does not bring back an RDV that was seen to be deleted by itself before', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0));
    dynamics.remove('appointment', dynamics.appointmentId(RDV));
    dynamics.receive(rdvAt(1));
    dynamics.remove('contact', dynamics.contactId(12));
    expect(dynamics.receive(rdvAt(2))).toMatchObject({ outcome: 'ignored' });
    expect(dynamics.appointment(RDV)).toBeUndefined();
  });

  test('does not bring back an RDV that ended', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0));
    dynamics.remove('contact', dynamics.contactId(12));
    dynamics.receive({ ...rdvAt(1), event: 'destroyed' });
    expect(dynamics.appointment(RDV)).toBeUndefined();
  });
});

function mergeOf(dynamics: MemoryDynamics): void {
  const master = dynamics.addContact({ lastname: 'Fusion-Test' });
  dynamics.tie(12, master);
}
