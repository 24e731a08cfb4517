import { describe, expect, test } from 'vitest';
import {
  makeMotif,
  makeOrganisation,
  makeParticipation,
  makeRdv,
  makeUser,
  type Status,
} from '../../local/rdv-solidarites/make-notification.ts';
import { appointmentStates, contactStates } from '../../src/schema/standard-columns.ts';
import type { Guid } from '../../src/sync/model/link-names.ts';
import { PARTY_ROLES } from '../../src/sync/model/rows.ts';
import type { Value } from '../../src/sync/model/values.ts';
import { MemoryDynamics, outcomesIn, writesIn } from './memory-dynamics.ts';

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

/** Dynamics with the contact of usager 12, edited by a CRM user. */
function editedContact(edit: Readonly<Record<string, string | null>>, first: UserOverrides = {}) {
  const dynamics = new MemoryDynamics();
  dynamics.receive(userAt(0, first));
  dynamics.edit('contact', dynamics.contactId(12), edit);
  return dynamics;
}

/** Dynamics with the appointment of an RDV, edited by a CRM user. */
function editedAppointment(edit: Readonly<Record<string, string | number | null>>, first: RdvOverrides = {}) {
  const dynamics = new MemoryDynamics();
  dynamics.receive(rdvAt(0, first));
  dynamics.edit('appointment', dynamics.appointmentId(RDV), edit);
  return dynamics;
}

describe('a correction made in the CRM', () => {
  test('survives until the sender changes that very field', () => {
    const dynamics = editedContact({ firstname: 'Corrigé-Test' });
    dynamics.receive(userAt(1, { email: 'autre@example.org', birth_name: "D'Essai" }));
    expect(dynamics.contact(12)).toMatchObject({ firstname: 'Corrigé-Test', emailaddress1: 'autre@example.org' });
    dynamics.receive(userAt(2, { first_name: 'Nouveau-Test' }));
    expect(dynamics.contact(12)).toMatchObject({ firstname: 'Nouveau-Test' });
  });

  test('survives every repeat, RDV and membership that tells the value of before', () => {
    const dynamics = editedContact({ firstname: 'Corrigé-Test' });
    dynamics.receive(userAt(0));
    dynamics.receive(rdvAt(1));
    const data = { user: makeUser(), organisation: makeOrganisation() };
    dynamics.receive({ model: 'UserProfile', event: 'created', data, at: at(2) });
    expect(dynamics.contact(12)).toMatchObject({ firstname: 'Corrigé-Test' });
  });

  test('that empties a column survives as well', () => {
    const dynamics = editedContact({ mobilephone: null });
    dynamics.receive(userAt(1, { first_name: 'Autre-Test' }));
    expect(dynamics.contact(12)).toMatchObject({ mobilephone: null, firstname: 'Autre-Test' });
  });

  test('that the sender then makes too needs no write', () => {
    const dynamics = editedContact({ firstname: 'Corrigé-Test' });
    const plan = dynamics.receive(userAt(1, { first_name: 'Corrigé-Test' }));
    expect(writesIn(plan)).toEqual(['update rdvs_link']);
    expect(plan.outcome).toBe('unchanged');
  });

  test('survives on an appointment, column by column', () => {
    const dynamics = editedAppointment({ location: 'Salle du CRM', subject: 'Objet du CRM' });
    dynamics.receive(rdvAt(1, { starts_at: '2026-12-09 09:30:00 +0100', status: 'seen' }));
    expect(dynamics.appointment(RDV)).toMatchObject({
      location: 'Salle du CRM',
      subject: 'Objet du CRM',
      rdvs_status: 2,
    });
    dynamics.receive(rdvAt(2, { motif: makeMotif({ location_type: 'phone' }) }));
    expect(dynamics.appointment(RDV)).toMatchObject({ location: 'Téléphone', subject: 'Objet du CRM' });
  });

  test('of what an appointment regards survives until the participants change', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0));
    const household = contactValue(dynamics.addContact({ lastname: 'Foyer-Test' }));
    dynamics.edit('appointment', dynamics.appointmentId(RDV), { regardingobjectid: household });
    dynamics.receive(rdvAt(1, { status: 'seen' }));
    expect(dynamics.appointment(RDV)).toMatchObject({ regardingobjectid: household });
    dynamics.receive(rdvAt(2, { participations: participants(12, 13) }));
    expect(dynamics.appointment(RDV)).toMatchObject({ regardingobjectid: household });
  });

  test('in columns that we do not map is never touched', () => {
    const dynamics = editedContact({ jobtitle: 'Saisi dans le CRM' });
    dynamics.receive(userAt(1, { first_name: 'Autre-Test', address: null }));
    expect(dynamics.contact(12)).toMatchObject({ jobtitle: 'Saisi dans le CRM' });
  });
});

