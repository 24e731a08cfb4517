import { describe, expect, test } from 'vitest';
import {
  makeAgent,
  makeLieu,
  makeMotif,
  makeNotification,
  makeOrganisation,
  makeParticipation,
  makeRdv,
  makeUser,
  type Status,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { motif } from '../../src/rdv-solidarites/models.ts';
import { appointmentStates } from '../../src/schema/standard-columns.ts';
import { PARTY_ROLES } from '../../src/sync/model/rows.ts';
import { motifRowId } from '../../src/sync/motif/motif-names.ts';
import { MemoryDynamics, outcomesIn, writesIn } from './memory-dynamics.ts';

type RdvOverrides = NonNullable<Parameters<typeof makeRdv>[0]>;

const RDV = 77_001;
const at = (second: number) => new Date(Date.parse('2026-11-24T09:00:00Z') + second * 1000).toISOString();
const rdvAt = (second: number, data: RdvOverrides = {}) =>
  ({ model: 'Rdv', event: 'updated', data: makeRdv(data), at: at(second) }) as const;
const participants = (...people: (number | [number, Status])[]) =>
  people.map((person) => {
    const [id, status] = typeof person === 'number' ? [person, 'unknown' as const] : person;
    return makeParticipation({ status, user: makeUser({ id }) });
  });

/** Dynamics after the sender showed these states of one RDV, one after the other. */
function told(...states: readonly RdvOverrides[]) {
  const dynamics = new MemoryDynamics();
  const plans = states.map((data, second) => dynamics.receive(rdvAt(second, data)));
  return { dynamics, plan: plans.at(-1), appointment: dynamics.appointment(RDV) };
}

/** What the sender puts in the place of a text that it empties. */
const MARK = '[valeur unique anonymisée 77001]';
const locatedAt = (location_type: 'public_office' | 'home' | 'phone' | 'visio') => makeMotif({ location_type });

describe('columns', () => {
  test('writes an RDV to an appointment, column by column', () => {
    const { appointment, dynamics } = told({ agents: [makeAgent({ first_name: 'Dominique' })] });
    expect(appointment).toEqual({
      subject: "Premier rendez-vous d'orientation",
      scheduledstart: '2026-12-03T08:30:00Z',
      scheduledend: '2026-12-03T09:00:00Z',
      location:
        "Maison des solidarités de Ville-Test, 3 Place de l'Exemple, Ville-Test, 62999, 62, Pas-de-Calais, Hauts-de-France",
      regardingobjectid: { table: 'contact', id: dynamics.contactId(12) },
      rdvs_rdvid: '77001',
      rdvs_status: 1,
      rdvs_statustext: null,
      rdvs_motif: "Premier rendez-vous d'orientation",
      rdvs_motifid: { table: 'rdvs_motif', id: motifRowId(motif.parse(makeMotif()).id) },
      rdvs_organisation: 'MDS de Ville-Test',
      rdvs_agent: 'Dominique Agent-Test',
      rdvs_url: 'https://www.rdv-solidarites.fr/agents/rdvs/77001',
      rdvs_collective: false,
      rdvs_createdby: 1,
      rdvs_places: null,
      rdvs_cancelledon: null,
      ...appointmentStates.scheduled,
    });
  });

  // Case 3.
  test('passes apostrophes and signs of a motif unchanged', () => {
    const name = "Demande d'aide à l'enfance & suivi #2";
    expect(told({ motif: makeMotif({ name }) }).appointment).toMatchObject({ subject: name, rdvs_motif: name });
  });

  test.each([
    ['a collective RDV by its title', { collectif: true, name: 'Atelier du mardi' }, 'Atelier du mardi'],
    [
      'a collective RDV without title by its motif',
      { collectif: true, name: ' ' },
      "Premier rendez-vous d'orientation",
    ],
    [
      'a collective RDV whose title was anonymised by its motif',
      { collectif: true, name: MARK },
      "Premier rendez-vous d'orientation",
    ],
    [
      'an RDV of which nothing is left by what it is',
      { collectif: true, name: MARK, motif: makeMotif({ name: MARK }) },
      'RDV',
    ],
    ['an individual RDV by its motif', { name: 'Titre ignoré' }, "Premier rendez-vous d'orientation"],
    ['an RDV whose motif has no name', { motif: makeMotif({ name: '' }) }, 'RDV'],
  ])('calls %s', (_, data, subject) => {
    expect(told(data).appointment).toMatchObject({ subject });
  });

  test('cuts a title that is longer than its column, and reports it', () => {
    const name = `${'t'.repeat(199)}\u{1f600}${'t'.repeat(50)}`;
    const { appointment, plan } = told({ motif: makeMotif({ name }) });
    expect(appointment).toMatchObject({ subject: 't'.repeat(199), rdvs_motif: name.slice(0, 250) });
    expect(plan?.cut).toEqual(['appointment.subject', 'appointment.rdvs_motif']);
  });

  test.each([
    [
      'as the sender gives it',
      { url_for_agents: ' https://www.rdv-solidarites.fr/r/1 ' },
      'https://www.rdv-solidarites.fr/r/1',
    ],
    [
      'built from the ids when the sender gives none',
      { url_for_agents: undefined },
      'https://www.rdv-solidarites.fr/admin/organisations/7/rdvs/77001',
    ],
  ])('links to the RDV %s', (_, data, rdvs_url) => {
    expect(told(data).appointment).toMatchObject({ rdvs_url });
  });

  test.each([
    'https://rdv.example.org/r/1',
    'https://www.rdv-solidarites.fr.example.org/r/1',
    'https://www.rdv-solidarites.fr@example.org/r/1',
    'https://agent:test@www.rdv-solidarites.fr/r/1',
    'https://www.rdv-solidarites.fr:8443/r/1',
    'http://www.rdv-solidarites.fr/r/1',
    'javascript:alert(1)//https://www.rdv-solidarites.fr',
    '//www.rdv-solidarites.fr/r/1',
    'rdv',
  ])('does not link to %s: only to https at the sender’s own host', (url_for_agents) => {
    const built = 'https://www.rdv-solidarites.fr/admin/organisations/7/rdvs/77001';
    expect(told({ url_for_agents }).appointment).toMatchObject({ rdvs_url: built });
    expect(told({ url_for_agents, organisation: undefined }).appointment?.['rdvs_url'] ?? null).toBeNull();
  });

  test('builds the link on the address of the instance', () => {
    const dynamics = new MemoryDynamics({ RDV_SOLIDARITES_URL: 'https://demo.rdv-solidarites.fr/' });
    dynamics.receive(rdvAt(0, { url_for_agents: undefined }));
    expect(dynamics.appointment(RDV)).toMatchObject({
      rdvs_url: 'https://demo.rdv-solidarites.fr/admin/organisations/7/rdvs/77001',
    });
  });

  test('takes the fields of 2024 for the same appointment', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive({ model: 'Rdv', event: 'created', data: makeRdv({}, '2024'), era: '2024' });
    const { rdvs_url: _, ...old } = dynamics.appointment(RDV) ?? {};
    const { rdvs_url: __, ...today } = told({}).appointment ?? {};
    expect({ ...old, regardingobjectid: null }).toEqual({ ...today, regardingobjectid: null });
  });
});

