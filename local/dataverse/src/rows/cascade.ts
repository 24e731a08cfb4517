// What follows from a change of owner or of shares, by the relationships of the row.
// Microsoft Learn, "Configure table relationship cascading behavior": Cascade All, Active, User-Owned, None.

import type { Organization } from '../organization.ts';
import type { CascadeType, Relationship } from '../schema/model.ts';
import { grantShare, revokeShare, type Share, sharesOf } from '../security/shares.ts';
import type { Ref, Row, Values } from '../store/row.ts';
import { isRef } from '../store/row.ts';
import { followCollection } from './row-shape.ts';

const FINISHED: readonly string[] = ['Completed', 'Canceled', 'Inactive'];

/** The rows below one that an action on it reaches, closed ones included. */
export function* below(organization: Organization, row: Row, action: 'Assign' | 'Share' | 'Unshare'): Iterable<Row> {
  for (const relationship of [...organization.schema.pointingTo(row.table)]) {
    const type = relationship.cascade[action];
    if (organization.schema.known(relationship.referencingTable).ownership !== 'UserOwned') continue;
    for (const child of followCollection(organization.store, relationship, row))
      if (isReached(organization, type, { row, child })) yield child;
  }
}

function isReached(organization: Organization, type: CascadeType, { row, child }: { row: Row; child: Row }): boolean {
  switch (type) {
    case 'Cascade':
      return true;
    case 'Active':
      return !FINISHED.includes(stateOf(organization, child));
    case 'UserOwned':
      return idOf(child.values['ownerid']) === idOf(row.values['ownerid']);
    default:
      return false;
  }
}

const idOf = (value: Values[string]) => (isRef(value) ? value.id : undefined);

function stateOf({ schema }: Organization, { table, values }: Row): string {
  const state = schema
    .known(table)
    .columns.get('statecode')
    ?.options?.get(Number(values['statecode'] ?? 0));
  return state?.invariantName ?? '';
}

export function shareWithChildren(organization: Organization, row: Row, share: Omit<Share, 'row'>): void {
  grantShare(organization, { ...share, row: { table: row.table, id: row.id } });
  for (const child of [...below(organization, row, 'Share')]) shareWithChildren(organization, child, share);
}

export function unshareWithChildren(organization: Organization, row: Row, principal: Ref): void {
  revokeShare(organization, { principal, row: { table: row.table, id: row.id } });
  for (const child of [...below(organization, row, 'Unshare')]) unshareWithChildren(organization, child, principal);
}

/** "Security: sharing and assigning": a row put below another is shared as that one is, where Reparent cascades. */
export function inheritShares(organization: Organization, row: Row, written: Values): void {
  const { relationships, ownership } = organization.schema.known(row.table);
  if (ownership !== 'UserOwned') return;
  for (const relationship of relationships) {
    const parent = written[relationship.column];
    if (!isRef(parent) || !inherits(relationship, parent)) continue;
    for (const { principal, mask } of sharesOf(organization, parent))
      grantShare(organization, { principal, mask, row: { table: row.table, id: row.id } });
  }
}

const inherits = ({ cascade, target }: Relationship, { table }: Ref) =>
  cascade.Reparent !== 'NoCascade' && target === table;
