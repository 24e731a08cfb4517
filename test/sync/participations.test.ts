// Attendance belongs to a person: one row per participation, with that person's own status.
import { describe, expect, test } from 'vitest';
import { makeParticipation, makeRdv, makeUser } from '../../local/rdv-solidarites/make-notification.ts';
import { optionValues } from '../../src/schema/schema.ts';
import { participationId } from '../../src/sync/rdv/participations.ts';
import { MemoryDynamics, writesIn } from './memory-dynamics.ts';

type RdvOverrides = NonNullable<Parameters<typeof makeRdv>[0]>;
type Overrides = NonNullable<Parameters<typeof makeParticipation>[0]>;

const RDV = 77_001;
const TEAM = '11111111-1111-4111-8111-111111111111';
const at = (second: number) => new Date(Date.parse('2026-11-24T09:00:00Z') + second * 1000).toISOString();
const rdvAt = (second: number, data: RdvOverrides | object = {}) =>
  ({ model: 'Rdv', event: 'updated', data: { ...makeRdv(), ...data }, at: at(second) }) as const;
const destroyed = (second: number, reason: 'rgpd' | null = null, data: RdvOverrides = {}) =>
  ({ model: 'Rdv', event: 'destroyed', reason, data: makeRdv(data), at: at(second) }) as const;
const of = (user: number, over: Overrides = {}) => makeParticipation({ user: makeUser({ id: user }), ...over });
const { unknown, seen, excused, noshow, destroyed: gone } = optionValues.appointment.rdvs_status;

const three = [of(12, { status: 'seen' }), of(13, { status: 'noshow' }), of(14, { status: 'excused' })];
const row = (dynamics: MemoryDynamics, user: number) =>
  dynamics.columns('rdvs_participation', participationId(90_000 + user));

describe('an RDV of three', () => {
  test('says of each who came, whatever the RDV as a whole is called', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0, { status: 'seen', participations: three }));
    expect(dynamics.attendance(RDV)).toEqual([`usager-12 ${seen}`, `usager-13 ${noshow}`, `usager-14 ${excused}`]);
    expect(row(dynamics, 13)).toMatchObject({
      rdvs_name: 'participation-90013',
      rdvs_appointment: { table: 'appointment', id: dynamics.appointmentId(RDV) },
      rdvs_motif: "Premier rendez-vous d'orientation",
      rdvs_start: dynamics.appointment(RDV)?.['scheduledstart'],
      rdvs_createdby: 1,
    });
  });

  test('that changes for one person writes that row alone', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0, { status: 'seen', participations: three }));
    const changed = [of(12, { status: 'seen' }), of(13, { status: 'seen' }), of(14, { status: 'excused' })];
    const plan = dynamics.receive(rdvAt(1, { status: 'seen', participations: changed }));
    const parts = plan.changeSets.flat().filter(({ table }) => table === 'rdvs_participation');
    expect(parts).toMatchObject([{ id: participationId(90_013), columns: { rdvs_status: seen } }]);
    expect(parts[0]?.columns).toEqual({ rdvs_status: seen });
  });

  test('that loses a person loses the row, which comes back with the person', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0, { participations: three }));
    dynamics.receive(rdvAt(1, { participations: three.slice(0, 2) }));
    expect(dynamics.attendance(RDV)).toHaveLength(2);
    dynamics.receive(rdvAt(2, { participations: three }));
    expect(dynamics.attendance(RDV)).toHaveLength(3);
  });
});