describe('places', () => {
  // Case 15.
  test.each([
    ['a lieu', {}, "Maison des solidarités de Ville-Test, 3 Place de l'Exemple, Ville-Test, 62999, 62, Pas-de-Calais"],
    ['a lieu of one use', { lieu: makeLieu({ single_use: true, name: 'Salle Test', address: '' }) }, 'Salle Test'],
    ['a site without lieu', { lieu: null, address: '9 Rue du Test' }, '9 Rue du Test'],
    ['a site without lieu or address', { lieu: null, address: '' }, null],
    ['telephone', { motif: locatedAt('phone') }, 'Téléphone'],
    ['video', { motif: locatedAt('visio') }, 'Visioconférence : https://visio.example.org/rdv-77001'],
    ['video without link', { motif: locatedAt('visio'), visio_url: undefined }, 'Visioconférence'],
    ['home', { motif: locatedAt('home'), address: '12 Rue du Domicile' }, '12 Rue du Domicile'],
    ['home at an address that was anonymised', { motif: locatedAt('home'), address: ` ${MARK}` }, null],
    ['a lieu whose address was anonymised', { lieu: makeLieu({ name: 'Salle Test', address: MARK }) }, 'Salle Test'],
    ['home without address', { motif: locatedAt('home'), address: '' }, null],
  ])('shows %s', (_, data, location) => {
    const shown = told(data).appointment?.['location'];
    if (location?.startsWith('Maison')) expect(shown).toContain(location);
    else expect(shown).toBe(location);
  });

  test('follows an RDV that moves from a lieu to the telephone, and clears a place that ends', () => {
    expect(told({}, { motif: locatedAt('phone') }).appointment).toMatchObject({ location: 'Téléphone' });
    expect(told({}, { lieu: null, address: '' }).appointment).toMatchObject({ location: null });
    expect(told({}, { lieu: undefined, address: undefined }).appointment?.['location']).toContain('Maison');
  });
});

