import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type Event,
  makeAbsence,
  makeAgent,
  makeLieu,
  makeNotification,
  makeOrganisation,
  makePlageOuverture,
  makeRdv,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { moveCalendars } from '../../src/delivery/move-calendars.ts';
import type { Log } from '../../src/log.ts';
import { insertOwnerTeam } from '../dataverse/owner-team.ts';
import { type Bench, clear, startBench } from './bench.ts';

const TEAM = '00000000-0000-4000-9000-0000000000aa';
const [TEAM_A, TEAM_B] = ['00000000-0000-4000-9000-0000000000ab', '00000000-0000-4000-9000-0000000000ac'];
const NOW = '2026-11-24T12:00:00Z';
const agent = makeAgent({ id: 5 });

let dynamics: Bench;
let user: string;
beforeAll(async () => {
  dynamics = await startBench({
    settings: { DEFAULT_OWNER_TEAM: TEAM, CALENDAR_WEEKS_PAST: '1', CALENDAR_WEEKS_AHEAD: '4' },
  });
  insertOwnerTeam(dynamics.dataverse.rows, { teamid: TEAM });
  user = dynamics.dataverse.rows.insert('systemuser', { lastname: 'Agent-Test', internalemailaddress: agent.email });
});
afterAll(() => dynamics.stop());

let worker: Bench;
let second = 0;
beforeEach(() => {
  clear(dynamics.dataverse);
  worker = dynamics.colleague();
  worker.setClock(NOW);
  second = 0;
});

type Data = Parameters<typeof makePlageOuverture>[0];

/** A body that was rendered a second after the one before it. */
function body(
  model: 'Absence' | 'PlageOuverture',
  data: object,
  event: Event = 'updated',
  reason: 'rgpd' | null = null,
) {
  second += 1;
  return senderJson(
    makeNotification({
      model,
      event,
      data,
      reason,
      at: new Date(Date.parse('2026-11-24T09:00:00Z') + second * 1000).toISOString(),
    }),
  );
}
const plage = (data: Data = {}, event?: Event) => body('PlageOuverture', makePlageOuverture({ agent, ...data }), event);
const absence = (data: Data = {}, event?: Event) => body('Absence', makeAbsence({ agent, ...data }), event);

const rows = () =>
  dynamics.dataverse.rows
    .list('appointment')
    .sort((a, b) => (String(a['scheduledstart']) < String(b['scheduledstart']) ? -1 : 1));
const column = (name: string) => rows().map((row) => row[name]);
/** Ids of the organizers of an appointment. */
const organizers = (row: Record<string, unknown>) =>
  dynamics.dataverse.rows
    .parties(String(row['activityid']))
    .filter((party) => party['participationtypemask'] === 7)
    .map((party) => party['_partyid_value']);
const last = () => worker.events.findLast(({ event }) => event === 'notification.done');
const requests = (text: string) => worker.requestsOf(() => worker.deliver(text));

