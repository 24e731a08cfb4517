// Refuses what the roles of the caller do not allow.
// Microsoft Learn: "Data operations and access rights"; "Create / Update / Assign / Merge message privileges";
// "Troubleshoot Dataverse client errors" (privilege check, then access check).

import { DataverseError } from '../errors.ts';
import type { Organization } from '../organization.ts';
import type { Ref, Row } from '../store/row.ts';
import type { RowOperation } from '../store/row-operation.ts';
import { MERGE, privilegeName, type Right } from './privileges.ts';
import { carrierOf, ownerOf, Reach } from './reach.ts';

interface Need {
  readonly right: Right;
  readonly table: string;
  /** The row that it is about; left out where the table alone is asked. */
  readonly row?: Ref | undefined;
  /** Of a row that does not exist yet, or that changes hands: whose it is taken to be. */
  readonly owner?: Ref | undefined;
}

export interface Guard {
  /** Throws what the operation lacks. */
  readonly admission: (operation: RowOperation) => void;
  /** Whether a query shows the row: what the caller may not read is left out without a word. */
  readonly sees: (row: Row) => boolean;
}

/** What the caller's roles cover. For one request: roles are read once. */
export function privilegeGuard(organization: Organization): Guard {
  let known: Reach | undefined;
  const reach = (): Reach => {
    known ??= new Reach(organization, organization.caller);
    return known;
  };
  return {
    admission: (operation) => {
      if (operation.action === 'merge' && !reach().holds(MERGE)) throw mergeRefused();
      for (const need of needsOf(organization, operation)) check(organization, reach(), need);
    },
    sees: (row) => {
      const table = organization.schema.known(row.table);
      const privilege = privilegeName(table, 'Read');
      if (privilege === undefined) return true;
      const carrier = carrierOf(organization, row);
      return reach().covers({ right: 'Read', privilege }, ownerOf(carrier), carrier);
    },
  };
}

function check(organization: Organization, reach: Reach, { right, table: name, row: ref, owner }: Need): void {
  const table = organization.schema.table(name);
  const privilege = table && privilegeName(table, right);
  if (privilege === undefined) return;
  if (!reach.holds(privilege)) throw missing(organization, privilege, name);
  const found = ref && organization.store.get(ref.table, ref.id);
  const row = found && carrierOf(organization, found);
  const whose = owner ?? (row && ownerOf(row));
  if (whose === undefined || reach.covers({ right, privilege }, whose, row)) return;
  throw accessDenied(organization, right, ref ?? { table: name, id: '' });
}

function needsOf({ caller }: Organization, { action, row, from, column, owner }: RowOperation): readonly Need[] {
  const { table } = row;
  const needs = (...rights: readonly Right[]): Need[] => rights.map((right) => ({ right, table, row, owner }));
  switch (action) {
    case 'create':
      // "Create message privileges", row appointment.
      return table === 'appointment' ? needs('Create', 'Append', 'AppendTo', 'Share') : needs('Create', 'Read');
    case 'read':
      return needs('Read');
    case 'update':
      return needs('Read', 'Write');
    case 'assign':
      return needs('Read', 'Write', 'Assign');
    case 'delete':
      return needs('Read', 'Delete');
    case 'share':
      return needs('Read', 'Share');
    case 'merge':
      return needs('Read', 'Write', 'Append', 'AppendTo', 'Share');
    case 'append': {
      if (from === undefined) return [];
      // An owner is assigned, not appended to; that it must be readable is an [inference].
      if (column === 'ownerid')
        return row.id === caller.id
          ? []
          : [
              { right: 'Assign', table: from },
              { right: 'Read', table, row },
            ];
      return [
        { right: 'Append', table: from, owner },
        { right: 'AppendTo', table, row },
      ];
    }
  }
}

/** PrivilegeDenied: status 403 by "Compose HTTP requests and handle errors", code by "Web service error codes". */
function missing({ caller }: Organization, privilege: string, table: string): DataverseError {
  return new DataverseError(
    403,
    '0x80040220',
    `Principal user (Id=${caller.id}, type=8) is missing ${privilege} privilege for entity '${table}'.`,
  );
}

/** "Troubleshoot Dataverse client errors": the privilege check passed, the access check failed (-2147187962). */
function accessDenied({ caller }: Organization, right: Right, { table, id }: Ref): DataverseError {
  return new DataverseError(
    403,
    '0x80048306',
    `Principal with ID ${caller.id} does not have ${right}Access right(s) for record with ID ${id} of entity ${table}.`,
  );
}

/** MergeSecurityError. */
function mergeRefused(): DataverseError {
  return new DataverseError(403, '0x80045301', 'Merge is not allowed: caller does not have the privilege or access.');
}