describe('dates', () => {
  // Case 18.
  test.each([
    ['the first hour of summer time', '2025-03-30 03:30:00 +0200', '2025-03-30T01:30:00Z'],
    ['the last hour of summer time', '2025-10-26 02:30:00 +0200', '2025-10-26T00:30:00Z'],
    ['the same hour of winter time', '2025-10-26 02:30:00 +0100', '2025-10-26T01:30:00Z'],
    ['Guadeloupe', '2026-06-01 08:00:00 -0400', '2026-06-01T12:00:00Z'],
    ['the other side of midnight', '2026-06-01 22:00:00 -0400', '2026-06-02T02:00:00Z'],
    ['UTC by name', '2026-06-01 12:00:00 UTC', '2026-06-01T12:00:00Z'],
    ['ISO 8601', '2026-06-01T14:00:00.250+02:00', '2026-06-01T12:00:00Z'],
    ['ISO 8601 in UTC', '2026-06-01T12:00:00Z', '2026-06-01T12:00:00Z'],
  ])('writes the exact instant of %s', (_, starts_at, scheduledstart) => {
    const ends_at = '2026-12-31 10:00:00 +0100';
    expect(told({ starts_at, ends_at }).appointment).toMatchObject({
      scheduledstart,
      scheduledend: '2026-12-31T09:00:00Z',
    });
  });

  test('writes nothing when the same instant is told in another zone', () => {
    const { plan } = told({ starts_at: '2026-12-03 09:30:00 +0100' }, { starts_at: '2026-12-03T08:30:00Z' });
    expect(plan?.outcome).toBe('unchanged');
  });
});

describe('statuses', () => {
  const cancelled_at = '2026-12-02 18:00:00 +0100';

  // Case 14.
  test.each([
    ['unknown', 1, null, 'scheduled'],
    ['seen', 2, null, 'completed'],
    ['excused', 3, null, 'canceled'],
    ['revoked', 4, null, 'canceled'],
    ['noshow', 5, null, 'canceled'],
    ['notexcused', 5, null, 'canceled'],
    ['reporte', null, 'reporte', 'scheduled'],
  ] as const)('%s', (status, rdvs_status, rdvs_statustext, state) => {
    const dynamics = new MemoryDynamics();
    dynamics.receive({ model: 'Rdv', event: 'created', data: { ...makeRdv(), status } });
    expect(dynamics.appointment(RDV)).toMatchObject({ rdvs_status, rdvs_statustext, ...appointmentStates[state] });
  });

  test('reopens an RDV whose cancellation is taken back', () => {
    const { appointment, dynamics, plan } = told(
      { status: 'unknown' },
      { status: 'revoked', cancelled_at },
      { status: 'unknown', cancelled_at: null },
    );
    expect(appointment).toMatchObject({ rdvs_status: 1, rdvs_cancelledon: null, ...appointmentStates.scheduled });
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12']);
    expect(plan?.outcome).toBe('applied');
  });

  test('writes when it was cancelled, also for a no-show', () => {
    expect(told({ status: 'noshow', cancelled_at }).appointment).toMatchObject({
      rdvs_status: 5,
      rdvs_cancelledon: '2026-12-02T17:00:00Z',
    });
  });

  test('keeps an RDV of mixed participations open, the excused one optional', () => {
    const { dynamics, appointment } = told({ participations: participants([12, 'excused'], [13, 'noshow']) });
    expect(appointment).toMatchObject({ rdvs_status: 1, ...appointmentStates.scheduled });
    expect(dynamics.attendees(RDV)).toEqual(['optional usager-12', 'required usager-13']);
  });

  test('leaves a status of the future behind when a known one comes', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive({ model: 'Rdv', event: 'updated', data: { ...makeRdv(), status: 'reporte' }, at: at(0) });
    dynamics.receive(rdvAt(1, { status: 'seen' }));
    expect(dynamics.appointment(RDV)).toMatchObject({ rdvs_status: 2, rdvs_statustext: null });
    dynamics.receive({ model: 'Rdv', event: 'updated', data: { ...makeRdv(), status: 'reporte' }, at: at(2) });
    expect(dynamics.appointment(RDV)).toMatchObject({
      rdvs_status: null,
      rdvs_statustext: 'reporte',
      ...appointmentStates.scheduled,
    });
  });

  test('leaves status and state alone when the body has none', () => {
    expect(told({ status: 'seen' }, { status: undefined }).appointment).toMatchObject({
      rdvs_status: 2,
      ...appointmentStates.completed,
    });
  });
});

