// Whom Dataverse refuses as an owner: the first night hands over, and no later night finds a difference.
import { expect, onTestFinished, test, vi } from 'vitest';
import { insertOwnerTeam } from '../dataverse/owner-team.ts';
import { openNightDesk } from './night-desk.ts';

vi.setConfig({ testTimeout: 120_000 });
const SIZE = { organisations: 2, agents: 2, usagers: 10, rdvs: 6 };
const REFUSED_TEAM = '00000000-0000-4000-9000-0000000000a7';
const DEFAULT_TEAM = '00000000-0000-4000-9000-0000000000aa';

async function open(settings: Record<string, string>) {
  const desk = await openNightDesk({ size: SIZE, settings: { DEFAULT_OWNER_TEAM: DEFAULT_TEAM, ...settings } });
  onTestFinished(() => desk.stop());
  insertOwnerTeam(desk.bench.dataverse.rows, { teamid: DEFAULT_TEAM });
  const owned = (kind: 'rdvs_rdvid' | 'rdvs_calendarentry') =>
    new Set(
      desk.bench.dataverse.rows
        .list('appointment')
        .flatMap((row) => (row[kind] == null ? [] : [row['_ownerid_value']])),
    );
  return { desk, owned };
}

test('agents who may own nothing: their absences go to the team, once', async () => {
  const { desk, owned } = await open({});
  const { rows } = desk.bench.dataverse;
  for (const { email } of desk.standIn.store.agents.values())
    rows.insert('systemuser', { lastname: 'Agent-Test', internalemailaddress: email });
  for (const { systemuserid, systemuserroleid } of rows.list('systemuserroles')) {
    const user = rows.list('systemuser').find((row) => row['systemuserid'] === systemuserid);
    if (user?.['lastname'] === 'Agent-Test') rows.remove('systemuserroles', String(systemuserroleid));
  }
  await desk.night();
  expect(owned('rdvs_calendarentry')).toEqual(new Set([DEFAULT_TEAM]));
  expect((await desk.night()).counts).toMatchObject({ healed: 0 });
});

test('a team of OWNER_TEAMS that may own nothing: RDV and absences go to the default team, once', async () => {
  const teams = Object.fromEntries(Array.from({ length: 200 }, (_, id) => [String(id + 1), REFUSED_TEAM]));
  const { desk, owned } = await open({ OWNER_TEAMS: JSON.stringify(teams) });
  desk.bench.dataverse.rows.insert('team', { teamid: REFUSED_TEAM, name: 'Équipe-Test', teamtype: 0 });
  await desk.night();
  expect(desk.bench.events).toContainEqual(
    expect.objectContaining({ event: 'dataverse.owner-refused', table: 'team' }),
  );
  expect([owned('rdvs_rdvid'), owned('rdvs_calendarentry')]).toEqual([
    new Set([DEFAULT_TEAM]),
    new Set([DEFAULT_TEAM]),
  ]);
  expect((await desk.night()).counts).toMatchObject({ healed: 0 });
});
