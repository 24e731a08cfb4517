// Columns that every new table gets. Microsoft Learn, "Create a custom table": system columns by ownership.

import { english, stableId } from '../schema/load.ts';
import type { Cascade, Column, Relationship, Table } from '../schema/model.ts';

function column(table: string, schemaName: string, rest: Pick<Column, 'type'> & Partial<Column>): Column {
  return {
    metadataId: stableId(`${table}.${schemaName}`),
    name: schemaName.toLowerCase(),
    schemaName,
    labels: english(schemaName),
    descriptions: new Map(),
    custom: false,
    required: 'None',
    create: false,
    update: false,
    read: true,
    ...rest,
  };
}

const ACTIVE = 0;
const INACTIVE = 1;

export function systemColumns(schemaName: string, ownership: Table['ownership']): Column[] {
  const make = (name: string, rest: Pick<Column, 'type'> & Partial<Column>): Column => column(schemaName, name, rest);
  const user = { type: 'Lookup', targets: ['systemuser'] } as const;
  const dateTime = { type: 'DateTime', format: 'DateAndTime', dateTimeBehavior: 'UserLocal' } as const;
  const common = [
    make(`${schemaName}Id`, { type: 'Uniqueidentifier', create: true, required: 'SystemRequired' }),
    make('CreatedOn', dateTime),
    make('CreatedBy', user),
    make('ModifiedOn', dateTime),
    make('ModifiedBy', user),
    make('OverriddenCreatedOn', { ...dateTime, create: true, format: 'DateOnly' }),
    make('ImportSequenceNumber', { type: 'Integer', create: true }),
    make('VersionNumber', { type: 'BigInt' }),
    make('statecode', { type: 'State', update: true, default: ACTIVE, required: 'SystemRequired', options: states() }),
    make('statuscode', { type: 'Status', create: true, update: true, options: statuses() }),
  ];
  if (ownership !== 'UserOwned') return common;
  return [
    ...common,
    make('OwnerId', {
      type: 'Owner',
      create: true,
      update: true,
      required: 'SystemRequired',
      targets: ['systemuser', 'team'],
    }),
    make('OwningBusinessUnit', { type: 'Lookup', targets: ['businessunit'] }),
    make('OwningTeam', { type: 'Lookup', targets: ['team'] }),
    make('OwningUser', user),
  ];
}

function states(): NonNullable<Column['options']> {
  return new Map([
    [ACTIVE, { value: ACTIVE, labels: english('Active'), defaultStatus: 1, invariantName: 'Active' }],
    [INACTIVE, { value: INACTIVE, labels: english('Inactive'), defaultStatus: 2, invariantName: 'Inactive' }],
  ]);
}

function statuses(): NonNullable<Column['options']> {
  return new Map([
    [1, { value: 1, labels: english('Active'), state: ACTIVE }],
    [2, { value: 2, labels: english('Inactive'), state: INACTIVE }],
  ]);
}

const NOTHING: Cascade = {
  Assign: 'NoCascade',
  Delete: 'NoCascade',
  Merge: 'NoCascade',
  Reparent: 'NoCascade',
  Share: 'NoCascade',
  Unshare: 'NoCascade',
};

export function systemRelationships(table: string, ownership: Table['ownership']): Relationship[] {
  const make = (name: string, target: string, schemaName: string): Relationship => ({
    metadataId: stableId(`relationship.${schemaName}`),
    schemaName,
    custom: false,
    referencingTable: table,
    column: name,
    navigationProperty: name,
    target,
    targetAttribute: `${target}id`,
    collectionProperty: schemaName,
    cascade: NOTHING,
  });
  const common = [
    make('createdby', 'systemuser', `lk_${table}_createdby`),
    make('modifiedby', 'systemuser', `lk_${table}_modifiedby`),
  ];
  if (ownership !== 'UserOwned') return common;
  return [
    ...common,
    make('ownerid', 'owner', `owner_${table}`),
    make('owningbusinessunit', 'businessunit', `business_unit_${table}`),
    make('owningteam', 'team', `team_${table}`),
    make('owninguser', 'systemuser', `user_${table}`),
  ];
}
