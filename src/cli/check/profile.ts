// Checks that the columns in which links remember people are secured, and that the connector can read them.

import type { Current } from '../../provision/current.ts';
import { isSecured } from '../../provision/plan-profile.ts';
import { memoryProfile, nameOf, securedColumns } from '../../schema/memory-profile.ts';
import type { Text } from '../text.ts';
import { type Finding, type Flaw, PROVISION, verdict } from './finding.ts';

const SUBJECT: Text = { en: 'column security', fr: 'sécurité de colonne' };
const REMEDY: Text = {
  en: `${PROVISION.en}, with \`--application-user\` and the client id of the managed identity`,
  fr: `${PROVISION.fr}, avec \`--application-user\` et l’identifiant client de l’identité managée`,
};

/** Other checks already report a missing table or an unknown user. */
export function checkProfile(current: Current): readonly Finding[] {
  if (current.solution === undefined) return [];
  const { profile, applicationUser: user } = current.security;
  const columns = securedColumns.filter(({ table, column }) => current.tables.get(table)?.columns.has(column));
  const unsecured = columns.filter((column) => !isSecured({ current }, column)).map(nameOf);
  const denied = columns.filter((column) => profile?.permissions.get(nameOf(column))?.whole !== true).map(nameOf);
  const flaws: Flaw[] = [];
  const flaw = (message: Text) => flaws.push({ message, remedy: REMEDY });
  const { name } = memoryProfile;
  if (unsecured.length > 0) {
    flaw({
      en: `${unsecured.join(', ')} can be read by everybody who reads links`,
      fr: `${unsecured.join(', ')} : lisible par tous ceux qui lisent les liens`,
    });
  }
  if (profile === undefined) flaw({ en: `the profile ${name} is missing`, fr: `le profil ${name} manque` });
  else {
    if (denied.length > 0) {
      flaw({
        en: `the profile ${name} does not allow all on ${denied.join(', ')}`,
        fr: `le profil ${name} ne permet pas tout sur ${denied.join(', ')}`,
      });
    }
    if (user !== undefined && !profile.members.has(user.id)) {
      flaw({
        en: `the application user has not got the profile ${name}: nothing can be applied`,
        fr: `l’utilisateur d’application n’a pas le profil ${name} : rien ne peut être appliqué`,
      });
    }
  }
  const good = {
    en: 'what links remember is read by the connector and administrators alone',
    fr: 'ce que retiennent les liens n’est lu que par le connecteur et les administrateurs',
  };
  return verdict(SUBJECT, good, flaws);
}
