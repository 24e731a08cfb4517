// A backfill that loses a right on the way.
import { expect, onTestFinished, test } from 'vitest';
import { READER } from '../../local/rdv-solidarites/sender/start-sender.ts';
import { openDesk } from './backfill-desk.ts';

test('an organisation whose role is lost meanwhile is not believed, and is read when the role is back', async () => {
  const desk = await openDesk({ size: { organisations: 2, agents: 2, usagers: 450, rdvs: 40 }, disorder: 'steady' });
  onTestFinished(desk.stop);
  const [, second = 0] = [...desk.standIn.store.organisations.values()].map(({ id }) => id);
  const role = [...desk.standIn.store.roles.values()].find(
    ({ organisation_id, agent_id }) => organisation_id === second && agent_id === READER,
  );
  const reading = desk.connector(['backfill', '--yes']);
  const path = `/organisations/${second}/users?page=1`;
  const isBegun = () => desk.standIn.requests.records.filter((one) => one.path.includes(path)).length > 1;
  await expect.poll(isBegun, { timeout: 60_000, interval: 5 }).toBe(true);
  desk.standIn.store.roles.remove(role?.id ?? 0);
  const lost = await reading;
  expect(lost).toMatchObject({
    code: 1,
    text: expect.stringContaining(`organisation ${second}: the account lost its role`),
  });
  const of = new Set(
    desk.standIn.store.profiles.where('organisation_id', second).map(({ user_id }) => `profile-${user_id}-${second}`),
  );
  const profiles = desk.pipeline.dataverse.rows.list('rdvs_link').map((row) => `${row['rdvs_name']}`);
  expect(
    profiles.filter((name) => name.startsWith('profile-') && name.endsWith(`-${second}`) && !of.has(name)),
  ).toEqual([]);
  if (role !== undefined) desk.standIn.store.roles.put(role);
  expect(await desk.connector(['backfill'])).toMatchObject({ code: 0 });
  expect(desk.missing()).toEqual([]);
}, 120_000);
