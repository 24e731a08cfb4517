// Checks the roles, and the user that the connector signs in as.

import type { Current } from '../../provision/current.ts';
import { planApplicationUser } from '../../provision/plan-security.ts';
import { type Privilege, uses } from '../../provision/privileges.ts';
import { connectorRole, mergerRole, type Role, readerRole, roles } from '../../provision/roles.ts';
import type { Planner } from '../../provision/step.ts';
import { schema } from '../../schema/schema.ts';
import type { Text } from '../text.ts';
import { type Finding, type Flaw, MISSING, PROVISION, skipped, verdict, warning } from './finding.ts';

export function checkRoles(current: Current): readonly Finding[] {
  return roles.flatMap((role) => {
    const flaws = [...roleFlaws(current, role), ...(role === readerRole ? readerFlaws(current) : [])];
    return verdict(
      { en: `role ${role.name}`, fr: `rôle ${role.name}` },
      { en: 'has its privileges', fr: 'a ses privilèges' },
      flaws,
    );
  });
}

const EVERYWHERE = { en: 'the whole organization', fr: 'toute l’organisation' };
const OWN_ROWS = { en: 'the rows of its holders', fr: 'les lignes de ceux qui l’ont' };

/** A privilege that does not exist belongs to a missing table, and another check reports that table. */
function roleFlaws({ security }: Current, role: Role): readonly Flaw[] {
  const found = security.roles.get(role.id);
  if (found === undefined) return [{ message: MISSING, remedy: PROVISION }];
  const lacking = (names: readonly Privilege[], held: ReadonlySet<string>, where: Text) =>
    names.flatMap((name): Flaw[] => {
      const id = security.privileges.get(name);
      if (id === undefined || held.has(id)) return [];
      const message = {
        en: `lacks ${name} for ${where.en}; it serves for: ${uses(name)}`,
        fr: `n’a pas ${name} pour ${where.fr} ; il sert à : ${uses(name)}`,
      };
      return [{ message, remedy: PROVISION }];
    });
  return [
    ...lacking([...role.privileges, ...role.optionalPrivileges], found.privileges, EVERYWHERE),
    ...lacking(role.ownRowsPrivileges ?? [], found.held, OWN_ROWS),
  ];
}

/** Provisioning takes no privilege away: earlier versions of this role could write links. */
function readerFlaws({ security }: Current): readonly Flaw[] {
  const held = security.roles.get(readerRole.id)?.privileges;
  return (['prvWriterdvs_link', 'prvCreaterdvs_link'] as const).flatMap((name) => {
    const id = security.privileges.get(name);
    if (id === undefined || held?.has(id) !== true) return [];
    const message = {
      en: `holds ${name}: with a forged link anybody leads the connector to another person's contact`,
      fr: `a ${name} : avec un faux lien, n’importe qui mène le connecteur au contact d’une autre personne`,
    };
    const remedy = {
      en: `take it from the role; who merges contacts gets ${mergerRole.name}`,
      fr: `retirez-le du rôle ; qui fusionne des contacts reçoit ${mergerRole.name}`,
    };
    return [{ message, remedy }];
  });
}

const ADMINISTRATOR = 'System Administrator';

export function checkApplicationUser(current: Current, applicationId: string | undefined): readonly Finding[] {
  const subject = { en: 'application user', fr: 'utilisateur d’application' };
  if (applicationId === undefined) {
    return [
      skipped(subject, {
        message: { en: 'unknown here, so not checked', fr: 'inconnu ici, donc non vérifié' },
        remedy: {
          en: 'set AZURE_CLIENT_ID, or give --application-user, the client id of the managed identity',
          fr: 'renseignez AZURE_CLIENT_ID, ou --application-user, l’identifiant client de l’identité managée',
        },
      }),
    ];
  }
  const planner: Planner = { current, schema, conflicts: [], applicationId };
  const provision = {
    en: `${PROVISION.en}, with \`--application-user ${applicationId}\``,
    fr: `${PROVISION.fr}, avec \`--application-user ${applicationId}\``,
  };
  const steps = planApplicationUser(planner);
  const flaws = [
    ...planner.conflicts.map((message) => ({
      message,
      remedy: {
        en: 'activate it in the Power Platform admin centre (environment, Settings, Application users)',
        fr: 'activez-le dans le centre d’administration Power Platform (environnement, Paramètres, Utilisateurs d’application)',
      },
    })),
    ...steps
      .filter(({ change }) => change !== 'unchanged')
      .map(({ change }) => ({
        message:
          change === 'created'
            ? {
                en: `no user for the client id ${applicationId}`,
                fr: `aucun utilisateur pour l’identifiant client ${applicationId}`,
              }
            : { en: `has not the role ${connectorRole.name}`, fr: `n’a pas le rôle ${connectorRole.name}` },
        remedy: provision,
      })),
  ];
  const good = {
    en: `enabled, with the role ${connectorRole.name}`,
    fr: `activé, avec le rôle ${connectorRole.name}`,
  };
  const found = verdict(subject, good, flaws);
  const mighty = current.security.applicationUser?.roles.some(({ name }) => name === ADMINISTRATOR) === true;
  const excess = {
    message: {
      en: `it is ${ADMINISTRATOR} too, which is more than it needs`,
      fr: `il est aussi ${ADMINISTRATOR}, ce qui est plus qu’il ne lui faut`,
    },
    remedy: {
      en: `take that role from it: ${connectorRole.name} is enough`,
      fr: `retirez-lui ce rôle : ${connectorRole.name} suffit`,
    },
  };
  return mighty ? [...found, warning(subject, excess)] : found;
}