describe('absent and null', () => {
  // Case 19: fields that the sender removed.
  test('an absent key changes nothing, in any field', () => {
    const dynamics = new MemoryDynamics();
    const responsible = makeUser({ id: 14 });
    const all = { birth_name: "D'Essai", address_details: 'Bâtiment B', responsible, email: 'usager-12@example.org' };
    dynamics.receive(userAt(0, all));
    const before = dynamics.contact(12);
    const bare = { id: 12 };
    const plan = dynamics.receive({ model: 'User', event: 'updated', data: bare, at: at(1) });
    expect(dynamics.contact(12)).toEqual(before);
    expect(plan.outcome).toBe('unchanged');
  });

  test('an absent key of an RDV changes nothing, in any field', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0, { status: 'excused', cancelled_at: '2026-11-24 10:00:00 +0100' }));
    const before = dynamics.appointment(RDV);
    const { id, starts_at, ends_at, organisation, url_for_agents } = makeRdv();
    const data = { id, starts_at, ends_at, organisation, url_for_agents };
    expect(dynamics.receive({ model: 'Rdv', event: 'updated', data, at: at(1) }).outcome).toBe('unchanged');
    expect(dynamics.appointment(RDV)).toEqual(before);
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12']);
  });

  test('fields of 2024 that later bodies lack do no harm', () => {
    const dynamics = new MemoryDynamics();
    const old = makeUser({ logement: 'locataire', notes: 'x' }, '2024');
    dynamics.receive({ model: 'User', event: 'updated', data: old, at: at(0), era: '2024' });
    expect(dynamics.receive(userAt(1)).outcome).toBe('unchanged');
  });

  test('null clears what we wrote and nobody touched', () => {
    const dynamics = editedContact({}, { birth_name: "D'Essai" });
    dynamics.receive(userAt(1, { birth_name: null, email: null, birth_date: null }));
    expect(dynamics.contact(12)).toMatchObject({ rdvs_birthname: null, emailaddress1: null, birthdate: null });
  });

  test('null never clears what a CRM user typed', () => {
    const dynamics = editedContact({ emailaddress1: 'crm@example.org', rdvs_birthname: 'Saisi-Test' });
    dynamics.receive(userAt(1, { email: null, birth_name: null }));
    expect(dynamics.contact(12)).toMatchObject({ emailaddress1: 'crm@example.org', rdvs_birthname: 'Saisi-Test' });
    const appointment = editedAppointment({ location: 'Salle du CRM' });
    appointment.receive(rdvAt(1, { lieu: null, address: '' }));
    expect(appointment.appointment(RDV)).toMatchObject({ location: 'Salle du CRM' });
  });
});

