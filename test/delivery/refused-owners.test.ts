// An owner whom Dataverse refuses does not keep the RDV: it goes to the team, to the default team, or to the connector.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type Model,
  makeAgent,
  makeNotification,
  makeParticipation,
  makePlageOuverture,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { deliver } from '../../src/delivery/deliver.ts';
import { moveCalendars } from '../../src/delivery/move-calendars.ts';
import { contentOf } from '../../src/intake/envelope.ts';
import { CONNECTOR_APPLICATION } from '../dataverse/connector-user.ts';
import { insertOwnerTeam } from '../dataverse/owner-team.ts';
import { type Bench, NO_MEMORY, startBench } from './bench.ts';

const ORGANISATION_TEAM = '00000000-0000-4000-9000-0000000000a7';
const DEFAULT_TEAM = '00000000-0000-4000-9000-0000000000aa';
const agent = makeAgent({ id: 5 });

let bench: Bench;
let user: string;
let second = 0;
beforeEach(async () => {
  const settings = { OWNER_TEAMS: JSON.stringify({ 7: ORGANISATION_TEAM }), DEFAULT_OWNER_TEAM: DEFAULT_TEAM };
  bench = await startBench({ settings });
  user = bench.dataverse.rows.insert('systemuser', { lastname: 'Agent-Test', internalemailaddress: agent.email });
  second = 0;
});
afterEach(() => bench.stop());

function body(model: Model, data: object) {
  second += 1;
  const at = new Date(Date.parse('2026-11-24T09:00:00Z') + second * 1000).toISOString();
  return senderJson(makeNotification({ model, event: 'updated', data, at }));
}
const rdv = (id: number) =>
  body('Rdv', makeRdv({ id, agents: [agent], participations: [makeParticipation({ user: makeUser({ id: 12 }) })] }));
const ownerOf = (id: number) =>
  bench.dataverse.rows.list('appointment').find((row) => row['rdvs_rdvid'] === String(id))?.['_ownerid_value'];
const contactOwners = () => bench.dataverse.rows.list('contact').map((row) => row['_ownerid_value']);
const connector = () =>
  bench.dataverse.rows.list('systemuser').find((row) => row['applicationid'] === CONNECTOR_APPLICATION)?.[
    'systemuserid'
  ];
const refusals = (one = bench) => one.events.filter(({ event }) => event === 'dataverse.owner-refused');

function takeRoles(): void {
  const { rows } = bench.dataverse;
  for (const { systemuserid, systemuserroleid } of rows.list('systemuserroles'))
    if (systemuserid === user) rows.remove('systemuserroles', String(systemuserroleid));
}
function giveRole(): void {
  const { rows } = bench.dataverse;
  const role = rows.list('role').find(({ name }) => name === 'Basic User');
  rows.insert('systemuserroles', { systemuserid: user, roleid: String(role?.['roleid']) });
}
function teamsThatOwn(): void {
  for (const teamid of [ORGANISATION_TEAM, DEFAULT_TEAM]) insertOwnerTeam(bench.dataverse.rows, { teamid });
}

test('an RDV whose agent was refused is anonymised at the price of any other', async () => {
  teamsThatOwn();
  takeRoles();
  await bench.deliver(rdv(71));
  const ending = { event: 'destroyed', reason: 'rgpd', at: '2026-11-24T10:00:00.000Z' } as const;
  await bench.deliver(
    senderJson(makeNotification({ model: 'Rdv', ...ending, data: makeRdv({ id: 71, agents: [agent] }) })),
  );
  expect(bench.events.at(-1)).toMatchObject({ event: 'notification.done', outcome: 'applied', requests: 1 });
});

