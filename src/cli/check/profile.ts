// Checks that the columns in which links remember people are secured, and that the connector can read them.

import type { Current } from '../../provision/current.ts';
import { isSecured } from '../../provision/plan-profile.ts';
import { memoryProfile, nameOf, securedColumns } from '../../schema/memory-profile.ts';
import { type Finding, type Flaw, PROVISION, verdict } from './finding.ts';

const SUBJECT = 'column security';
const REMEDY = `${PROVISION}, with \`--application-user\` and the client id of the managed identity`;

/** Other checks already report a missing table or an unknown user. */
export function checkProfile(current: Current): readonly Finding[] {
  if (current.solution === undefined) return [];
  const { profile, applicationUser: user } = current.security;
  const columns = securedColumns.filter(({ table, column }) => current.tables.get(table)?.columns.has(column));
  const unsecured = columns.filter((column) => !isSecured({ current }, column)).map(nameOf);
  const denied = columns.filter((column) => profile?.permissions.get(nameOf(column))?.whole !== true).map(nameOf);
  const flaws: Flaw[] = [];
  const flaw = (message: string) => flaws.push({ message, remedy: REMEDY });
  if (unsecured.length > 0) flaw(`${unsecured.join(', ')} can be read by everybody who reads links`);
  if (profile === undefined) flaw(`the profile ${memoryProfile.name} is missing`);
  else {
    if (denied.length > 0) flaw(`the profile ${memoryProfile.name} does not allow all on ${denied.join(', ')}`);
    if (user !== undefined && !profile.members.has(user.id)) {
      flaw(`the application user has not got the profile ${memoryProfile.name}: nothing can be applied`);
    }
  }
  return verdict(SUBJECT, 'what links remember is read by the connector and administrators alone', flaws);
}