describe('attendees', () => {
  test.each<[string, Status, Status, string]>([
    ['who comes', 'unknown', 'unknown', 'required'],
    ['who came', 'seen', 'seen', 'required'],
    ['who did not come', 'noshow', 'noshow', 'required'],
    ['who is excused while the RDV goes on', 'unknown', 'excused', 'optional'],
    ['whom the service called off while the RDV goes on', 'seen', 'revoked', 'optional'],
    ['who excused the whole RDV', 'excused', 'excused', 'required'],
    ['of an RDV that the service cancelled', 'revoked', 'revoked', 'required'],
  ])('takes a participant %s', (_, rdv, participation, role) => {
    const { dynamics } = told({ status: rdv, participations: participants([12, participation]) });
    expect(dynamics.attendees(RDV)).toEqual([`${role} usager-12`]);
  });

  test('changes the role of one who is excused, then comes after all', () => {
    const { dynamics } = told(
      { participations: participants(12, 13) },
      { participations: participants([12, 'excused'], 13) },
    );
    expect(dynamics.attendees(RDV)).toEqual(['optional usager-12', 'required usager-13']);
    dynamics.receive(rdvAt(2, { participations: participants(12, 13) }));
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12', 'required usager-13']);
  });

  test('regards the one participant, and nobody when there are several', () => {
    const { dynamics } = told({});
    const regarding = () => dynamics.appointment(RDV)?.['regardingobjectid'];
    dynamics.receive(rdvAt(1, { participations: participants(12, 13) }));
    expect(regarding()).toBeNull();
    dynamics.receive(rdvAt(2, { participations: participants(13) }));
    expect(regarding()).toEqual({ table: 'contact', id: dynamics.contactId(13) });
    dynamics.receive(rdvAt(3, { participations: [] }));
    expect(regarding()).toBeNull();
  });

  // Case 16: whoever is missing from the newest `participations` has left; nothing else says so.
  test('drops a participant who is removed, and keeps the contact', () => {
    const { dynamics } = told({ participations: participants(12, 13) }, { participations: participants(13) });
    expect(dynamics.attendees(RDV)).toEqual(['required usager-13']);
    expect(dynamics.contact(12)).toMatchObject({ lastname: 'Usager-Test' });
  });

  test('believes `participations`, not `users` nor `users_count`', () => {
    const { dynamics } = told({ participations: participants(13), users: [makeUser({ id: 12 })], users_count: 9 });
    expect(dynamics.attendees(RDV)).toEqual(['required usager-13']);
    expect(dynamics.contact(12)).toBeUndefined();
    expect(told({ participations: [], users: [makeUser()] }).dynamics.attendees(RDV)).toEqual([]);
  });

  test('takes `users` where `participations` is absent', () => {
    const { dynamics } = told({ participations: undefined, users: [makeUser(), makeUser({ id: 13 })] });
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12', 'required usager-13']);
  });

  test('leaves the attendees alone when the body says nothing about them', () => {
    const { dynamics } = told({}, { participations: undefined, users: undefined });
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12']);
    expect(dynamics.appointment(RDV)?.['regardingobjectid']).toEqual({ table: 'contact', id: dynamics.contactId(12) });
  });

  test('makes one attendee of two usagers who share one contact, required if one of them is', () => {
    const { dynamics } = told({ participations: participants(12, 13) });
    dynamics.tie(13, dynamics.contactId(12));
    dynamics.receive(rdvAt(1, { participations: participants([12, 'excused'], 13) }));
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12 and usager-13']);
    dynamics.receive(rdvAt(2, { participations: participants([12, 'excused'], [13, 'excused']) }));
    expect(dynamics.attendees(RDV)).toEqual(['optional usager-12 and usager-13']);
    dynamics.receive(rdvAt(3, { participations: participants(13) }));
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12 and usager-13']);
  });
});