describe.each(['PrincipalPrivilegeDenied', 'PrivilegeDenied'])('refused as %s', (assigneeRefusal) => {
  beforeEach(() => bench.dataverse.settings.change({ assigneeRefusal }));

  test('an agent who may not read appointments: the team of the organisation, by a second round, once', async () => {
    teamsThatOwn();
    takeRoles();
    // Where the refusal names nobody, the agent is first suspected as the owner of participations.
    const rounds = assigneeRefusal === 'PrivilegeDenied' ? 2 : 3;
    expect(await bench.requestsOf(() => bench.deliver(rdv(71)))).toBe(2 * rounds);
    expect(ownerOf(71)).toBe(ORGANISATION_TEAM);
    expect(refusals()).toHaveLength(rounds - 1);
    expect(refusals().at(-1)).toMatchObject({ level: 'warn', table: 'systemuser', owner: user });
    expect(await bench.requestsOf(() => bench.deliver(rdv(72)))).toBe(2);
    expect(ownerOf(72)).toBe(ORGANISATION_TEAM);
    expect(refusals()).toHaveLength(rounds - 1);
    expect(bench.putBack).toEqual([]);
  });

  test('and the agent, once given a role, by the next snapshot that a worker without that memory applies', async () => {
    teamsThatOwn();
    takeRoles();
    await bench.deliver(rdv(71));
    giveRole();
    await bench.deliver(rdv(71));
    expect(ownerOf(71)).toBe(ORGANISATION_TEAM);
    await bench.colleague().deliver(rdv(71));
    expect(ownerOf(71)).toBe(user);
  });

  test('or at once by a replay, which believes no memory', async () => {
    teamsThatOwn();
    takeRoles();
    await bench.deliver(rdv(71));
    giveRole();
    const receivedAt = Date.parse('2026-11-24T13:00:00Z');
    const envelope = {
      v: 1,
      notificationId: 'n-replay',
      receivedAt,
      replayedAt: receivedAt,
      content: contentOf(Buffer.from(rdv(71))),
    };
    await deliver(envelope, bench.worker, () => undefined);
    expect(ownerOf(71)).toBe(user);
  });

  test('a worker that remembers nothing finds the same owner', async () => {
    teamsThatOwn();
    takeRoles();
    const forgetful = bench.colleague({ memory: NO_MEMORY });
    for (const id of [71, 72, 71]) await forgetful.deliver(rdv(id));
    expect([ownerOf(71), ownerOf(72)]).toEqual([ORGANISATION_TEAM, ORGANISATION_TEAM]);
    expect(forgetful.putBack).toEqual([]);
  });

  test('a team without roles: the default team, for contacts too', async () => {
    bench.dataverse.rows.insert('team', { teamid: ORGANISATION_TEAM, name: 'Équipe-Test', teamtype: 0 });
    insertOwnerTeam(bench.dataverse.rows, { teamid: DEFAULT_TEAM });
    await bench.deliver(rdv(71));
    expect([ownerOf(71), ...contactOwners()]).toEqual([user, DEFAULT_TEAM]);
  });

  test('nobody can: the connector itself', async () => {
    for (const teamid of [ORGANISATION_TEAM, DEFAULT_TEAM])
      bench.dataverse.rows.insert('team', { teamid, name: 'Équipe-Test', teamtype: 0 });
    takeRoles();
    await bench.deliver(rdv(71));
    expect([ownerOf(71), ...contactOwners()]).toEqual([connector(), connector()]);
    expect(bench.putBack).toEqual([]);
  });
});

test('a team whose role reads something else: the agent who was suspected first owns the next RDV', async () => {
  const { rows } = bench.dataverse;
  rows.insert('team', { teamid: ORGANISATION_TEAM, name: 'Équipe-Test', teamtype: 0 });
  rows.insert('teamroles', { teamid: ORGANISATION_TEAM, roleid: rows.insert('role', { name: 'Vide' }) });
  insertOwnerTeam(rows, { teamid: DEFAULT_TEAM });
  await bench.deliver(rdv(71));
  expect([ownerOf(71), ...contactOwners()]).toEqual([DEFAULT_TEAM, DEFAULT_TEAM]);
  expect(await bench.requestsOf(() => bench.deliver(rdv(72)))).toBe(2);
  expect(ownerOf(72)).toBe(user);
});

test('an access team: the default team', async () => {
  bench.dataverse.rows.insert('team', { teamid: ORGANISATION_TEAM, name: 'Équipe-Test', teamtype: 1 });
  insertOwnerTeam(bench.dataverse.rows, { teamid: DEFAULT_TEAM });
  await bench.deliver(rdv(71));
  expect([ownerOf(71), ...contactOwners()]).toEqual([user, DEFAULT_TEAM]);
  expect(refusals()).toMatchObject([{ table: 'team', owner: ORGANISATION_TEAM, code: '0x80048340' }]);
});

test('an agent who was disabled a moment ago: the team', async () => {
  teamsThatOwn();
  await bench.deliver(rdv(71));
  expect(ownerOf(71)).toBe(user);
  bench.dataverse.rows.update('systemuser', user, { isdisabled: true });
  await bench.deliver(rdv(72));
  expect(ownerOf(72)).toBe(ORGANISATION_TEAM);
  expect(bench.putBack).toEqual([]);
});

test('a privilege that the connector itself lacks is no refusal of an owner', async () => {
  teamsThatOwn();
  const { rows } = bench.dataverse;
  const privilege = rows.list('privilege').find(({ name }) => name === 'prvAssignActivity')?.['privilegeid'];
  for (const { privilegeid, roleprivilegeid } of rows.list('roleprivileges'))
    if (privilegeid === privilege) rows.remove('roleprivileges', String(roleprivilegeid));
  await bench.deliver(rdv(71));
  expect(refusals()).toEqual([]);
  expect(bench.putBack).toHaveLength(1);
  expect(bench.events).toContainEqual(expect.objectContaining({ missing: 'prvAssignActivity' }));
});

describe('a plage', () => {
  const plage = () => body('PlageOuverture', makePlageOuverture({ agent }));
  const owners = () => new Set(bench.dataverse.rows.list('appointment').map((row) => row['_ownerid_value']));

  test('of an agent who may not read appointments belongs to the team', async () => {
    teamsThatOwn();
    takeRoles();
    await bench.deliver(plage());
    expect(owners()).toEqual(new Set([ORGANISATION_TEAM]));
    expect(bench.putBack).toEqual([]);
  });

  test('goes on in its next weeks when its agent may no longer read appointments', async () => {
    teamsThatOwn();
    await bench.deliver(plage());
    expect(owners()).toEqual(new Set([user]));
    takeRoles();
    bench.setClock('2027-01-14T03:00:00Z');
    await moveCalendars(bench.worker, (level, event, fields) => void bench.events.push({ level, event, ...fields }));
    expect(bench.events.findLast(({ event }) => event === 'calendars.moved')).toMatchObject({ moved: 1, failed: 0 });
    expect(owners()).toEqual(new Set([DEFAULT_TEAM]));
  });
});
