// Tells those who follow the connector of new incidents, inside Dynamics.
// Microsoft Learn, "Send in-app notifications within model-driven apps": one row a recipient, never a team.
import * as z from 'zod';
import type { Calls } from '../dataverse/calls.ts';
import { quoted } from '../dataverse/filters.ts';
import { followerRole } from '../provision/roles.ts';
import { tables } from '../schema/tables.ts';
import { toInstant } from './incident-rows.ts';
import { forEachOf, type Run } from './incident-run.ts';

const TITLE = 'RDV-Solidarités : incidents à régler';
const { entitySet: notifications } = tables.appnotification;

/** At most one notification in this time, in ms, however many incidents come: it leads to the list of all. */
const EVERY_MS = 3_600_000;
const MOST_PEOPLE = 50;
const DAY_S = 86_400;

/** Microsoft Learn, same page: icon Warning, toast Timed; the action opens the list of incidents. */
const NOTIFICATION = {
  title: TITLE,
  body: 'Des notifications de RDV-Solidarités attendent votre choix.',
  icontype: 100_000_003,
  toasttype: 200_000_000,
  ttlinseconds: DAY_S,
  data: JSON.stringify({
    actions: [{ title: 'Voir les incidents', data: { url: '?pagetype=entitylist&etn=rdvs_incident' } }],
  }),
};

/**
 * Sends the notification, once an hour at most, to at most fifty people. One who cannot be notified keeps back no other.
 *
 * @throws DataverseError when nobody can be asked for
 */
export async function notifyFollowers(run: Pick<Run, 'calls' | 'counts' | 'now' | 'log'>): Promise<void> {
  const { calls, now } = run;
  if (await isRecent(calls, now() - EVERY_MS)) return;
  const people = await followers(calls);
  await forEachOf(run, people.slice(0, MOST_PEOPLE), (id) =>
    calls.run((api) =>
      api.create({ collection: notifications, data: { ...NOTIFICATION, 'ownerid@odata.bind': `/systemusers(${id})` } }),
    ),
  );
}

const rows = z.object({ value: z.array(z.unknown()) });

async function isRecent(calls: Calls, since: number): Promise<boolean> {
  const filter = `title eq ${quoted(TITLE)} and createdon gt ${toInstant(since)}`;
  const request = { collection: notifications, select: ['appnotificationid'], filter, top: 1 };
  return rows.parse(await calls.run((api) => api.retrieveMultiple(request))).value.length > 0;
}

const userId = z.object({ systemuserid: z.string() });
const users = z.object({ value: z.array(userId) });
const teams = z.object({ value: z.array(z.object({ teammembership_association: z.array(userId) })) });

/** The enabled users who have the role, in whichever business unit, by themselves or by a team: one request. */
async function followers(calls: Calls): Promise<readonly string[]> {
  const role = (association: string) => `${association}/any(role:role/name eq ${quoted(followerRole.name)})`;
  const select = ['systemuserid'];
  const enabled = 'isdisabled eq false';
  const members = { property: 'teammembership_association', select, filter: enabled };
  const [direct, byTeam] = await calls.send([
    (api) =>
      api.retrieveMultiple({
        collection: tables.systemuser.entitySet,
        select,
        filter: `${enabled} and ${role('systemuserroles_association')}`,
      }),
    (api) =>
      api.retrieveMultiple({
        collection: tables.team.entitySet,
        select: ['teamid'],
        filter: role('teamroles_association'),
        expand: [members],
      }),
  ]);
  const inTeams = teams.parse(byTeam).value.flatMap(({ teammembership_association }) => teammembership_association);
  return [...new Set([...users.parse(direct).value, ...inTeams].map(({ systemuserid }) => systemuserid))];
}