describe('a contact that was there before us', () => {
  const existing = { firstname: 'Prénom-CRM', emailaddress1: 'crm@example.org', telephone1: '0353010099' };

  function tied() {
    const dynamics = new MemoryDynamics();
    dynamics.tie(12, dynamics.addContact(existing));
    return dynamics;
  }

  test('gets only its empty columns filled', () => {
    const dynamics = tied();
    dynamics.receive(userAt(0));
    expect(dynamics.contact(12)).toMatchObject({
      ...existing,
      lastname: 'Usager-Test',
      birthdate: '1985-04-12',
      mobilephone: '+33639980012',
      address1_city: 'Ville-Test',
    });
  });

  test('takes what the sender changes afterwards, and keeps the rest', () => {
    const dynamics = tied();
    dynamics.receive(userAt(0));
    dynamics.receive(userAt(1, { first_name: 'Nouveau-Test', email: null }));
    expect(dynamics.contact(12)).toMatchObject({
      firstname: 'Nouveau-Test',
      emailaddress1: 'crm@example.org',
      telephone1: '0353010099',
    });
  });

  test('is the attendee of the RDV, and no second contact is made', () => {
    const dynamics = tied();
    const plan = dynamics.receive(rdvAt(0));
    expect(writesIn(plan)).not.toContain('create contact');
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12']);
  });

  test('is left whole when it says all that the sender says', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(userAt(0));
    const { ...copy } = dynamics.contact(12);
    const other = new MemoryDynamics();
    other.tie(12, other.addContact(copy));
    expect(writesIn(other.receive(userAt(0)))).toEqual(['update rdvs_link']);
  });
});

describe('attendees', () => {
  /** An appointment with an attendee of ours, and others added in the CRM. */
  function withGuests() {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0));
    const colleague = dynamics.addUser('collegue@example.org');
    const doctor = dynamics.addContact({ lastname: 'Partenaire-Test' });
    const guests = [
      { role: PARTY_ROLES.required, target: { table: 'systemuser', id: colleague } },
      { role: PARTY_ROLES.optional, target: { table: 'contact', id: doctor } },
      { role: PARTY_ROLES.optional, target: null, address: 'invite@example.org' },
    ];
    dynamics.setParties(RDV, [...dynamics.parties(dynamics.appointmentId(RDV)), ...guests]);
    const theirs = [`required ${colleague}`, `optional ${doctor}`, 'optional invite@example.org'];
    return { dynamics, theirs };
  }

  test('added in the CRM stay while ours are replaced', () => {
    const { dynamics, theirs } = withGuests();
    dynamics.receive(rdvAt(1, { participations: participants(13) }));
    expect(dynamics.attendees(RDV)).toEqual([...theirs, 'required usager-13'].sort());
    dynamics.receive(rdvAt(2, { participations: [] }));
    expect(dynamics.attendees(RDV)).toEqual(theirs.toSorted());
  });

  test('are not written when the set of the sender is the same', () => {
    const { dynamics } = withGuests();
    const plan = dynamics.receive(rdvAt(1, { starts_at: '2026-12-09 09:30:00 +0100' }));
    expect(plan.changeSets.flat().filter(({ parties }) => parties !== undefined)).toEqual([]);
  });

  test('of ours that a CRM user took off stay off until the set of the sender changes', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0, { participations: participants(12, 13) }));
    const [first] = dynamics.parties(dynamics.appointmentId(RDV));
    dynamics.setParties(RDV, first ? [first] : []);
    dynamics.receive(rdvAt(1, { status: 'seen', participations: participants(12, 13) }));
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12']);
    dynamics.receive(rdvAt(2, { status: 'seen', participations: participants(12, 13, 14) }));
    expect(dynamics.attendees(RDV)).toHaveLength(3);
  });

  test('of ours that a CRM user took off, and who leave, need no write', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0, { participations: participants(12, 13) }));
    dynamics.setParties(RDV, dynamics.parties(dynamics.appointmentId(RDV)).slice(0, 1));
    const plan = dynamics.receive(rdvAt(1, { participations: participants(12) }));
    expect(plan.changeSets.flat().filter(({ parties }) => parties !== undefined)).toEqual([]);
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12']);
  });

  test('keep the regarding and the owner out of the list', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0));
    const contact = { table: 'contact', id: dynamics.contactId(12) };
    const kept = dynamics.parties(dynamics.appointmentId(RDV));
    dynamics.setParties(RDV, [
      ...kept,
      { role: PARTY_ROLES.regarding, target: contact },
      { role: PARTY_ROLES.owner, target: contact },
    ]);
    const plan = dynamics.receive(rdvAt(1, { participations: participants(12, 13) }));
    const written = plan.changeSets.flat().flatMap(({ parties }) => parties ?? []);
    expect(written.map(({ role }) => role)).toEqual([PARTY_ROLES.required, PARTY_ROLES.required]);
  });
});

