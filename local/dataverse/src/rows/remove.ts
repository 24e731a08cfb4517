// Deletion of a row and what follows from its relationships.
// Microsoft Learn: "Table relationship behavior" (Cascade, RemoveLink, Restrict), "ActivityParty entity".

import { refuseUsed } from '../customization/dependencies.ts';
import { forgetApp, forgetPublished } from '../customization/publication.ts';
import { DataverseError } from '../errors.ts';
import type { Organization } from '../organization.ts';
import type { Relationship } from '../schema/model.ts';
import { revokeShare, sharesOf } from '../security/shares.ts';
import type { Row } from '../store/row.ts';
import { admit } from './admission.ts';
import { partiesOf } from './parties.ts';
import { followCollection } from './row-shape.ts';

export function removeRow(organization: Organization, row: Row): void {
  const { store, schema } = organization;
  store.atomically(() => {
    if (store.get(row.table, row.id) === undefined) return;
    admit(organization, { action: 'delete', row: { table: row.table, id: row.id } });
    refuseUsed(organization, row);
    if (row.table === 'appmodule') forgetApp(organization, row);
    const relationships = [...schema.pointingTo(row.table)];
    for (const relationship of relationships) refuseWhenRestricted(organization, relationship, row);
    for (const party of partiesOf(organization, row.id)) store.remove('activityparty', party.id);
    for (const relationship of relationships) {
      for (const referencing of followCollection(store, relationship, row))
        detach(organization, relationship, referencing);
    }
    removePairs(organization, row);
    for (const share of sharesOf(organization, row)) revokeShare(organization, share);
    store.remove(row.table, row.id);
    forgetPublished(organization, row);
  });
}

function refuseWhenRestricted(organization: Organization, relationship: Relationship, row: Row): void {
  if (relationship.cascade.Delete !== 'Restrict') return;
  if (followCollection(organization.store, relationship, row).length === 0) return;
  // CannotDeleteDueToAssociation, listed under 405 in "Compose HTTP requests and handle errors".
  throw new DataverseError(
    405,
    '0x80040227',
    `The object you tried to delete is associated with another object and cannot be deleted (${relationship.schemaName}).`,
  );
}

function detach(organization: Organization, relationship: Relationship, referencing: Row): void {
  const { store } = organization;
  const current = store.get(referencing.table, referencing.id);
  if (current === undefined) return;
  if (referencing.table === 'activityparty') {
    // Microsoft Learn, activityparty reference, IsPartyDeleted: the party stays, its row is gone.
    store.put('activityparty', referencing.id, { ...current.values, partyid: null, ispartydeleted: true });
    return;
  }
  const { Delete } = relationship.cascade;
  if (Delete === 'Cascade') removeRow(organization, current);
  if (Delete === 'RemoveLink') store.put(current.table, current.id, { ...current.values, [relationship.column]: null });
}

function removePairs(organization: Organization, row: Row): void {
  for (const pair of organization.schema.known(row.table).manyToMany) {
    for (const link of organization.store.rows(pair.intersectTable)) {
      if (link.values[pair.ownColumn] === row.id) organization.store.remove(pair.intersectTable, link.id);
    }
  }
}
