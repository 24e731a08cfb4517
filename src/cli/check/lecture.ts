// Whether those who own RDV may read what comes with them: the rows that “Lecture” lets people read.

import type { Current } from '../../provision/current.ts';
import type { Privilege } from '../../provision/privileges.ts';
import { readerRole } from '../../provision/roles.ts';
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
export const cannotRead = (owners: string, names: readonly Privilege[]): Flaw => ({
  message: `${owners} lack ${names.join(', ')}`,
  remedy: `give them ${readerRole.name}; until then their participations and referents go to DEFAULT_OWNER_TEAM or to the connector`,
});