describe('a contact merged in Dynamics', () => {
  /** Usager 12's contact, merged into another one; Dynamics moves what points to it, or leaves the link behind. */
  function merged(link: 'follows' | 'stays') {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0));
    const old = dynamics.contactId(12);
    const master = dynamics.addContact({ lastname: 'Fusion-Test', emailaddress1: 'usager-12@example.org' });
    dynamics.edit('contact', old, { ...contactStates.inactive, masterid: contactValue(master) });
    if (link === 'follows') dynamics.tie(12, master);
    return { dynamics, old, master };
  }

  test.each(['follows', 'stays'] as const)('is written to under its master (the link %s)', (link) => {
    const { dynamics, old, master } = merged(link);
    const plan = dynamics.receive(userAt(1, { email: 'nouveau@example.org' }));
    expect(dynamics.contactId(12)).toBe(master);
    expect(dynamics.contact(12)).toMatchObject({ lastname: 'Fusion-Test', emailaddress1: 'nouveau@example.org' });
    expect(dynamics.columns('contact', old)).toMatchObject({
      emailaddress1: 'usager-12@example.org',
      ...contactStates.inactive,
    });
    expect(writesIn(plan)).toEqual(['update rdvs_link', 'update contact']);
  });

  test.each(['follows', 'stays'] as const)('takes part under its master, once (the link %s)', (link) => {
    const { dynamics, old, master } = merged(link);
    dynamics.receive(rdvAt(1, { participations: participants(12, 13) }));
    const present = dynamics.parties(dynamics.appointmentId(RDV)).map(({ target }) => target?.id);
    expect(present.toSorted()).toEqual([master, dynamics.contactId(13)].toSorted());
    expect(present).not.toContain(old);
  });

  test('may have been merged more than once', () => {
    const { dynamics, master } = merged('stays');
    const last = dynamics.addContact({ lastname: 'Dernier-Test' });
    dynamics.edit('contact', master, { ...contactStates.inactive, masterid: contactValue(last) });
    dynamics.receive(userAt(1, { email: 'nouveau@example.org' }));
    expect(dynamics.contactId(12)).toBe(last);
    expect(dynamics.contact(12)).toMatchObject({ lastname: 'Dernier-Test', emailaddress1: 'nouveau@example.org' });
  });

  test('is not followed round in circles', () => {
    const { dynamics, old, master } = merged('stays');
    dynamics.edit('contact', master, { ...contactStates.inactive, masterid: contactValue(old) });
    expect(dynamics.receive(userAt(1, { first_name: 'Autre-Test' })).outcome).toBe('applied');
  });

  test('takes what either of two usagers changed last, in one part', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0, { participations: participants(12, 13) }));
    dynamics.tie(13, dynamics.contactId(12));
    dynamics.receive(userAt(1, { first_name: 'Douze-Test' }));
    expect(dynamics.contact(12)).toMatchObject({ firstname: 'Douze-Test' });
    dynamics.receive(userAt(2, { id: 13, first_name: 'Treize-Test' }));
    expect(dynamics.contact(12)).toMatchObject({ firstname: 'Treize-Test' });
    const both = [
      makeUser({ first_name: 'A-Test', birth_name: "D'Essai" }),
      makeUser({ id: 13, first_name: 'B-Test' }),
    ].map((user) => makeParticipation({ user }));
    const plan = dynamics.receive(rdvAt(3, { participations: both }));
    expect(writesIn(plan).filter((write) => write === 'update contact')).toHaveLength(1);
    expect(dynamics.contact(12)).toMatchObject({ firstname: 'B-Test', rdvs_birthname: "D'Essai" });
  });
});

