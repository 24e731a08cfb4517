// Tables of column-level security: profiles, what they allow, and who has them.
// Microsoft Learn: "Column-level security with code"; FieldSecurityProfile and FieldPermission table references.

import type { ManyToMany } from './model.ts';
import type { Schema } from './schema.ts';
import { column, key, lookup, table, text, toParent } from './small-tables.ts';
import type { TableFile } from './table-file.ts';

const permission = (schemaName: string) =>
  column(schemaName, 'Picklist', { options: { 0: 'Not Allowed', 4: 'Allowed' }, default: 0 });

const intersect = (schemaName: string, idName: string, other: string): TableFile => ({
  ...table(schemaName, { columns: [] }),
  entitySetName: `${schemaName.toLowerCase()}collection`,
  primaryIdAttribute: idName.toLowerCase(),
  primaryNameAttribute: idName.toLowerCase(),
  columns: [key(idName), column(other, 'Uniqueidentifier'), column('FieldSecurityProfileId', 'Uniqueidentifier')],
});

export const columnSecurityTables: readonly TableFile[] = [
  table('FieldSecurityProfile', {
    ownership: 'OrganizationOwned',
    columns: [text('Name', 100), column('Description', 'Memo', { maxLength: 2000 })],
  }),
  {
    ...table('FieldPermission', { columns: [] }),
    ownership: 'OrganizationOwned',
    primaryNameAttribute: 'fieldpermissionid',
    columns: [
      key('FieldPermissionId'),
      text('EntityName', 64),
      text('AttributeLogicalName', 50),
      permission('CanCreate'),
      permission('CanRead'),
      permission('CanUpdate'),
      lookup('FieldSecurityProfileId', 'fieldsecurityprofile'),
    ],
    manyToOne: [
      {
        ...toParent('fieldsecurityprofileid', 'fieldsecurityprofile', 'lk_fieldpermission_fieldsecurityprofileid'),
        onDelete: 'Cascade',
      },
    ],
  },
  intersect('SystemUserProfiles', 'SystemUserProfileId', 'SystemUserId'),
  intersect('TeamProfiles', 'TeamProfileId', 'TeamId'),
];

/** Microsoft Learn, FieldSecurityProfile reference, "Many-to-Many relationships". */
export function connectColumnSecurityTables(schema: Schema): void {
  connect(schema, 'systemuserprofiles', 'systemuser');
  connect(schema, 'teamprofiles', 'team');
}

function connect(schema: Schema, intersectTable: string, principal: string): void {
  const name = `${intersectTable}_association`;
  const side = (own: string, other: string): ManyToMany => ({
    schemaName: name,
    navigationProperty: name,
    intersectTable,
    ownColumn: `${own}id`,
    otherColumn: `${other}id`,
    otherTable: other,
  });
  const profile = 'fieldsecurityprofile';
  schema.known(principal).manyToMany.push(side(principal, profile));
  schema.known(profile).manyToMany.push(side(profile, principal));
}