describe('collective RDV', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, index) => 1001 + index);
  const collective = (count: number, over: RdvOverrides = {}): RdvOverrides => ({
    collectif: true,
    name: 'Atelier Test',
    participations: participants(...ids(count)),
    ...over,
  });

  // Case 16.
  test.each([0, 30, 100, 200, 298])('takes %i participants in one change set', (count) => {
    const { dynamics, plan, appointment } = told(collective(count));
    expect(dynamics.attendees(RDV)).toHaveLength(count);
    expect(appointment).toMatchObject({ rdvs_collective: true, regardingobjectid: null, subject: 'Atelier Test' });
    expect(plan?.changeSets).toHaveLength(1);
    expect(plan && writesIn(plan)).toHaveLength(3 * count + 5);
  });

  test('takes more participants than the RDV has places', () => {
    const { dynamics } = told(collective(4, { max_participants_count: 3, users_count: 1 }));
    expect(dynamics.attendees(RDV)).toHaveLength(4);
  });

  test('writes the people first and the RDV last when there are more than 900 operations', () => {
    const { plan, dynamics } = told(collective(451));
    const sets = plan?.changeSets.map((set) => new Set(set.map(({ table }) => table)));
    expect(sets).toEqual([
      new Set(['contact', 'rdvs_link']),
      new Set(['contact', 'rdvs_link']),
      new Set(['rdvs_link', 'rdvs_motif', 'appointment', 'rdvs_participation']),
    ]);
    expect(plan?.changeSets.map((set) => set.length)).toEqual([900, 2, 456]);
    expect(dynamics.attendees(RDV)).toHaveLength(451);
  });

  test('replaces the list when people join and leave', () => {
    const { dynamics } = told(collective(30));
    dynamics.receive(rdvAt(1, collective(30, { participations: participants(...ids(30).slice(2), 2001) })));
    expect(dynamics.attendees(RDV)).toHaveLength(29);
    expect(dynamics.attendees(RDV)).not.toContain('required usager-1001');
  });
});

describe('agents', () => {
  // Case 21.
  test.each([
    [
      'in the order of their ids',
      [makeAgent({ id: 9, first_name: 'Zoé' }), makeAgent({ id: 5, first_name: 'Max' })],
      'Max Agent-Test, Zoé Agent-Test',
    ],
    [
      'who intervene from outside',
      [makeAgent({ email: null, first_name: null, last_name: 'Intervenant-Test' })],
      'Intervenant-Test',
    ],
    ['who are deleted', [makeAgent({ email: 'agent_5@deleted.rdv-solidarites.fr' })], 'Prénom-Agent Agent-Test'],
    ['without any name', [makeAgent({ email: '', first_name: null, last_name: null })], null],
  ])('names agents %s', (_, agents, rdvs_agent) => {
    expect(told({ agents }).appointment).toMatchObject({ rdvs_agent });
  });

  test('writes nothing when only the order of the agents changes', () => {
    const agents = [makeAgent({ id: 5 }), makeAgent({ id: 9, last_name: 'Autre-Test' })];
    expect(told({ agents }, { agents: agents.toReversed() }).plan?.outcome).toBe('unchanged');
  });
});

