// Refuses what the roles of the caller do not allow.
// Microsoft Learn: "Data operations and access rights"; "Create / Update / Assign / Merge message privileges".

import { DataverseError } from '../errors.ts';
import type { Organization } from '../organization.ts';
import type { RowOperation } from '../rows/admission.ts';
import type { Value } from '../store/store.ts';
import { privilegeName, privilegesOfRole, type Right } from './privileges.ts';

type Need = readonly [right: Right, table: string];

/**
 * Lets through what the caller's roles cover, whatever the row: all privileges here reach the whole organization. For
 * one request: roles are read once.
 */
export function privilegeGuard(organization: Organization): (operation: RowOperation) => void {
  let held: ReadonlySet<Value> | undefined;
  return (operation) => {
    for (const [right, name] of needsOf(organization, operation)) {
      const table = organization.schema.table(name);
      const privilege = table && privilegeName(table, right);
      if (privilege === undefined) continue;
      held ??= heldBy(organization);
      if (!held.has(privilege)) throw missing(organization, privilege, name);
    }
  };
}

function needsOf({ caller }: Organization, { action, row, from, column }: RowOperation): readonly Need[] {
  const { table } = row;
  switch (action) {
    case 'create':
      // "Create message privileges", row appointment.
      return table === 'appointment'
        ? needs(table, 'Create', 'Append', 'AppendTo', 'Share')
        : needs(table, 'Create', 'Read');
    case 'read':
      return needs(table, 'Read');
    case 'update':
      return needs(table, 'Read', 'Write');
    case 'assign':
      return needs(table, 'Read', 'Write', 'Assign');
    case 'delete':
      return needs(table, 'Read', 'Delete');
    case 'merge':
      return needs(table, 'Read', 'Write', 'Append', 'AppendTo', 'Share');
    case 'append': {
      if (from === undefined) return [];
      // An owner is assigned, not appended to; that it must be readable is an [inference].
      if (column === 'ownerid')
        return row.id === caller.id
          ? []
          : [
              ['Assign', from],
              ['Read', table],
            ];
      return [
        ['Append', from],
        ['AppendTo', table],
      ];
    }
  }
}

const needs = (table: string, ...rights: readonly Right[]): Need[] => rights.map((right) => [right, table]);

function heldBy(organization: Organization): ReadonlySet<Value> {
  const roles = [...organization.store.rows('systemuserroles')].filter(
    ({ values }) => values['systemuserid'] === organization.caller.id,
  );
  const privileges = roles.flatMap(({ values }) => privilegesOfRole(organization, String(values['roleid'])));
  return new Set(privileges.flatMap(({ values }) => values['name'] ?? []));
}

/** PrivilegeDenied: status 403 by "Compose HTTP requests and handle errors", code by "Web service error codes". */
function missing({ caller }: Organization, privilege: string, table: string): DataverseError {
  return new DataverseError(
    403,
    '0x80040220',
    `Principal user (Id=${caller.id}, type=8) is missing ${privilege} privilege for entity '${table}'.`,
  );
}
