// Rows shared with users and teams. Microsoft Learn, "Share and assign rows", GrantAccess and RevokeAccess actions,
// PrincipalObjectAccess table reference.

import type { Organization } from '../organization.ts';
import { stableId } from '../schema/load.ts';
import type { Ref } from '../store/row.ts';
import { ACCESS_RIGHT, type Right } from './privileges.ts';

export interface Share {
  readonly row: Ref;
  readonly principal: Ref;
  /** Sum of `AccessRights`. */
  readonly mask: number;
}

const keyOf = ({ row, principal }: Pick<Share, 'row' | 'principal'>) =>
  stableId(`share ${row.table} ${row.id} ${principal.id}`);

/** Adds rights to those that the principal has on the row already. */
export function grantShare({ store }: Organization, { row, principal, mask }: Share): void {
  const id = keyOf({ row, principal });
  const before = Number(store.get('principalobjectaccess', id)?.values['accessrightsmask'] ?? 0);
  store.put('principalobjectaccess', id, {
    principalobjectaccessid: id,
    objectid: row.id,
    objecttypecode: row.table,
    principalid: principal.id,
    principaltypecode: principal.table,
    accessrightsmask: before | mask,
  });
}

export function revokeShare({ store }: Organization, share: Pick<Share, 'row' | 'principal'>): void {
  const id = keyOf(share);
  if (store.get('principalobjectaccess', id) !== undefined) store.remove('principalobjectaccess', id);
}

/** The shares of a row. */
export function sharesOf({ store }: Organization, row: Ref): Share[] {
  return [...store.rows('principalobjectaccess')]
    .filter(({ values }) => values['objectid'] === row.id && values['objecttypecode'] === row.table)
    .map(({ values }) => ({
      row,
      principal: { table: String(values['principaltypecode']), id: String(values['principalid']) },
      mask: Number(values['accessrightsmask']),
    }));
}

export function isShared(
  { store }: Organization,
  { row, right, principals }: { row: Ref; right: Right; principals: readonly Ref[] },
): boolean {
  return principals.some((principal) => {
    const mask = Number(store.get('principalobjectaccess', keyOf({ row, principal }))?.values['accessrightsmask'] ?? 0);
    return (mask & ACCESS_RIGHT[right]) !== 0;
  });
}