describe('an absence', () => {
  test('is an appointment of the agent, Out of Office, from its first day to its last, in two requests', async () => {
    const text = absence({
      first_day: '2026-12-24',
      end_day: '2027-01-04',
      start_time: '13:00:00',
      end_time: '09:00:00',
    });
    expect(await requests(text)).toBe(2);
    expect(rows()).toMatchObject([
      {
        subject: 'Formation',
        scheduledstart: '2026-12-24T12:00:00Z',
        scheduledend: '2027-01-04T08:00:00Z',
        statecode: 3,
        statuscode: 6,
        _ownerid_value: user,
        rdvs_agent: 'Prénom-Agent Agent-Test',
        rdvs_calendarentry: 'absence-701',
      },
    ]);
  });

  test('has its agent as organizer, and nobody to invite; a colleague whom people invite stays', async () => {
    await worker.deliver(absence());
    const [row] = rows();
    expect(organizers(row ?? {})).toEqual([user]);
    expect(
      dynamics.dataverse.rows
        .parties(String(row?.['activityid']))
        .filter((party) => [5, 6].includes(Number(party['participationtypemask']))),
    ).toEqual([]);
    await worker.deliver(absence({ agent: makeAgent({ id: 6 }) }));
    expect(organizers(row ?? {})).toEqual([]);
  });

  test('stays one appointment when it moves, and goes when it is destroyed, for good', async () => {
    await worker.deliver(absence());
    const [before] = column('activityid');
    await worker.deliver(absence({ first_day: '2026-12-08' }));
    expect(column('activityid')).toEqual([before]);
    const late = absence({ first_day: '2026-12-09' });
    expect(await requests(absence({}, 'destroyed'))).toBe(2);
    expect(rows()).toEqual([]);
    await worker.deliver(late);
    expect(rows()).toEqual([]);
    expect(last()).toMatchObject({ outcome: 'stale', reasons: ['destroyed'] });
  });

  test('of which a body leaves the last day out lasts as long as before, unless it begins later', async () => {
    await worker.deliver(absence({ end_day: '2026-12-04' }));
    await worker.deliver(absence({ end_day: undefined, title: 'Formation longue' }));
    expect(rows()).toMatchObject([{ subject: 'Formation longue', scheduledend: '2026-12-04T11:00:00Z' }]);
    await worker.deliver(absence({ end_day: undefined, first_day: '2026-12-09' }));
    expect(rows()).toMatchObject([{ scheduledend: '2026-12-09T11:00:00Z' }]);
    await worker.deliver(absence({ end_day: null }));
    expect(rows()).toMatchObject([{ scheduledend: '2026-12-01T11:00:00Z' }]);
  });

  test('whose title was anonymised is an absence', async () => {
    await worker.deliver(absence({ title: '[valeur unique anonymisée 701]' }));
    expect(column('subject')).toEqual(['Absence']);
  });

  test('destroyed before it was heard of never appears', async () => {
    const text = absence();
    expect(await requests(absence({}, 'destroyed'))).toBe(2);
    await worker.deliver(text);
    expect(rows()).toEqual([]);
  });

  test('of no organisation keeps the clock of Paris; of an overseas one, its own', async () => {
    await worker.deliver(absence({ organisation: null }));
    expect(column('scheduledstart')).toEqual(['2026-12-01T08:00:00Z']);
    await worker.deliver(absence({ organisation: makeOrganisation({ time_zone: 'America/Cayenne' }) }));
    expect(column('scheduledstart')).toEqual(['2026-12-01T12:00:00Z']);
    await worker.deliver(absence({ organisation: makeOrganisation({ time_zone: 'Mars/Olympus' }) }));
    expect(column('scheduledstart')).toEqual(['2026-12-01T08:00:00Z']);
  });

  test('that the sender purges by its retention rule goes too, unless ON_RGPD=keep', async () => {
    const purge = body('Absence', makeAbsence({ agent }), 'destroyed', 'rgpd');
    await worker.deliver(absence());
    await worker.deliver(purge);
    expect(rows()).toHaveLength(0);
  });
});

