// Tables of rights, views and settings that an installation reads or writes, in the form of tables/*.json.
// Microsoft Learn: Dataverse table/entity reference, pages Privilege, RolePrivileges, TeamRoles, SavedQuery, Mailbox,
// DuplicateRule, DuplicateRuleCondition.

import type { ManyToMany } from './model.ts';
import type { Schema } from './schema.ts';
import { column, flag, key, lookup, table, text, toParent } from './small-tables.ts';
import type { TableFile } from './table-file.ts';

const identifier = (schemaName: string) => column(schemaName, 'Uniqueidentifier');
const longText = (schemaName: string, maxLength: number) => column(schemaName, 'Memo', { maxLength });

function intersect(schemaName: string, idName: string, columns: TableFile['columns']): TableFile {
  const logicalName = schemaName.toLowerCase();
  return {
    ...table(schemaName, { columns: [] }),
    entitySetName: `${logicalName}collection`,
    primaryIdAttribute: idName.toLowerCase(),
    primaryNameAttribute: idName.toLowerCase(),
    columns: [key(idName), ...columns],
  };
}

export const securityTables: readonly TableFile[] = [
  table('Privilege', {
    columns: [
      text('Name', 100),
      column('AccessRight', 'Integer'),
      flag('CanBeBasic'),
      flag('CanBeLocal'),
      flag('CanBeDeep'),
      flag('CanBeGlobal'),
    ],
  }),
  intersect('RolePrivileges', 'RolePrivilegeId', [
    identifier('RoleId'),
    identifier('PrivilegeId'),
    column('PrivilegeDepthMask', 'Integer'),
  ]),
  intersect('TeamMembership', 'TeamMembershipId', [identifier('TeamId'), identifier('SystemUserId')]),
  {
    ...table('PrincipalObjectAccess', { primaryNameAttribute: 'principalobjectaccessid', columns: [] }),
    entitySetName: 'principalobjectaccessset',
    columns: [
      key('PrincipalObjectAccessId'),
      identifier('ObjectId'),
      text('ObjectTypeCode', 64),
      identifier('PrincipalId'),
      text('PrincipalTypeCode', 64),
      column('AccessRightsMask', 'Integer'),
    ],
  },
  intersect('TeamRoles', 'TeamRoleId', [identifier('TeamId'), identifier('RoleId')]),
  {
    ...table('SavedQuery', { columns: [] }),
    entitySetName: 'savedqueries',
    ownership: 'OrganizationOwned',
    columns: [
      key('SavedQueryId'),
      text('Name', 200),
      longText('Description', 2000),
      text('ReturnedTypeCode', 64),
      longText('FetchXml', 1_048_576),
      longText('LayoutXml', 1_048_576),
      column('QueryType', 'Integer'),
      flag('IsDefault'),
    ],
  },
  {
    ...table('Mailbox', { ownership: 'UserOwned', columns: [] }),
    entitySetName: 'mailboxes',
    columns: [
      key('MailboxId'),
      text('Name', 160),
      column('ACTDeliveryMethod', 'Picklist', {
        options: { 0: 'Outlook', 1: 'Server-Side Synchronization', 2: 'None' },
      }),
      column('ACTStatus', 'Picklist', { options: { 0: 'Not Run', 1: 'Success', 2: 'Failure' } }),
      lookup('RegardingObjectId', 'systemuser'),
    ],
    manyToOne: [toParent('regardingobjectid', 'systemuser', 'systemuser_mailbox')],
  },
  table('DuplicateRule', {
    ownership: 'UserOwned',
    columns: [
      text('Name', 160),
      text('BaseEntityName', 64),
      text('MatchingEntityName', 64),
      text('Description', 2000),
      flag('IsCaseSensitive'),
      flag('ExcludeInactiveRecords'),
      column('StatusCode', 'Integer', { default: 0 }),
    ],
  }),
  table('DuplicateRuleCondition', {
    primaryNameAttribute: 'baseattributename',
    columns: [
      text('BaseAttributeName', 100),
      text('MatchingAttributeName', 100),
      column('OperatorCode', 'Picklist', {
        options: {
          0: 'Exact Match',
          1: 'Same First Characters',
          2: 'Same Last Characters',
          3: 'Same Date',
          4: 'Same Date and Time',
          5: 'Exact Match (Pick List Label)',
          6: 'Exact Match (Pick List Value)',
        },
      }),
      column('OperatorParam', 'Integer'),
      flag('IgnoreBlankValues'),
      lookup('RegardingObjectId', 'duplicaterule'),
    ],
    manyToOne: [
      {
        ...toParent('regardingobjectid', 'duplicaterule', 'DuplicateRule_DuplicateRuleConditions'),
        onDelete: 'Cascade',
      },
    ],
  }),
];

/** Microsoft Learn, role, team and user references: the associations by their names. */
export function connectSecurityTables(schema: Schema): void {
  pair(schema, { name: 'roleprivileges_association', through: 'roleprivileges' }, ['role', 'privilege']);
  pair(schema, { name: 'teamroles_association', through: 'teamroles' }, ['team', 'role']);
  pair(schema, { name: 'teammembership_association', through: 'teammembership' }, ['team', 'systemuser']);
}

function pair(schema: Schema, { name, through }: { name: string; through: string }, ends: readonly [string, string]) {
  const side = (own: string, other: string): ManyToMany => ({
    schemaName: name,
    navigationProperty: name,
    intersectTable: through,
    ownColumn: `${own}id`,
    otherColumn: `${other}id`,
    otherTable: other,
  });
  const [left, right] = ends;
  schema.known(left).manyToMany.push(side(left, right));
  schema.known(right).manyToMany.push(side(right, left));
}