describe('a contact deactivated in Dynamics', () => {
  test.each(['keep', 'deactivate', 'anonymise'])('is updated, never reactivated (%s)', (ON_USAGER_REMOVED) => {
    const dynamics = new MemoryDynamics({ ON_USAGER_REMOVED });
    dynamics.receive(rdvAt(0));
    dynamics.edit('contact', dynamics.contactId(12), contactStates.inactive);
    dynamics.receive(userAt(1, { first_name: 'Autre-Test' }));
    const data = { user: makeUser({ first_name: 'Autre-Test' }), organisation: makeOrganisation() };
    dynamics.receive({ model: 'UserProfile', event: 'created', data, at: at(2) });
    expect(dynamics.contact(12)).toMatchObject({ firstname: 'Autre-Test', ...contactStates.inactive });
    dynamics.receive(rdvAt(3, { participations: participants(12, 13) }));
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12', 'required usager-13']);
  });

  test('that a CRM user reactivates after the usager left stays so', () => {
    const dynamics = new MemoryDynamics({ ON_USAGER_REMOVED: 'deactivate' });
    const data = { user: makeUser(), organisation: makeOrganisation() };
    dynamics.receive({ model: 'UserProfile', event: 'created', data, at: at(0) });
    dynamics.receive({ model: 'UserProfile', event: 'destroyed', data, at: at(1) });
    expect(dynamics.contact(12)).toMatchObject(contactStates.inactive);
    dynamics.edit('contact', dynamics.contactId(12), contactStates.active);
    dynamics.receive(userAt(2, { first_name: 'Autre-Test' }));
    dynamics.receive({ model: 'UserProfile', event: 'destroyed', data, at: at(3) });
    expect(dynamics.contact(12)).toMatchObject(contactStates.active);
  });
});

