// Whether those who own RDV may read what comes with them: the rows that “Lecture” lets people read.

import type { Current } from '../../provision/current.ts';
import type { Privilege } from '../../provision/privileges.ts';
import { readerRole } from '../../provision/roles.ts';
import type { Text } from '../text.ts';
import type { Flaw } from './finding.ts';

const OF_LECTURE: readonly Privilege[] = ['prvReadrdvs_participation', 'prvReadrdvs_referent', 'prvReadrdvs_motif'];

/**
 * Those that an owner lacks. One that the environment does not have belongs to a missing table, which another check reports.
 *
 * @param held ids of the privileges of an owner
 */
export function lacking({ security }: Pick<Current, 'security'>, held: ReadonlySet<string>): readonly Privilege[] {
  return OF_LECTURE.filter((name) => {
    const id = security.privileges.get(name);
    return id !== undefined && !held.has(id);
  });
}

/** @param owners a plural that the sentence begins with */
export const cannotRead = (owners: Text, names: readonly Privilege[]): Flaw => ({
  message: { en: `${owners.en} lack ${names.join(', ')}`, fr: `${owners.fr} n’ont pas ${names.join(', ')}` },
  remedy: {
    en: `give them ${readerRole.name}; until then their participations and referents go to DEFAULT_OWNER_TEAM or to the connector`,
    fr: `donnez-leur ${readerRole.name} ; d’ici là, leurs participations et référents vont à DEFAULT_OWNER_TEAM ou au connecteur`,
  },
});
