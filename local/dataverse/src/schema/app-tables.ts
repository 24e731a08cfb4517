// Tables of which model-driven apps are made, in the form of tables/*.json.
// Microsoft Learn: Dataverse table/entity reference, pages SystemForm, SavedQueryVisualization, WebResource, SiteMap, AppModule, AppModuleComponent, AppModuleRoles.

import type { ManyToMany } from './model.ts';
import type { Schema } from './schema.ts';
import { column, flag, key, lookup, table, text, toParent } from './small-tables.ts';
import type { TableFile } from './table-file.ts';

type ColumnFile = TableFile['columns'][number];

const xml = (schemaName: string): ColumnFile => column(schemaName, 'Memo', { maxLength: 1_073_741_823 });
const description = column('Description', 'Memo', { maxLength: 2000 });
const identifier = (schemaName: string): ColumnFile => column(schemaName, 'Uniqueidentifier');

/** `isValidForUpdate` is false: a PATCH that names it is refused (customization/rules.ts). */
const fixed = (made: ColumnFile): ColumnFile => ({ ...made, update: false });

const own = (schemaName: string, rest: Partial<TableFile> & Pick<TableFile, 'columns'>): TableFile => ({
  ...table(schemaName, { columns: [] }),
  ownership: 'OrganizationOwned',
  ...rest,
});

export const appTables: readonly TableFile[] = [
  own('SystemForm', {
    primaryIdAttribute: 'formid',
    columns: [
      key('FormId'),
      text('Name', 100),
      description,
      fixed(text('ObjectTypeCode', 64)),
      fixed(
        column('Type', 'Picklist', {
          options: { 0: 'Dashboard', 2: 'Main', 6: 'Quick View Form', 7: 'Quick Create', 11: 'Card' },
        }),
      ),
      column('FormActivationState', 'Picklist', { options: { 0: 'Inactive', 1: 'Active' }, default: 1 }),
      column('FormPresentation', 'Picklist', { options: { 0: 'ClassicForm', 1: 'AirForm' }, default: 0 }),
      flag('IsDefault'),
      flag('IsTabletEnabled'),
      xml('FormXml'),
    ],
  }),
  own('SavedQueryVisualization', {
    columns: [
      key('SavedQueryVisualizationId'),
      text('Name', 100),
      description,
      fixed(text('PrimaryEntityTypeCode', 64)),
      flag('IsDefault'),
      xml('DataDescription'),
      xml('PresentationDescription'),
    ],
  }),
  own('WebResource', {
    entitySetName: 'webresourceset',
    columns: [
      key('WebResourceId'),
      fixed(text('Name', 256)),
      text('DisplayName', 200),
      description,
      fixed(column('WebResourceType', 'Integer')),
      xml('Content'),
    ],
  }),
  own('SiteMap', {
    primaryNameAttribute: 'sitemapname',
    columns: [
      // Microsoft Learn, SiteMap reference: SiteMapId is read-only, so the server chooses it.
      { ...key('SiteMapId'), create: false },
      text('SiteMapName', 200),
      fixed(text('SiteMapNameUnique', 100)),
      fixed(flag('IsAppAware')),
      xml('SiteMapXml'),
    ],
  }),
  own('AppModule', {
    columns: [
      key('AppModuleId'),
      text('Name', 100),
      fixed(text('UniqueName', 100)),
      description,
      identifier('WebResourceId'),
      column('ClientType', 'Integer', { default: 2 }),
      column('FormFactor', 'Integer', { default: 1 }),
      column('NavigationType', 'Picklist', { options: { 0: 'Single session', 1: 'Multi session' }, default: 0 }),
    ],
  }),
  own('AppModuleComponent', {
    primaryNameAttribute: 'appmodulecomponentid',
    columns: [
      key('AppModuleComponentId'),
      column('ComponentType', 'Integer'),
      identifier('ObjectId'),
      lookup('AppModuleIdUnique', 'appmodule'),
    ],
    manyToOne: [{ ...toParent('appmoduleidunique', 'appmodule', 'appmodule_appmodulecomponent'), onDelete: 'Cascade' }],
  }),
  {
    ...table('AppModuleRoles', { columns: [] }),
    entitySetName: 'appmodulerolescollection',
    primaryIdAttribute: 'appmoduleroleid',
    primaryNameAttribute: 'appmoduleroleid',
    columns: [key('AppModuleRoleId'), identifier('AppModuleId'), identifier('RoleId')],
  },
];

/** Microsoft Learn, "Create, manage, and publish model-driven apps using code": roles are associated by this name. */
export function connectAppTables(schema: Schema): void {
  const through: Omit<ManyToMany, 'ownColumn' | 'otherColumn' | 'otherTable'> = {
    schemaName: 'appmoduleroles_association',
    navigationProperty: 'appmoduleroles_association',
    intersectTable: 'appmoduleroles',
  };
  const side = (one: string, other: string): ManyToMany => ({
    ...through,
    ownColumn: `${one}id`,
    otherColumn: `${other}id`,
    otherTable: other,
  });
  schema.known('appmodule').manyToMany.push(side('appmodule', 'role'));
  schema.known('role').manyToMany.push(side('role', 'appmodule'));
}