describe('owners', () => {
  const TEAM_7 = '00000000-0000-4000-8000-0000000000a7';
  const TEAM = '00000000-0000-4000-8000-0000000000aa';
  const teams = { OWNER_TEAMS: JSON.stringify({ 7: TEAM_7 }) };

  function ownersIn(dynamics: MemoryDynamics) {
    return [dynamics.appointment(RDV)?.['ownerid'], dynamics.contact(12)?.['ownerid']];
  }

  test('gives the appointment to the agent, and the contact to the team', () => {
    const dynamics = new MemoryDynamics({ ...teams, DEFAULT_OWNER_TEAM: TEAM });
    const agent = dynamics.addUser('agent-5@example.org');
    dynamics.receive(rdvAt(0, { agents: [makeAgent({ email: ' Agent-5@Example.org ' })] }));
    expect(ownersIn(dynamics)).toEqual([
      { table: 'systemuser', id: agent },
      { table: 'team', id: TEAM_7 },
    ]);
  });

  test('takes the first agent who uses Dynamics', () => {
    const dynamics = new MemoryDynamics();
    const agent = dynamics.addUser('agent-9@example.org');
    dynamics.addUser('agent-11@example.org');
    dynamics.receive(rdvAt(0, { agents: [11, 9, 5].map((id) => makeAgent({ id })) }));
    expect(ownersIn(dynamics)).toEqual([{ table: 'systemuser', id: agent }, undefined]);
  });

  test.each<[string, Record<string, string>, number, string | undefined]>([
    ['the team of the organisation', { ...teams, DEFAULT_OWNER_TEAM: TEAM }, 7, TEAM_7],
    ['the default team for another organisation', { ...teams, DEFAULT_OWNER_TEAM: TEAM }, 8, TEAM],
    ['the connector itself when no team is set', {}, 7, undefined],
  ])('falls back on %s', (_, policies, organisation, team) => {
    const dynamics = new MemoryDynamics(policies);
    const agents = [makeAgent({ email: null }), makeAgent({ id: 6, email: 'agent_6@deleted.rdv-solidarites.fr' })];
    dynamics.receive(rdvAt(0, { agents, organisation: makeOrganisation({ id: organisation }) }));
    const owner = team === undefined ? undefined : { table: 'team', id: team };
    expect(ownersIn(dynamics)).toEqual([owner, owner]);
  });

  test.each([
    ['mds-test', 'mds-test'],
    ['MDS-Test', 'mds-test'],
    ['mds-test', 'MDS-TEST'],
  ])('finds the team of a usager by the label in the URL: set as %s, called as %s', (label, source) => {
    const dynamics = new MemoryDynamics({ OWNER_TEAMS: JSON.stringify({ [label]: TEAM_7 }) });
    dynamics.receive({ model: 'User', event: 'created', data: makeUser() }, source);
    expect(dynamics.contact(12)?.['ownerid']).toEqual({ table: 'team', id: TEAM_7 });
  });

  test('follow the agents of the RDV, and give it back to the team when nobody is known', () => {
    const dynamics = new MemoryDynamics({ DEFAULT_OWNER_TEAM: TEAM });
    const first = dynamics.addUser('agent-5@example.org');
    dynamics.receive(rdvAt(0, { agents: [makeAgent({ id: 9 })] }));
    expect(dynamics.appointment(RDV)?.['ownerid']).toEqual({ table: 'team', id: TEAM });
    dynamics.receive(rdvAt(1, { agents: [makeAgent({ id: 5 })] }));
    expect(dynamics.appointment(RDV)?.['ownerid']).toEqual({ table: 'systemuser', id: first });
    dynamics.receive(rdvAt(2, { agents: [makeAgent({ id: 9 })] }));
    expect(dynamics.appointment(RDV)?.['ownerid']).toEqual({ table: 'team', id: TEAM });
  });

  test('assigned by hand stay until the sender names other agents', () => {
    const dynamics = new MemoryDynamics(teams);
    const [first, colleague] = [dynamics.addUser('agent-5@example.org'), dynamics.addUser('collegue@example.org')];
    dynamics.receive(rdvAt(0, { agents: [makeAgent({ id: 9 })] }));
    dynamics.edit('appointment', dynamics.appointmentId(RDV), { ownerid: { table: 'systemuser', id: colleague } });
    dynamics.receive(rdvAt(1, { agents: [makeAgent({ id: 9 })], status: 'seen' }));
    expect(dynamics.appointment(RDV)?.['ownerid']).toEqual({ table: 'systemuser', id: colleague });
    dynamics.receive(rdvAt(2, { agents: [makeAgent({ id: 5 })], status: 'seen' }));
    expect(dynamics.appointment(RDV)).toMatchObject({ ownerid: { table: 'systemuser', id: first }, statecode: 1 });
  });

  test('assigned by hand stay when only Dynamics changes: the agent is a user now, or the team another', () => {
    const dynamics = new MemoryDynamics({ DEFAULT_OWNER_TEAM: TEAM });
    const colleague = dynamics.addUser('collegue@example.org');
    dynamics.receive(rdvAt(0));
    dynamics.edit('appointment', dynamics.appointmentId(RDV), { ownerid: { table: 'systemuser', id: colleague } });
    const agent = dynamics.addUser('agent-5@example.org');
    dynamics.receive(rdvAt(1, { status: 'seen' }));
    expect(dynamics.appointment(RDV)?.['ownerid']).toEqual({ table: 'systemuser', id: colleague });
    dynamics.receive(rdvAt(2, { agents: [makeAgent({ id: 5 }), makeAgent({ id: 9 })] }));
    expect(dynamics.appointment(RDV)?.['ownerid']).toEqual({ table: 'systemuser', id: colleague });
    dynamics.receive(rdvAt(3, { agents: [makeAgent({ id: 9 })] }));
    dynamics.receive(rdvAt(4, { agents: [makeAgent({ id: 5 })] }));
    expect(dynamics.appointment(RDV)?.['ownerid']).toEqual({ table: 'systemuser', id: agent });
  });

  test('who attend as optional by hand are not added a second time', () => {
    const dynamics = new MemoryDynamics({ AGENTS_AS_ATTENDEES: 'true' });
    dynamics.addUser('agent-5@example.org');
    const second = dynamics.addUser('agent-6@example.org');
    const optional = { role: PARTY_ROLES.optional, target: { table: 'systemuser', id: second } };
    dynamics.receive(rdvAt(0));
    dynamics.setParties(RDV, [...dynamics.parties(dynamics.appointmentId(RDV)), optional]);
    dynamics.receive(rdvAt(1, { agents: [makeAgent({ id: 5 }), makeAgent({ id: 6 })] }));
    expect(dynamics.attendees(RDV)).toEqual([`optional ${second}`, 'required usager-12']);
  });

  test('of a contact never change afterwards', () => {
    const dynamics = new MemoryDynamics(teams);
    dynamics.receive(rdvAt(0));
    const before = dynamics.contact(12)?.['ownerid'];
    dynamics.receive(rdvAt(1, { organisation: makeOrganisation({ id: 8 }) }));
    expect(dynamics.contact(12)?.['ownerid']).toEqual(before);
  });

  test('sets no organizer, unless the agent is asked to be it', () => {
    for (const AGENT_AS_ORGANIZER of ['false', 'true']) {
      const dynamics = new MemoryDynamics({ AGENT_AS_ORGANIZER });
      const agent = dynamics.addUser('agent-5@example.org');
      dynamics.receive(rdvAt(0));
      const organizers = dynamics.attendees(RDV).filter((attendee) => attendee.startsWith('organizer'));
      expect(organizers).toEqual(AGENT_AS_ORGANIZER === 'true' ? [`organizer ${agent}`] : []);
    }
  });

  test('the organizer follows the agents; whoever people chose instead stays', () => {
    const dynamics = new MemoryDynamics({ AGENT_AS_ORGANIZER: 'true' });
    const [first, second] = [dynamics.addUser('agent-5@example.org'), dynamics.addUser('agent-6@example.org')];
    dynamics.receive(rdvAt(0));
    expect(dynamics.attendees(RDV)).toContain(`organizer ${first}`);
    dynamics.receive(rdvAt(1, { agents: [makeAgent({ id: 6 })] }));
    expect(dynamics.attendees(RDV)).toEqual([`organizer ${second}`, 'required usager-12']);
    const chosen = dynamics.addUser('choisi@example.org');
    const others = dynamics.parties(dynamics.appointmentId(RDV)).filter(({ role }) => role !== PARTY_ROLES.organizer);
    dynamics.setParties(RDV, [...others, { role: PARTY_ROLES.organizer, target: { table: 'systemuser', id: chosen } }]);
    dynamics.receive(rdvAt(2, { agents: [makeAgent({ id: 5 })] }));
    expect(dynamics.attendees(RDV)).toEqual([`organizer ${chosen}`, 'required usager-12']);
  });

  test('all agents see the RDV where AGENTS_AS_ATTENDEES: the first owns it, the others attend', () => {
    const dynamics = new MemoryDynamics({ AGENTS_AS_ATTENDEES: 'true' });
    const [first, second] = [dynamics.addUser('agent-5@example.org'), dynamics.addUser('agent-6@example.org')];
    const guest = dynamics.addUser('invite@example.org');
    const agents = (...ids: number[]) => ({ agents: ids.map((id) => makeAgent({ id })) });
    dynamics.receive(rdvAt(0, agents(6, 5, 9)));
    expect(dynamics.appointment(RDV)?.['ownerid']).toEqual({ table: 'systemuser', id: first });
    expect(dynamics.attendees(RDV)).toEqual([`required ${second}`, 'required usager-12']);
    const parties = dynamics.parties(dynamics.appointmentId(RDV));
    dynamics.setParties(RDV, [...parties, { role: PARTY_ROLES.required, target: { table: 'systemuser', id: guest } }]);
    dynamics.receive(rdvAt(1, agents(6)));
    expect(dynamics.appointment(RDV)?.['ownerid']).toEqual({ table: 'systemuser', id: second });
    expect(dynamics.attendees(RDV)).toEqual([`required ${guest}`, 'required usager-12']);
    expect(dynamics.receive(rdvAt(2, agents(6))).outcome).toBe('unchanged');
    dynamics.receive(rdvAt(3, { agents: undefined }));
    expect(dynamics.attendees(RDV)).toEqual([`required ${guest}`, 'required usager-12']);
  });

  test('keeps the organizer when participants change', () => {
    const dynamics = new MemoryDynamics({ AGENT_AS_ORGANIZER: 'true' });
    const agent = dynamics.addUser('agent-5@example.org');
    dynamics.receive(rdvAt(0));
    dynamics.receive(rdvAt(1, { participations: participants(13) }));
    expect(dynamics.attendees(RDV)).toEqual([`organizer ${agent}`, 'required usager-13']);
  });
});

describe('people whom nothing else announced', () => {
  // Case 10: a self sign-up, or a collective RDV joined, sends neither User nor UserProfile.
  test('come in with the RDV, complete', () => {
    const dynamics = new MemoryDynamics();
    const body = senderJson(makeNotification({ model: 'Rdv', event: 'created', data: makeRdv() }));
    const plan = dynamics.deliver({ body, receivedAt: Date.parse('2026-11-24T09:00:01Z') });
    expect(outcomesIn(plan)).toEqual(['usager-12 applied', 'rdv-77001 applied']);
    expect(dynamics.contact(12)).toMatchObject({ emailaddress1: 'usager-12@example.org', address1_city: 'Ville-Test' });
  });

  test('include the responsible, who is no attendee', () => {
    const child = makeUser({ id: 13, responsible: makeUser() });
    const { dynamics } = told({ participations: [makeParticipation({ user: child })] });
    expect(dynamics.attendees(RDV)).toEqual(['required usager-13']);
    expect(dynamics.contact(12)).toMatchObject({ lastname: 'Usager-Test' });
  });
});
