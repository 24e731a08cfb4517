// Checks that agents who are users of Dynamics can own appointments, and what comes with them: otherwise the team does.

import * as z from 'zod';
import { isIn } from '../../dataverse/filters.ts';
import type { Current } from '../../provision/current.ts';
import { readRolePrivileges } from '../../provision/current-security.ts';
import { listOf, type Read } from '../../provision/read.ts';
import { chunks } from '../../sync/model/chunks.ts';
import type { Text } from '../text.ts';
import { type Finding, type Flaw, ok, skipped, warning } from './finding.ts';
import { cannotRead, lacking } from './lecture.ts';

/** How many recent appointments are read to find the agents, instead of a whole table. */
const LATEST = 1_000;
/** Names or ids in one filter: they are long once encoded, and an address has its limit. */
const CHUNK = 50;
/** What an owner must be able to do (Microsoft Learn, "Assign or share rows": the assignee needs read access). */
const OWNER_NEEDS = 'prvReadActivity';
/** Ids that fit a line; an administrator opens them in the address of a user. */
const SHOWN = 10;

const SUBJECT = 'agents';

/**
 * Looks at the enabled users who own the latest appointments of the connector, or who have the name of one of their
 * agents: an appointment keeps only the names of its agents.
 *
 * @throws DataverseError or HTTP errors, when something may not be read
 */
export async function checkAgents(read: Read, current: Current): Promise<readonly Finding[]> {
  const privilege = current.security.privileges.get(OWNER_NEEDS);
  if (privilege === undefined || current.tables.get('appointment')?.columns.has('rdvs_agent') !== true) {
    return [
      skipped(SUBJECT, {
        message: { en: 'no appointments of the connector yet', fr: 'pas encore de rendez-vous du connecteur' },
        remedy: { en: 'check again after `provision`', fr: 'vérifiez de nouveau après `provision`' },
      }),
    ];
  }
  const users = await readUsers(read, await readLatest(read));
  const roles = new Map<string, readonly string[]>();
  for (const id of new Set(users.flatMap((user) => user.roles))) {
    roles.set(
      id,
      (await readRolePrivileges(read, id)).map((one) => one.id),
    );
  }
  const holders = users.map(({ id, roles: own }) => ({
    id,
    held: new Set(own.flatMap((role) => roles.get(role) ?? [])),
  }));
  const blind = holders.filter(({ held }) => !held.has(privilege));
  const halfBlind = holders
    .filter(({ held }) => held.has(privilege))
    .map(({ id, held }) => ({ id, names: lacking(current, held) }))
    .filter(({ names }) => names.length > 0);
  if (blind.length + halfBlind.length === 0) {
    return [
      ok(SUBJECT, {
        en: 'those who are users of Dynamics can read appointments, participations, referents and motifs',
        fr: 'ceux qui sont utilisateurs de Dynamics peuvent lire rendez-vous, participations, référents et motifs',
      }),
    ];
  }
  return [
    ...(blind.length === 0 ? [] : [warning(SUBJECT, cannotOwn(called(blind)))]),
    ...(halfBlind.length === 0
      ? []
      : [warning(SUBJECT, cannotRead(called(halfBlind), [...new Set(halfBlind.flatMap(({ names }) => names))]))]),
  ];
}

/** How many, and the ids of the first: a plural that a sentence begins with. */
function called(users: readonly { readonly id: string }[]): Text {
  const more = users.length > SHOWN ? `, … (+ ${users.length - SHOWN})` : '';
  const ids = `${users
    .slice(0, SHOWN)
    .map(({ id }) => id)
    .join(', ')}${more}`;
  return {
    en: `${users.length} users who own RDV, or are called as one of their agents (${ids}),`,
    fr: `${users.length} utilisateurs qui possèdent des RDV, ou portent le nom d’un de leurs agents (${ids}),`,
  };
}

const cannotOwn = (owners: Text): Flaw => ({
  message: { en: `${owners.en} lack ${OWNER_NEEDS}`, fr: `${owners.fr} n’ont pas ${OWNER_NEEDS}` },
  remedy: {
    en: 'give them a security role that reads activities, such as Basic User; until then the team owns their RDV',
    fr: 'donnez-leur un rôle de sécurité qui lit les activités, comme Utilisateur de base ; d’ici là, l’équipe possède leurs RDV',
  },
});

interface Latest {
  readonly owners: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
}

async function readLatest(read: Read): Promise<Latest> {
  const appointment = { _ownerid_value: z.string().nullish(), rdvs_agent: z.string().nullish() };
  const { value } = await read(listOf(appointment), (api, signal) =>
    api.retrieveMultiple({
      collection: 'appointments',
      select: ['_ownerid_value', 'rdvs_agent'],
      filter: 'rdvs_agent ne null',
      orderBy: ['createdon desc'],
      top: LATEST,
      signal,
    }),
  );
  return {
    owners: new Set(value.flatMap((row) => row._ownerid_value ?? [])),
    names: new Set(value.flatMap((row) => row.rdvs_agent?.split(', ') ?? [])),
  };
}

interface User {
  readonly id: string;
  /** Ids of the user's own roles and of the roles of the user's teams. */
  readonly roles: readonly string[];
}

const user = {
  systemuserid: z.string(),
  systemuserroles_association: z.array(z.object({ roleid: z.string() })),
  teammembership_association: z.array(z.object({ teamid: z.string() })),
};

async function readUsers(read: Read, { owners, names }: Latest): Promise<readonly User[]> {
  const filters = [
    ...chunks([...owners], CHUNK).map((ids) => isIn('systemuserid', ids)),
    // A value in single quotes cannot hold an apostrophe (Microsoft Learn, "Filter rows", "Manage single quotes").
    ...chunks([...names], CHUNK).map((texts) => isIn('fullname', texts)),
  ];
  const found = new Map<string, z.infer<z.ZodObject<typeof user>>>();
  for (const filter of filters) {
    const { value } = await read(listOf(user), (api, signal) =>
      api.retrieveMultiple({
        collection: 'systemusers',
        select: ['systemuserid'],
        expand: [
          { property: 'systemuserroles_association', select: ['roleid'] },
          { property: 'teammembership_association', select: ['teamid'] },
        ],
        filter: `isdisabled eq false and applicationid eq null and ${filter}`,
        signal,
      }),
    );
    for (const row of value) found.set(row.systemuserid, row);
  }
  const teams = [...found.values()].flatMap((row) => row.teammembership_association.map(({ teamid }) => teamid));
  const ofTeams = await readTeamRoles(read, [...new Set(teams)]);
  return [...found.values()].map((row) => ({
    id: row.systemuserid,
    roles: [
      ...row.systemuserroles_association.map(({ roleid }) => roleid),
      ...row.teammembership_association.flatMap(({ teamid }) => ofTeams.get(teamid) ?? []),
    ],
  }));
}

async function readTeamRoles(read: Read, teams: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const team = { teamid: z.string(), teamroles_association: z.array(z.object({ roleid: z.string() })) };
  const found = new Map<string, readonly string[]>();
  for (const ids of chunks(teams, CHUNK)) {
    const { value } = await read(listOf(team), (api, signal) =>
      api.retrieveMultiple({
        collection: 'teams',
        select: ['teamid'],
        expand: [{ property: 'teamroles_association', select: ['roleid'] }],
        filter: isIn('teamid', ids),
        signal,
      }),
    );
    for (const row of value)
      found.set(
        row.teamid,
        row.teamroles_association.map(({ roleid }) => roleid),
      );
  }
  return found;
}