describe('a plage d’ouverture', () => {
  test('is a Free appointment for each occurrence of five weeks, at the place and for the motifs', async () => {
    expect(await requests(plage({ rrule: 'FREQ=WEEKLY;BYDAY=TU,TH;' }))).toBe(2);
    expect(column('scheduledstart')).toEqual(
      ['12-01', '12-03', '12-08', '12-10', '12-15', '12-17', '12-22', '12-24'].map((day) => `2026-${day}T08:00:00Z`),
    );
    expect(rows()[0]).toMatchObject({
      subject: 'Permanence du mardi',
      location: expect.stringContaining('Maison des solidarités de Ville-Test'),
      rdvs_motif: "Premier rendez-vous d'orientation",
      statecode: 0,
      statuscode: 1,
      _ownerid_value: user,
    });
  });

  test('costs nothing when it is repeated, one request when it is stale and memory is empty', async () => {
    const old = plage();
    const text = plage();
    await worker.deliver(text);
    expect(await requests(text)).toBe(0);
    expect(await requests(old)).toBe(0);
    worker = dynamics.colleague();
    expect(await requests(old)).toBe(1);
    expect(last()).toMatchObject({ outcome: 'stale' });
  });

  test('that says the same again is unchanged: its link alone is written', async () => {
    await worker.deliver(plage());
    const before = column('versionnumber');
    expect(await requests(plage())).toBe(2);
    expect(last()).toMatchObject({ outcome: 'unchanged', unchanged: 1 });
    expect(column('versionnumber')).toEqual(before);
  });

  test('with another recurrence replaces the old occurrences; one that ends loses those that follow', async () => {
    await worker.deliver(plage());
    expect(await requests(plage({ rrule: 'FREQ=WEEKLY;BYDAY=WE;' }))).toBe(2);
    expect(column('scheduledstart')).toEqual(
      ['12-02', '12-09', '12-16', '12-23'].map((day) => `2026-${day}T08:00:00Z`),
    );
    await worker.deliver(plage({ rrule: 'FREQ=WEEKLY;BYDAY=WE;UNTIL=20261210T000000;' }));
    expect(column('scheduledstart')).toEqual(['12-02', '12-09'].map((day) => `2026-${day}T08:00:00Z`));
    await worker.deliver(plage({ rrule: null }));
    expect(column('scheduledstart')).toEqual(['2026-12-01T08:00:00Z']);
  });

  test('keeps what people corrected until the sender changes that very thing', async () => {
    await worker.deliver(plage());
    const [first] = rows();
    dynamics.dataverse.rows.update('appointment', String(first?.['activityid']), {
      location: 'Corrigé-Test',
      scheduledstart: '2026-12-01T08:15:00Z',
    });
    await worker.deliver(plage({ title: 'Autre titre' }));
    expect(rows()[0]).toMatchObject({
      subject: 'Autre titre',
      location: 'Corrigé-Test',
      scheduledstart: '2026-12-01T08:15:00Z',
    });
    await worker.deliver(
      plage({ title: 'Autre titre', lieu: makeLieu({ name: 'Annexe-Test', address: '' }), start_time: '08:00:00' }),
    );
    expect(rows()[0]).toMatchObject({ location: 'Annexe-Test', scheduledstart: '2026-12-01T07:00:00Z' });
    await worker.deliver(plage({ title: 'Autre titre', lieu: null, start_time: '08:00:00' }));
    expect(column('location')).toEqual([null, null, null, null]);
  });

  test('does not come back on a day on which people deleted it', async () => {
    await worker.deliver(plage());
    dynamics.dataverse.rows.remove('appointment', String(rows()[1]?.['activityid']));
    await worker.deliver(plage({ title: 'Autre titre' }));
    expect(column('scheduledstart')).toEqual(['12-01', '12-15', '12-22'].map((day) => `2026-${day}T08:00:00Z`));
    for (const row of rows()) dynamics.dataverse.rows.remove('appointment', String(row['activityid']));
    await worker.deliver(plage({ title: 'Encore un autre' }));
    expect(rows()).toEqual([]);
    expect(last()).toMatchObject({ outcome: 'unchanged', reasons: ['deleted-in-dynamics'] });
    worker.setClock('2027-01-06T03:00:00Z');
    await moveCalendars(worker.worker, () => undefined);
    expect(new Set(column('subject'))).toEqual(new Set(["Plage d'ouverture"]));
  });

  test('of every day, changed wholly, is still one change set', async () => {
    const wide = { CALENDAR_WEEKS_PAST: '8', CALENDAR_WEEKS_AHEAD: '38', DEFAULT_OWNER_TEAM: TEAM };
    const other = dynamics.colleague({ settings: wide });
    const data = { first_day: '2026-01-05', rrule: 'FREQ=DAILY;' };
    await other.deliver(absence({ ...data }));
    expect(rows()).toHaveLength(47 * 7);
    for (const row of rows())
      dynamics.dataverse.rows.update('appointment', String(row['activityid']), { statecode: 1, statuscode: 3 });
    expect(await other.requestsOf(() => other.deliver(absence({ ...data, title: 'Autre titre' })))).toBe(2);
    expect(new Set(column('subject'))).toEqual(new Set(['Autre titre']));
    expect(new Set(column('statecode'))).toEqual(new Set([1]));
  });
});