describe('a contact deleted in Dynamics', () => {
  test('stays out: it may be an erasure on request', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(userAt(0));
    const version = dynamics.link('usager-12')?.version;
    dynamics.remove('contact', dynamics.contactId(12));
    const plan = dynamics.receive(userAt(1, { first_name: 'Autre-Test' }));
    expect(outcomesIn(plan)).toEqual(['usager-12 ignored (deleted-in-dynamics)']);
    // Only what the link remembered in hashes goes.
    expect(plan).toMatchObject({
      outcome: 'ignored',
      changeSets: [[{ table: 'rdvs_link', columns: { rdvs_applied: '{}' } }]],
    });
    expect(dynamics.contact(12)).toBeUndefined();
    expect(dynamics.link('usager-12')?.version).toBe(version);
  });

  test('stays out of its RDVs, which are written without that person', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0, { participations: participants(12, 13) }));
    dynamics.remove('contact', dynamics.contactId(12));
    dynamics.receive(rdvAt(1, { status: 'seen', participations: participants(12, 13) }));
    expect(dynamics.appointment(RDV)).toMatchObject({ rdvs_status: 2 });
    expect(dynamics.attendees(RDV)).toEqual(['required usager-13']);
    dynamics.receive(rdvAt(2, { id: 77_002, participations: participants(12) }));
    expect(dynamics.appointment(77_002)).toMatchObject({ rdvs_status: 1, regardingobjectid: null });
    expect(dynamics.attendees(77_002)).toEqual([]);
  });

  test('is no responsible of its proches any more', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(userAt(0));
    dynamics.remove('contact', dynamics.contactId(12));
    dynamics.receive(userAt(1, { id: 13, responsible: makeUser() }));
    expect(dynamics.contact(12)).toBeUndefined();
    expect(dynamics.contact(13)).toMatchObject({ rdvs_responsible: null, emailaddress1: null, address1_line1: null });
  });

  test('comes back, with its RDVs, when the policy says so', () => {
    const dynamics = new MemoryDynamics({ ON_DELETED_IN_DYNAMICS: 'recreate' });
    dynamics.receive(rdvAt(0));
    const before = dynamics.contact(12);
    const deleted = dynamics.contactId(12);
    dynamics.remove('contact', deleted);
    dynamics.receive(rdvAt(1));
    expect(dynamics.contactId(12)).not.toBe(deleted);
    expect(dynamics.contact(12)).toEqual(before);
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12']);
    expect(dynamics.appointment(RDV)).toMatchObject({ regardingobjectid: contactValue(dynamics.contactId(12)) });
  });

  describe('before the sender named the usager whom people had tied to it', () => {
    function tiedThenDeleted(policies: Record<string, string> = {}) {
      const dynamics = new MemoryDynamics(policies);
      const contact = dynamics.addContact({ lastname: 'Usager-Test' });
      dynamics.tie(12, contact);
      dynamics.remove('contact', contact);
      return dynamics;
    }

    test('stays out', () => {
      const dynamics = tiedThenDeleted();
      expect(outcomesIn(dynamics.receive(userAt(0)))).toEqual(['usager-12 ignored (deleted-in-dynamics)']);
      dynamics.receive(rdvAt(1));
      expect(dynamics.contact(12)).toBeUndefined();
      expect(dynamics.attendees(RDV)).toEqual([]);
    });

    test('stays out after the usager left and came back', () => {
      const dynamics = tiedThenDeleted();
      const data = { user: makeUser(), organisation: makeOrganisation() };
      dynamics.receive({ model: 'UserProfile', event: 'destroyed', data, at: at(0) });
      expect(dynamics.link('usager-12')).toMatchObject({ version: null, removedOn: '2026-11-24T09:00:00Z' });
      dynamics.receive({ model: 'UserProfile', event: 'created', data, at: at(1) });
      expect(dynamics.receive(userAt(2)).outcome).toBe('ignored');
      expect(dynamics.contact(12)).toBeUndefined();
    });

    test('comes back when the policy says so', () => {
      const dynamics = tiedThenDeleted({ ON_DELETED_IN_DYNAMICS: 'recreate' });
      dynamics.receive(userAt(0));
      expect(dynamics.contact(12)).toMatchObject({ lastname: 'Usager-Test', birthdate: '1985-04-12' });
    });
  });

  test('is not brought back by what is older, whatever the policy', () => {
    const dynamics = new MemoryDynamics({ ON_DELETED_IN_DYNAMICS: 'recreate' });
    dynamics.receive(userAt(5));
    dynamics.remove('contact', dynamics.contactId(12));
    expect(dynamics.receive(userAt(3)).outcome).toBe('stale');
    expect(dynamics.receive(userAt(5)).outcome).toBe('stale');
    expect(dynamics.contact(12)).toBeUndefined();
  });
});

describe('an appointment deleted in Dynamics', () => {
  test('stays out; its people are still kept up to date', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0));
    dynamics.remove('appointment', dynamics.appointmentId(RDV));
    const participations = [makeParticipation({ user: makeUser({ first_name: 'Autre-Test' }) })];
    const plan = dynamics.receive(rdvAt(1, { status: 'seen', participations }));
    expect(outcomesIn(plan)).toEqual(['usager-12 applied', 'rdv-77001 ignored (deleted-in-dynamics)']);
    expect(dynamics.appointment(RDV)).toBeUndefined();
    expect(dynamics.contact(12)).toMatchObject({ firstname: 'Autre-Test' });
  });

  test.each(['cancel', 'delete'])('stays out when the RDV is destroyed, which its link remembers (%s)', (policy) => {
    const dynamics = new MemoryDynamics({ ON_RDV_DESTROYED: policy });
    dynamics.receive(rdvAt(0));
    dynamics.remove('appointment', dynamics.appointmentId(RDV));
    dynamics.receive({ ...rdvAt(1), event: 'destroyed' });
    expect(dynamics.appointment(RDV)).toBeUndefined();
    expect(dynamics.link('rdv-77001')).toMatchObject({ state: 'removed', applied: { columns: {} } });
  });

  test('comes back whole with the next snapshot when the policy says so', () => {
    const dynamics = new MemoryDynamics({ ON_DELETED_IN_DYNAMICS: 'recreate' });
    const status: Status = 'seen';
    dynamics.receive(rdvAt(0, { status }));
    const before = dynamics.appointment(RDV);
    dynamics.remove('appointment', dynamics.appointmentId(RDV));
    dynamics.receive(rdvAt(0, { status }));
    expect(dynamics.appointment(RDV)).toBeUndefined();
    dynamics.receive(rdvAt(1, { status }));
    expect(dynamics.appointment(RDV)).toEqual(before);
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12']);
  });
});

