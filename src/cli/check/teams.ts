// Checks the teams that are to own contacts and appointments.

import * as z from 'zod';
import { isIn } from '../../dataverse/filters.ts';
import type { Current } from '../../provision/current.ts';
import { readRolePrivileges } from '../../provision/current-security.ts';
import { listOf, type Read } from '../../provision/read.ts';
import type { Policy } from '../../sync/model/policy.ts';
import { type Finding, type Flaw, ok, verdict, warning } from './finding.ts';
import { cannotRead, lacking } from './lecture.ts';

/** An access team owns nothing (Microsoft Learn, "Team table/entity reference", TeamType). */
const ACCESS_TEAM = 1;

/** What an owner must be able to read (Microsoft Learn, "Assign or share rows": the assignee needs read access). */
const OWNER_NEEDS = ['prvReadContact', 'prvReadActivity'] as const;

const SUBJECT = { en: 'owner teams', fr: 'équipes propriétaires' };

const team = {
  teamid: z.string(),
  teamtype: z.int(),
  teamroles_association: z.array(z.object({ roleid: z.string() })),
};

export async function checkTeams(read: Read, current: Current, policy: Policy): Promise<readonly Finding[]> {
  const { ownerTeams, defaultOwnerTeam } = policy;
  const ids = [...new Set([...ownerTeams.values(), ...(defaultOwnerTeam === undefined ? [] : [defaultOwnerTeam])])];
  if (ids.length === 0) {
    const good = {
      en: 'none is set: new rows belong to the agent or to the connector',
      fr: 'aucune n’est réglée : les nouvelles lignes appartiennent à l’agent ou au connecteur',
    };
    return [ok(SUBJECT, good)];
  }
  const { value } = await read(listOf(team), (api, signal) =>
    api.retrieveMultiple({
      collection: 'teams',
      select: ['teamid', 'teamtype'],
      expand: [{ property: 'teamroles_association', select: ['roleid'] }],
      filter: isIn('teamid', ids),
      signal,
    }),
  );
  const flaws: Flaw[] = [];
  const halfBlind: Finding[] = [];
  for (const id of ids) {
    const found = value.find(({ teamid }) => teamid.toLowerCase() === id);
    const roleIds = found?.teamroles_association.map(({ roleid }) => roleid) ?? [];
    const held = await Promise.all(roleIds.map((roleId) => readRolePrivileges(read, roleId)));
    const names = new Set(held.flat().map((privilege) => privilege.id));
    const missing = OWNER_NEEDS.filter((name) => !names.has(current.security.privileges.get(name) ?? name));
    const flaw = flawOf(id, found?.teamtype, missing);
    if (flaw !== undefined) flaws.push(flaw);
    const lacks = lacking(current, names);
    if (flaw === undefined && lacks.length > 0) {
      halfBlind.push(
        warning(SUBJECT, cannotRead({ en: `members of team ${id}`, fr: `les membres de l’équipe ${id}` }, lacks)),
      );
    }
  }
  const good = {
    en: `${ids.length} that may own contacts and appointments`,
    fr: `${ids.length} qui peuvent posséder contacts et rendez-vous`,
  };
  return [...verdict(SUBJECT, good, flaws), ...halfBlind];
}

function flawOf(id: string, type: number | undefined, missing: readonly string[]): Flaw | undefined {
  if (type === undefined) {
    return {
      message: { en: `no team ${id}`, fr: `aucune équipe ${id}` },
      remedy: {
        en: 'correct OWNER_TEAMS or DEFAULT_OWNER_TEAM: the id is in the address of the team',
        fr: 'corrigez OWNER_TEAMS ou DEFAULT_OWNER_TEAM : l’identifiant est dans l’adresse de l’équipe',
      },
    };
  }
  if (type === ACCESS_TEAM) {
    return {
      message: {
        en: `team ${id} is an access team, which cannot own rows`,
        fr: `l’équipe ${id} est une équipe d’accès, qui ne peut rien posséder`,
      },
      remedy: { en: 'name an owner team instead', fr: 'nommez plutôt une équipe propriétaire' },
    };
  }
  if (missing.length === 0) return undefined;
  return {
    message: {
      en: `team ${id} lacks ${missing.join(' and ')}: rows cannot be given to it`,
      fr: `l’équipe ${id} n’a pas ${missing.join(' ni ')} : rien ne peut lui être confié`,
    },
    remedy: {
      en: 'give the team a security role that reads contacts and activities',
      fr: 'donnez à l’équipe un rôle de sécurité qui lit les contacts et les activités',
    },
  };
}