describe('an agent', () => {
  const unknown = makeAgent({ id: 6 });

  test('who is no user of Dynamics leaves it to the team, and gets it by the next notification once known', async () => {
    await worker.deliver(plage({ agent: unknown }));
    expect(new Set(column('_ownerid_value'))).toEqual(new Set([TEAM]));
    expect(rows()[0]).toMatchObject({ rdvs_agent: 'Prénom-Agent Agent-Test' });
    const id = dynamics.dataverse.rows.insert('systemuser', { internalemailaddress: unknown.email });
    await dynamics.colleague().deliver(plage({ agent: unknown }));
    expect(new Set(column('_ownerid_value'))).toEqual(new Set([id]));
    expect(rows().flatMap(organizers)).toEqual(rows().map(() => id));
    dynamics.dataverse.rows.remove('systemuser', id);
  });

  test('whose appointments were given to a colleague by hand does not get them back, unless the sender says another', async () => {
    await worker.deliver(plage({ agent: unknown }));
    const colleague = dynamics.dataverse.rows.insert('systemuser', { lastname: 'Collègue-Test' });
    const id = String(rows()[0]?.['activityid']);
    dynamics.dataverse.rows.update('appointment', id, { 'ownerid@odata.bind': `/systemusers(${colleague})` });
    const known = dynamics.dataverse.rows.insert('systemuser', { internalemailaddress: unknown.email });
    await dynamics.colleague().deliver(plage({ agent: unknown }));
    expect(column('_ownerid_value')).toEqual([colleague, known, known, known]);
    await dynamics.colleague().deliver(plage());
    expect(new Set(column('_ownerid_value'))).toEqual(new Set([user]));
    dynamics.dataverse.rows.remove('systemuser', known);
  });

  test('of an absence without organisation leaves it to one team, whichever webhook it comes by', async () => {
    const teams = { A: TEAM_A, B: TEAM_B };
    for (const [name, teamid] of Object.entries(teams)) insertOwnerTeam(dynamics.dataverse.rows, { teamid, name });
    const settings = { OWNER_TEAMS: JSON.stringify(teams), DEFAULT_OWNER_TEAM: TEAM };
    for (const source of ['A', 'B']) {
      await dynamics
        .colleague({ settings })
        .deliver(absence({ agent: unknown, organisation: null }), undefined, source);
      expect(column('_ownerid_value')).toEqual([TEAM]);
    }
  });

  test.each([
    ['a null e-mail', { email: null }],
    ['an anonymised e-mail', { email: 'agent_6@deleted.rdv-solidarites.fr' }],
  ])('with %s is nobody that Dynamics knows', async (_, without) => {
    await worker.deliver(absence({ agent: { ...unknown, ...without } }));
    expect(column('_ownerid_value')).toEqual([TEAM]);
  });

  test('who is unknown has no appointments where UNKNOWN_AGENT=ignore, not even those of an agent before', async () => {
    const other = dynamics.colleague({ settings: { UNKNOWN_AGENT: 'ignore' } });
    await other.deliver(absence({ agent }));
    expect(rows()).toHaveLength(1);
    const purge = body('Absence', makeAbsence({ agent: unknown }), 'destroyed', 'rgpd');
    await other.deliver(absence({ agent: unknown }));
    expect(other.events.at(-1)).toMatchObject({ outcome: 'ignored', reasons: ['unknown-agent'] });
    expect(rows()).toEqual([]);
    await dynamics.colleague({ settings: { UNKNOWN_AGENT: 'ignore', ON_RGPD: 'keep' } }).deliver(purge);
    expect(rows()).toEqual([]);
  });
});

