// Standard tables of which the connector needs a few columns only, in the form of tables/*.json.
// Microsoft Learn: Dataverse table/entity reference, pages of the same names.

import type { TableFile } from './table-file.ts';

type ColumnFile = TableFile['columns'][number];

export function column(schemaName: string, type: ColumnFile['type'], rest: Partial<ColumnFile> = {}): ColumnFile {
  return {
    name: schemaName.toLowerCase(),
    schemaName,
    type,
    required: 'None',
    create: true,
    update: true,
    read: true,
    ...rest,
  };
}

export const text = (schemaName: string, maxLength: number): ColumnFile =>
  column(schemaName, 'String', { maxLength, format: 'Text' });
export const flag = (schemaName: string): ColumnFile => column(schemaName, 'Boolean', { default: false });
export const lookup = (schemaName: string, target: string): ColumnFile =>
  column(schemaName, 'Lookup', { targets: [target] });
export const key = (schemaName: string): ColumnFile =>
  column(schemaName, 'Uniqueidentifier', { update: false, required: 'SystemRequired' });

export function toParent(name: string, target: string, relationship: string): TableFile['manyToOne'][number] {
  return {
    column: name,
    navigationProperty: name,
    target,
    targetAttribute: `${target}id`,
    relationship,
    onDelete: 'Restrict',
  };
}

export function table(schemaName: string, rest: Partial<TableFile> & Pick<TableFile, 'columns'>): TableFile {
  const logicalName = schemaName.toLowerCase();
  return {
    logicalName,
    schemaName,
    entitySetName: `${logicalName}s`,
    primaryIdAttribute: `${logicalName}id`,
    primaryNameAttribute: 'name',
    isActivity: false,
    ownership: 'None',
    manyToOne: [],
    ...rest,
    columns: [key(`${schemaName}Id`), ...rest.columns],
  };
}

export const smallTables: readonly TableFile[] = [
  table('BusinessUnit', {
    ownership: 'BusinessOwned',
    columns: [text('Name', 160), lookup('ParentBusinessUnitId', 'businessunit'), flag('IsDisabled')],
    manyToOne: [toParent('parentbusinessunitid', 'businessunit', 'business_unit_parent_business_unit')],
  }),
  table('Team', {
    ownership: 'BusinessOwned',
    columns: [
      text('Name', 160),
      column('Description', 'Memo', { maxLength: 2000 }),
      flag('IsDefault'),
      column('TeamType', 'Picklist', {
        options: { 0: 'Owner', 1: 'Access', 2: 'Security Group', 3: 'Office Group' },
        default: 0,
      }),
      lookup('BusinessUnitId', 'businessunit'),
      lookup('AdministratorId', 'systemuser'),
    ],
    manyToOne: [
      toParent('businessunitid', 'businessunit', 'business_unit_teams'),
      { ...toParent('administratorid', 'systemuser', 'lk_teambase_administratorid'), onDelete: 'NoCascade' },
    ],
  }),
  table('Organization', {
    columns: [
      text('Name', 160),
      column('LanguageCode', 'Integer'),
      column('LocaleId', 'Integer'),
      flag('IsDuplicateDetectionEnabled'),
    ],
  }),
  table('Role', {
    ownership: 'BusinessOwned',
    columns: [
      text('Name', 100),
      column('Description', 'Memo', { maxLength: 2000 }),
      lookup('BusinessUnitId', 'businessunit'),
    ],
    manyToOne: [toParent('businessunitid', 'businessunit', 'business_unit_roles')],
  }),
  {
    ...table('SystemUserRoles', { columns: [] }),
    entitySetName: 'systemuserrolescollection',
    primaryIdAttribute: 'systemuserroleid',
    primaryNameAttribute: 'systemuserroleid',
    columns: [
      key('SystemUserRoleId'),
      column('SystemUserId', 'Uniqueidentifier'),
      column('RoleId', 'Uniqueidentifier'),
    ],
  },
  table('Publisher', {
    ownership: 'OrganizationOwned',
    primaryNameAttribute: 'friendlyname',
    columns: [
      text('UniqueName', 256),
      text('FriendlyName', 256),
      text('CustomizationPrefix', 8),
      column('CustomizationOptionValuePrefix', 'Integer', { min: 10_000, max: 99_999 }),
      column('Description', 'Memo', { maxLength: 2000 }),
      flag('IsReadonly'),
    ],
  }),
  table('Solution', {
    ownership: 'OrganizationOwned',
    primaryNameAttribute: 'friendlyname',
    columns: [
      text('UniqueName', 65),
      text('FriendlyName', 256),
      text('Version', 256),
      column('Description', 'Memo', { maxLength: 2000 }),
      column('IsManaged', 'Boolean', { default: false, create: false, update: false }),
      column('IsVisible', 'Boolean', { default: true, create: false, update: false }),
      lookup('PublisherId', 'publisher'),
    ],
    manyToOne: [toParent('publisherid', 'publisher', 'publisher_solution')],
  }),
  table('SolutionComponent', {
    primaryNameAttribute: 'solutioncomponentid',
    columns: [
      column('ComponentType', 'Picklist', {
        options: {
          1: 'Entity',
          2: 'Attribute',
          10: 'Entity Relationship',
          14: 'Entity Key',
          20: 'Role',
          26: 'Saved Query',
          59: 'Saved Query Visualization',
          60: 'System Form',
          61: 'Web Resource',
          62: 'Site Map',
          80: 'Model-driven App',
        },
      }),
      column('ObjectId', 'Uniqueidentifier'),
      lookup('SolutionId', 'solution'),
    ],
    manyToOne: [{ ...toParent('solutionid', 'solution', 'solution_solutioncomponent'), onDelete: 'Cascade' }],
  }),
];