describe('a state changed in Dynamics', () => {
  test.each([
    'completed',
    'canceled',
    'open',
  ] as const)('%s survives until the status of the sender changes', (state) => {
    const dynamics = editedAppointment(appointmentStates[state]);
    dynamics.receive(rdvAt(1));
    dynamics.receive(rdvAt(2, { starts_at: '2026-12-09 09:30:00 +0100' }));
    dynamics.receive(rdvAt(3, { starts_at: '2026-12-09 09:30:00 +0100', participations: participants(12, 13) }));
    expect(dynamics.appointment(RDV)).toMatchObject({
      scheduledstart: '2026-12-09T08:30:00Z',
      ...appointmentStates[state],
    });
    dynamics.receive(rdvAt(4, { status: 'revoked' }));
    expect(dynamics.appointment(RDV)).toMatchObject(appointmentStates.canceled);
  });

  test('reopened by hand, an RDV that we closed stays open', () => {
    const dynamics = editedAppointment(appointmentStates.scheduled, { status: 'seen' });
    dynamics.receive(rdvAt(1, { status: 'seen', starts_at: '2026-12-09 09:30:00 +0100' }));
    expect(dynamics.appointment(RDV)).toMatchObject({ rdvs_status: 2, ...appointmentStates.scheduled });
  });

  test('a closed row is reopened, then changed and closed in one part without condition', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0, { status: 'seen' }));
    const plan = dynamics.receive(rdvAt(1, { status: 'seen', starts_at: '2026-12-09 09:30:00 +0100' }));
    const parts = plan.changeSets.flat().filter(({ table }) => table === 'appointment');
    expect(parts.map(({ columns }) => columns)).toEqual([
      appointmentStates.open,
      { scheduledstart: '2026-12-09T08:30:00Z', ...appointmentStates.completed },
    ]);
    expect(parts.map(({ condition }) => condition === 'any')).toEqual([false, true]);
  });

  test('a state alone is one part; the state of a new appointment is its second', () => {
    const dynamics = new MemoryDynamics();
    const created = dynamics.receive(rdvAt(0, { status: 'seen' }));
    const parts = created.changeSets.flat().filter(({ table }) => table === 'appointment');
    expect(parts.map(({ operation, columns }) => [operation, 'statecode' in columns])).toEqual([
      ['create', false],
      ['update', true],
    ]);
    const other = editedAppointment({ rdvs_status: 2 });
    const plan = other.receive(rdvAt(1, { status: 'seen' }));
    const [only, ...more] = plan.changeSets.flat().filter(({ table }) => table === 'appointment');
    expect(only?.columns).toEqual(appointmentStates.completed);
    expect(more).toEqual([]);
  });
});

describe('a contact row is not written', () => {
  test.each<[string, (dynamics: MemoryDynamics) => ReturnType<MemoryDynamics['receive']>]>([
    ['by an RDV that changes', (dynamics) => dynamics.receive(rdvAt(1, { status: 'seen' }))],
    ['by an RDV that is destroyed', (dynamics) => dynamics.receive({ ...rdvAt(1), event: 'destroyed' })],
    ['by a proche of the usager', (dynamics) => dynamics.receive(userAt(1, { id: 13, responsible: makeUser() }))],
    ['by an update that changes nothing', (dynamics) => dynamics.receive(userAt(1))],
    ['by a field that is not mapped', (dynamics) => dynamics.receive(userAt(1, { affiliation_number: '1234567' }))],
  ])('%s', (_, receive) => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0));
    const contact = dynamics.contactId(12);
    const plan = receive(dynamics);
    expect(plan.changeSets.flat().filter(({ id }) => id === contact)).toEqual([]);
  });
});