describe('what people did in Dynamics', () => {
  const insert = (columns: object) =>
    dynamics.dataverse.rows.insert('appointment', {
      subject: 'Copie-Test',
      rdvs_calendarentry: 'plage-601',
      ...columns,
    });

  test('is left alone: a copy of an occurrence, with its columns, also when the series ends', async () => {
    await worker.deliver(plage());
    const copy = insert({ scheduledstart: '2026-12-01T08:00:00Z', scheduledend: '2026-12-01T11:00:00Z' });
    await worker.deliver(plage({ rrule: 'FREQ=WEEKLY;BYDAY=WE;' }));
    await worker.deliver(plage({}, 'destroyed'));
    expect(column('activityid')).toEqual([copy]);
  });

  test('is left alone: an occurrence that they closed', async () => {
    await worker.deliver(plage());
    const closed = String(rows()[0]?.['activityid']);
    dynamics.dataverse.rows.update('appointment', closed, { statecode: 1, statuscode: 3 });
    await worker.deliver(plage({ rrule: 'FREQ=WEEKLY;BYDAY=WE;' }));
    await worker.deliver(plage({}, 'destroyed'));
    expect(column('activityid')).toEqual([closed]);
  });

  test('is no obstacle: an attendee whose contact they deleted', async () => {
    await worker.deliver(absence());
    const id = String(column('activityid')[0]);
    const contact = dynamics.dataverse.rows.insert('contact', { lastname: 'Invité-Test' });
    dynamics.dataverse.rows.update('appointment', id, {
      appointment_activity_parties: [
        { participationtypemask: 5, 'partyid_contact@odata.bind': `/contacts(${contact})` },
      ],
    });
    dynamics.dataverse.rows.remove('contact', contact);
    await worker.deliver(absence({ agent: makeAgent({ id: 6 }) }));
    expect([...worker.quarantined.values(), ...worker.putBack]).toEqual([]);
    expect(column('_ownerid_value')).toEqual([TEAM]);
  });

  test('does not leave a wrong day: a link that they deleted or emptied', async () => {
    await worker.deliver(absence());
    const [link] = dynamics.dataverse.rows.list('rdvs_link');
    dynamics.dataverse.rows.remove('rdvs_link', String(link?.['rdvs_linkid']));
    await dynamics.colleague().deliver(absence({ first_day: '2026-12-03', start_time: '08:00:00' }));
    expect(column('scheduledstart')).toEqual(['2026-12-03T07:00:00Z']);
  });

  test('tells nobody what an absence is about: its link holds no text of it', async () => {
    await worker.deliver(absence({ title: 'Titre-Confidentiel' }));
    expect(JSON.stringify(dynamics.dataverse.rows.list('rdvs_link'))).not.toMatch(/Confidentiel|Agent-Test/);
  });
});

test('an RDV is still remembered after a series with many occurrences', async () => {
  const small = dynamics.colleague({ memory: { rows: 20, ttl: 60_000 } });
  const rdv = (status: 'unknown' | 'seen') => {
    second += 1;
    const at = new Date(Date.parse('2026-11-24T09:00:00Z') + second * 1000).toISOString();
    return senderJson(
      makeNotification({ model: 'Rdv', event: 'updated', data: makeRdv({ agents: [agent], status }), at }),
    );
  };
  await small.deliver(rdv('unknown'));
  await small.deliver(plage({ rrule: 'FREQ=DAILY;' }));
  expect(await small.requestsOf(() => small.deliver(rdv('seen')))).toBe(1);
});

