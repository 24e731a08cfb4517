// Which behaviours a relationship may have between two tables.
// Microsoft Learn, "Configure table relationship cascading behavior" (Merge), "Create and edit 1:N relationships"
// (limits of cascading relationships); codes by "Web service error codes".

import { DataverseError } from '../errors.ts';
import type { Cascade, CascadeType, Relationship, Table } from '../schema/model.ts';

export interface Ends {
  /** The table that holds the lookup. */
  readonly referencing: Table;
  readonly referenced: Table;
}

/** "Merge: account, contact, lead, incident". */
const MERGEABLE: ReadonlySet<string> = new Set(['account', 'contact', 'incident', 'lead']);

/** "For referenced tables that can be merged, Cascade is the only valid option. In other cases use NoCascade." */
export function mergeOf({ logicalName }: Table): CascadeType {
  return MERGEABLE.has(logicalName) ? 'Cascade' : 'NoCascade';
}

/** Refuses behaviours that the two tables cannot have. */
export function refuseUnfit(cascade: Cascade, { referencing, referenced }: Ends): void {
  // InvalidCascadeLinkType.
  if (cascade.Merge !== mergeOf(referenced)) {
    throw new DataverseError(
      400,
      '0x80048204',
      `The cascade link type is not valid for the cascade action: Merge to ${referenced.logicalName} is ${mergeOf(referenced)}.`,
    );
  }
  const owned = [referencing, referenced].every(({ ownership }) => ownership === 'UserOwned');
  // InvalidOrgOwnedCascadeLinkType.
  if (!owned && [cascade.Assign, cascade.Reparent, cascade.Share, cascade.Unshare].includes('UserOwned'))
    throw new DataverseError(
      400,
      '0x80044156',
      'Cascade User-Owned is not a valid cascade link type for org-owned entity relationships.',
    );
}

/** One parental relationship a table, and no custom table as the parent of a system table. */
export function refuseSecondParent(relationship: Relationship, { referencing, referenced }: Ends): void {
  if (!isParental(relationship)) return;
  // CustomParentingSystemNotSupported.
  if (referenced.custom && !referencing.custom)
    throw new DataverseError(
      400,
      '0x80047102',
      'A custom entity can not have a parental relationship to a system entity',
    );
  const others = referencing.relationships.filter(
    (other) => other.schemaName !== relationship.schemaName && isParental(other) && !isPolymorphic(other, referencing),
  );
  // MultipleParentsNotSupported.
  if (others.length > 0)
    throw new DataverseError(400, '0x80047007', 'An entity can have only one parental relationship');
}

/** Any action that cascades, deletion included, makes a relationship one. Merge does not: it is not a choice. */
function isParental({ cascade }: Relationship): boolean {
  const { Merge: _, ...actions } = cascade;
  return Object.values(actions).some((type) => ['Active', 'Cascade', 'UserOwned'].includes(type));
}

/** Regarding, customer and owner point to several tables, and do not count. */
const isPolymorphic = ({ column }: Relationship, { columns }: Table) => (columns.get(column)?.targets?.length ?? 0) > 1;
