// The column security profile of the connector, as an environment has it.

import * as z from 'zod';
import { memoryProfile } from '../schema/memory-profile.ts';
import { listOf, type Read } from './read.ts';

/** Microsoft Learn, FieldPermission reference: 0 not allowed, 4 allowed. */
const ALLOWED = 4;

export interface CurrentPermission {
  id: string;
  /** Whether it allows to read, create and update. */
  whole: boolean;
}

export interface CurrentProfile {
  /** By table and column, `rdvs_link.rdvs_applied`. */
  permissions: ReadonlyMap<string, CurrentPermission>;
  /** Ids of the users who have it. */
  members: ReadonlySet<string>;
}

const PERMISSIONS = 'lk_fieldpermission_fieldsecurityprofileid';

const profile = {
  systemuserprofiles_association: z.array(z.object({ systemuserid: z.string() })),
  [PERMISSIONS]: z.array(
    z.object({
      fieldpermissionid: z.string(),
      entityname: z.string(),
      attributelogicalname: z.string(),
      canread: z.number(),
      cancreate: z.number(),
      canupdate: z.number(),
    }),
  ),
};

/** The profile, or undefined when it does not exist. */
export async function readProfile(read: Read): Promise<CurrentProfile | undefined> {
  const { value } = await read(listOf(profile), (api, signal) =>
    api.retrieveMultiple({
      collection: 'fieldsecurityprofiles',
      select: ['fieldsecurityprofileid'],
      filter: `fieldsecurityprofileid eq ${memoryProfile.id}`,
      expand: [
        { property: 'systemuserprofiles_association', select: ['systemuserid'] },
        {
          property: PERMISSIONS,
          select: ['fieldpermissionid', 'entityname', 'attributelogicalname', 'canread', 'cancreate', 'canupdate'],
        },
      ],
      signal,
    }),
  );
  const [found] = value;
  if (found === undefined) return undefined;
  return {
    members: new Set(found.systemuserprofiles_association.map(({ systemuserid }) => systemuserid)),
    permissions: new Map(
      found[PERMISSIONS].map((one) => [
        `${one.entityname}.${one.attributelogicalname}`,
        {
          id: one.fieldpermissionid,
          whole: [one.canread, one.cancreate, one.canupdate].every((value) => value === ALLOWED),
        },
      ]),
    ),
  };
}