describe('is set aside, and never shown on a wrong day:', () => {
  test.each([
    ['a rule that means nothing', { rrule: 'FREQ=WEEKLY;BYDAY=XX;' }],
    ['a rule with a part that is not known', { rrule: 'FREQ=WEEKLY;BYSETPOS=1;' }],
    ['an end of the rule that is no day', { rrule: 'FREQ=WEEKLY;UNTIL=20261399T000000;' }],
    ['a rule of another type', { rrule: 7 }],
    ['an end before its start', { end_time: '08:59:59' }],
    ['a last day before the first', { end_day: '2026-11-30' }],
    ['a last day that is none', { end_day: 'bientôt' }],
    ['a time of day that is none', { start_time: '25:00:00' }],
    ['a first day that is none', { first_day: '2026-02-30' }],
    ['no agent at all', { agent: null }],
    ['what recurs and lasts for days', { rrule: 'FREQ=DAILY;', end_day: '2026-12-02' }],
    ['what recurs since before computers', { rrule: 'FREQ=DAILY;', first_day: '1753-01-01', end_day: '1753-01-01' }],
  ])('%s', async (_, wrong) => {
    await worker.deliver(body('Absence', { ...makeAbsence({ agent }), ...wrong }));
    expect([...worker.quarantined.values()]).toMatchObject([{ code: 'invalid-data' }]);
    expect(rows()).toEqual([]);
  });

  test('though what is no more is taken away all the same, by its id alone', async () => {
    await worker.deliver(plage());
    await worker.deliver(body('PlageOuverture', { id: 601, agent: null, rrule: 'FREQ=WEEKLY;BYDAY=XX;' }, 'destroyed'));
    expect(rows()).toEqual([]);
    expect(worker.quarantined.size).toBe(0);
  });

  test('unless the rule is empty: then it happens once', async () => {
    await worker.deliver(plage({ rrule: '' }));
    expect(rows()).toHaveLength(1);
  });
});

