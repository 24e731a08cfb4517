// Reads the standard tables: the documented columns in tables/*.json, and the small tables of small-tables.ts.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { z } from 'zod';
import { appNotification } from './app-notification.ts';
import { appTables } from './app-tables.ts';
import { columnSecurityTables } from './column-security-tables.ts';
import type { Cascade, Column, Labels, Option, Relationship, Table } from './model.ts';
import { securityTables } from './security-tables.ts';
import { smallTables } from './small-tables.ts';
import type { ParsedTable, TableFile } from './table-file.ts';
import { columnFile, type optionFile, tableFile } from './table-file.ts';

const ENGLISH = 1033;

/** Columns that every standard table has, left out of some files. Microsoft Learn: table reference pages, "Read-only columns/attributes". */
const EVERYWHERE: TableFile['columns'] = [
  readOnly({ name: 'versionnumber', schemaName: 'VersionNumber', type: 'BigInt' }),
  readOnly({ name: 'createdon', schemaName: 'CreatedOn', type: 'DateTime', format: 'DateAndTime' }),
  readOnly({ name: 'modifiedon', schemaName: 'ModifiedOn', type: 'DateTime', format: 'DateAndTime' }),
];

function readOnly(column: Pick<TableFile['columns'][number], 'name' | 'schemaName' | 'type' | 'format'>) {
  return { ...column, required: 'None' as const, create: false, update: false, read: true };
}

/** All standard tables. Labels are in English: the reference pages give no other language. */
export function loadTables(): Table[] {
  const folder = new URL('../tables/', import.meta.url);
  const files: unknown[] = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
  return [...files, ...smallTables, ...securityTables, ...columnSecurityTables, ...appTables, appNotification].map(
    (file) => toTable(tableFile.parse(file)),
  );
}

function toTable(file: ParsedTable): Table {
  const named = new Set(file.columns.map((column) => column.name));
  const columns = [...file.columns, ...EVERYWHERE.filter((column) => !named.has(column.name))];
  return {
    metadataId: stableId(file.logicalName),
    logicalName: file.logicalName,
    schemaName: file.schemaName,
    entitySetName: file.entitySetName,
    primaryId: file.primaryIdAttribute,
    primaryName: file.primaryNameAttribute,
    isActivity: file.isActivity,
    ownership: file.ownership,
    custom: false,
    labels: english(file.schemaName),
    collectionLabels: english(`${file.schemaName}s`),
    descriptions: new Map(),
    columns: new Map(columns.map((column) => [column.name, toColumn(file.logicalName, columnFile.parse(column))])),
    relationships: file.manyToOne.map((relationship) => toRelationship(file.logicalName, relationship)),
    manyToMany: [],
    keys: new Map(),
  };
}

function toColumn(table: string, file: z.output<typeof columnFile>): Column {
  const { options, ...rest } = file;
  return {
    ...rest,
    metadataId: stableId(`${table}.${file.name}`),
    labels: english(file.schemaName),
    descriptions: new Map(),
    custom: false,
    ...(options && {
      options: new Map(Object.entries(options).map(([value, option]) => toOption(Number(value), option))),
    }),
  };
}

function toOption(value: number, file: z.output<typeof optionFile>): [number, Option] {
  if (typeof file === 'string') return [value, { value, labels: english(file) }];
  const { label, ...rest } = file;
  return [value, { ...rest, value, labels: english(label) }];
}

function toRelationship(table: string, file: ParsedTable['manyToOne'][number]): Relationship {
  return {
    metadataId: stableId(`relationship.${file.relationship}`),
    schemaName: file.relationship,
    custom: false,
    referencingTable: table,
    column: file.column,
    navigationProperty: file.navigationProperty,
    target: file.target,
    targetAttribute: file.targetAttribute,
    // The reference pages name the collection after the relationship: contact_customer_contacts, Contact_Appointments.
    collectionProperty: file.relationship,
    cascade: standardCascade(table, file),
  };
}

/**
 * The files give Delete only. Of an activity regarding a row every action cascades (contact reference,
 * Contact_Appointments); of its parties none does (activityparty reference). Else rows that point to a merged contact
 * follow it: Microsoft Learn, "Merge table rows".
 */
function standardCascade(table: string, { column, onDelete, target }: ParsedTable['manyToOne'][number]): Cascade {
  const action = column === 'regardingobjectid' && onDelete === 'Cascade' ? 'Cascade' : 'NoCascade';
  return {
    Assign: action,
    Delete: onDelete,
    Merge: target === 'contact' && table !== 'activityparty' ? 'Cascade' : 'NoCascade',
    Reparent: action,
    Share: action,
    Unshare: action,
  };
}

export function english(label: string): Labels {
  return new Map([[ENGLISH, label]]);
}

/** The same metadata id at every start, so that two runs can be compared. */
export function stableId(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