describe('a row', () => {
  test('comes with the next notification where the RDV was written before, though nothing else changed', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0));
    dynamics.rows.delete(`rdvs_participation ${participationId(90_012)}`);
    expect(writesIn(dynamics.receive(rdvAt(1)))).toContain('create rdvs_participation');
    expect(dynamics.attendance(RDV)).toEqual([`usager-12 ${unknown}`]);
  });

  test('comes with a snapshot of the API too', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0));
    dynamics.rows.delete(`rdvs_participation ${participationId(90_012)}`);
    dynamics.compare({ event: 'snapshot', model: 'Rdv', data: { ...makeRdv() } }, at(60));
    expect(dynamics.attendance(RDV)).toEqual([`usager-12 ${unknown}`]);
  });

  test('holds a status that is not known yet as its text', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0, { participations: [{ ...of(12), status: 'reporté' }] }));
    expect(row(dynamics, 12)).toMatchObject({ rdvs_statustext: 'reporté' });
    expect(row(dynamics, 12)?.['rdvs_status'] ?? null).toBeNull();
  });

  test.each([
    ['Agent', 1],
    ['User', 2],
    ['Prescripteur', 3],
    ['FileAttente', 4],
  ])('says who booked: %s', (created_by_type, option) => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0, { participations: [of(12, { created_by_type })] }));
    expect(row(dynamics, 12)).toMatchObject({ rdvs_createdby: option });
  });

  test('keeps its id when the sender merges its usager into another: the contact changes', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0, { participations: [of(12, { id: 5 })] }));
    dynamics.receive(rdvAt(1, { participations: [of(13, { id: 5 })] }));
    expect(dynamics.attendance(RDV)).toEqual([`usager-13 ${unknown}`]);
  });

  test('has no contact when the person was deleted in Dynamics', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0, { participations: three }));
    dynamics.remove('contact', dynamics.contactId(13));
    dynamics.receive(rdvAt(1, { participations: three }));
    expect(row(dynamics, 13)).toMatchObject({ rdvs_contact: null, rdvs_status: noshow });
  });

  test('of an anonymised person takes the contact that an older snapshot brings', () => {
    const erased = {
      id: 12,
      first_name: 'Usager supprimé',
      last_name: 'Usager supprimé',
      email: 'user_12@deleted.rdv-solidarites.fr',
    };
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(5, { participations: [makeParticipation({ user: makeUser(erased) })] }));
    expect(row(dynamics, 12)?.['rdvs_contact'] ?? null).toBeNull();
    dynamics.receive(rdvAt(1));
    expect(dynamics.attendance(RDV)).toEqual([`usager-12 ${unknown}`]);
  });

  test('takes it too where that snapshot knew the person by an earlier participation', () => {
    const erased = makeUser({ id: 12, first_name: 'Usager supprimé', last_name: 'Usager supprimé' });
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(5, { participations: [makeParticipation({ id: 7, user: erased })] }));
    dynamics.receive(rdvAt(1, { participations: [of(12, { id: 6 })] }));
    expect(dynamics.attendance(RDV)).toEqual([`usager-12 ${unknown}`]);
  });

  test('belongs to the owner of the appointment, and goes to the next one with it', () => {
    const dynamics = new MemoryDynamics({ DEFAULT_OWNER_TEAM: TEAM });
    dynamics.receive(rdvAt(0));
    expect(row(dynamics, 12)).toMatchObject({ ownerid: { table: 'team', id: TEAM } });
    const agent = dynamics.addUser('agent@example.org');
    const agents = [{ id: 9, email: 'agent@example.org' }];
    dynamics.receive(rdvAt(1, { agents }));
    expect(row(dynamics, 12)).toMatchObject({ ownerid: { table: 'systemuser', id: agent } });
  });
});

describe('a body that does not list participations', () => {
  test.each([
    ['no list', { participations: undefined, users: [makeUser()] }],
    ['no ids', { participations: [{ ...of(12), id: undefined, status: 'seen' }] }],
  ])('leaves the rows alone (%s)', (_, data) => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0));
    dynamics.receive(rdvAt(1, data));
    expect(dynamics.attendance(RDV)).toEqual([`usager-12 ${unknown}`]);
    const fresh = new MemoryDynamics();
    fresh.receive(rdvAt(1, data));
    expect(fresh.attendance(RDV)).toEqual([]);
  });
});

describe('the end of an RDV', () => {
  test('cancelled: each participation says so', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0));
    dynamics.receive(destroyed(1));
    expect(dynamics.attendance(RDV)).toEqual([`usager-12 ${gone}`]);
  });

  test('anonymised: status and start stay, the person goes', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0, { participations: three }));
    dynamics.receive(destroyed(1, 'rgpd', { participations: three }));
    expect(row(dynamics, 13)).toMatchObject({
      rdvs_contact: null,
      rdvs_motif: null,
      rdvs_createdby: null,
      rdvs_status: noshow,
      rdvs_start: dynamics.appointment(RDV)?.['scheduledstart'],
    });
  });

  test('missing at the sender: as destroyed', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0));
    dynamics.compare({ event: 'missing', model: 'Rdv', data: { id: RDV } }, at(60));
    expect(dynamics.attendance(RDV)).toEqual([`usager-12 ${gone}`]);
  });

  test('deleted: no row is left', () => {
    const dynamics = new MemoryDynamics({ ON_RDV_DESTROYED: 'delete' });
    dynamics.receive(rdvAt(0));
    dynamics.receive(destroyed(1));
    expect(dynamics.attendance(RDV)).toEqual([]);
    expect(row(dynamics, 12)).toBeUndefined();
  });
});

test('PARTICIPATIONS=false writes none', () => {
  const dynamics = new MemoryDynamics({ PARTICIPATIONS: 'false' });
  const plan = dynamics.receive(rdvAt(0, { participations: three }));
  expect(writesIn(plan).filter((write) => write.endsWith('rdvs_participation'))).toEqual([]);
});