describe('when weeks go by', () => {
  const logged: { event: string; fields: object }[] = [];
  const log: Log = (_, event, fields) => void logged.push({ event, fields });
  beforeEach(() => void logged.splice(0));
  /** Of the plages alone. */
  const starts = () =>
    rows()
      .filter((row) => row['rdvs_calendarentry'] !== 'absence-701')
      .map((row) => row['scheduledstart'])
      .map((start) => String(start).slice(5, 10));

  test('the window moves on, with what the sender said last; the order of notifications is not touched', async () => {
    await worker.deliver(plage());
    await worker.deliver(absence());
    await moveCalendars(worker.worker, log);
    expect(logged).toMatchObject([{ fields: { moved: 0, requests: 1 } }]);
    const version = () => dynamics.dataverse.rows.list('rdvs_link').map((row) => row['rdvs_version']);
    const before = version();
    worker.setClock('2026-12-17T03:00:00Z');
    await moveCalendars(worker.worker, log);
    expect(logged.at(-1)).toMatchObject({ fields: { moved: 1, conflicts: 0, failed: 0, requests: 5 } });
    expect(starts()).toEqual(['12-08', '12-15', '12-22', '12-29', '01-05', '01-12']);
    expect(version()).toEqual(before);
    await moveCalendars(worker.worker, log);
    expect(logged.at(-1)).toMatchObject({ fields: { moved: 0 } });
  });

  const linksOfPlages = () =>
    dynamics.dataverse.rows.list('rdvs_link').filter(({ rdvs_name }) => String(rdvs_name).startsWith('plage-'));

  test('a series that has ended leaves the calendar, and is not asked about again', async () => {
    await worker.deliver(plage({ rrule: 'FREQ=WEEKLY;BYDAY=TU;UNTIL=20261209T000000;' }));
    expect(starts()).toEqual(['12-01', '12-08']);
    for (const day of ['2026-12-17', '2026-12-22', '2027-01-05']) {
      worker.setClock(`${day}T03:00:00Z`);
      await moveCalendars(worker.worker, log);
    }
    expect(starts()).toEqual([]);
    expect(linksOfPlages()).toMatchObject([{ rdvs_nextturn: null }]);
  });

  test('occurrences of an agent who has left go to the team', async () => {
    await worker.deliver(plage());
    dynamics.dataverse.rows.update('systemuser', user, { isdisabled: true });
    worker.setClock('2026-12-17T03:00:00Z');
    await moveCalendars(worker.worker, log);
    expect(new Set(column('_ownerid_value'))).toEqual(new Set([TEAM]));
    dynamics.dataverse.rows.update('systemuser', user, { isdisabled: false });
    await dynamics.colleague().deliver(plage());
    expect(new Set(column('_ownerid_value'))).toEqual(new Set([user]));
  });

  test('one that cannot be written does not keep the others; one that Dataverse is away for ends the run', async () => {
    // More than are read together, and the longest overdue: they must not be all that is ever seen.
    for (let id = 1; id <= 12; id += 1) await worker.deliver(plage({ id }));
    for (const link of linksOfPlages()) {
      const spoilt = String(link['rdvs_series']).replace(user, '00000000-0000-4000-9000-00000000dead');
      const columns = { rdvs_series: spoilt, rdvs_nextturn: '2026-11-01T00:00:00Z' };
      dynamics.dataverse.rows.update('rdvs_link', String(link['rdvs_linkid']), columns);
    }
    await worker.deliver(plage({ id: 602 }));
    worker.setClock('2026-12-17T03:00:00Z');
    await moveCalendars(worker.worker, log);
    expect(logged.at(-1)).toMatchObject({ fields: { moved: 1 } });
    dynamics.dataverse.faults.add({ kind: '503', times: -1 });
    await moveCalendars(worker.worker, log);
    dynamics.dataverse.faults.clear();
    expect(logged.at(-2)).toMatchObject({ event: 'calendars.failed', fields: { kind: 'transient' } });
  });

  test('one with a text in a row that cannot be read does not keep the others', async () => {
    await worker.deliver(plage());
    await worker.deliver(plage({ id: 602 }));
    for (const row of rows().filter((row) => row['rdvs_calendarentry'] === 'plage-601')) {
      const typed = { location: '--changesetresponse_ --batchresponse_' };
      dynamics.dataverse.rows.update('appointment', String(row['activityid']), typed);
    }
    worker.setClock('2026-12-17T03:00:00Z');
    await moveCalendars(worker.worker, log);
    expect(logged.at(-1)).toMatchObject({ fields: { moved: 1, failed: 1 } });
    expect(logged.at(-2)).toMatchObject({ fields: { record: 'plage-601', code: 'unreadable-answer' } });
  });

  test('one whose memory was spoilt by hand is not asked about again, and mended by the next notification', async () => {
    await worker.deliver(plage());
    await worker.deliver(plage({ id: 602 }));
    const [link] = dynamics.dataverse.rows.list('rdvs_link').filter((row) => row['rdvs_name'] === 'plage-601');
    const spoilt = String(link?.['rdvs_series']).replace('Europe/Paris', 'Europe/Pris');
    dynamics.dataverse.rows.update('rdvs_link', String(link?.['rdvs_linkid']), { rdvs_series: spoilt });
    worker.setClock('2026-12-17T03:00:00Z');
    await moveCalendars(worker.worker, log);
    expect(logged).toMatchObject([{ fields: { moved: 2, failed: 0 } }]);
    await dynamics.colleague().deliver(plage({ start_time: '08:00:00' }));
    const own = rows().filter((row) => row['rdvs_calendarentry'] === 'plage-601');
    expect(own.map((row) => String(row['scheduledstart']).slice(11))).toEqual(own.map(() => '07:00:00Z'));
  });

  test('more weeks of the past can be shown again', async () => {
    await worker.deliver(plage({ first_day: '2026-10-06' }));
    const before = starts().length;
    const settings = { CALENDAR_WEEKS_PAST: '4', CALENDAR_WEEKS_AHEAD: '4', DEFAULT_OWNER_TEAM: TEAM };
    await dynamics.colleague({ settings }).deliver(plage({ first_day: '2026-10-06' }));
    expect(starts()).toHaveLength(before + 3);
  });

  test('more series than are read together are all moved on in one run', async () => {
    for (let id = 1; id <= 23; id += 1) await worker.deliver(plage({ id }));
    worker.setClock('2026-12-17T03:00:00Z');
    await moveCalendars(worker.worker, log);
    expect(logged.at(-1)).toMatchObject({ fields: { moved: 23 } });
  });
});
