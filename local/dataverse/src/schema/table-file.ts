// The form of the files in tables/: documented columns and lookups of a standard table.

import { z } from 'zod';

export const optionFile = z.union([
  z.string(),
  z.object({
    label: z.string(),
    state: z.number().optional(),
    defaultStatus: z.number().optional(),
    invariantName: z.string().optional(),
  }),
]);

export const columnFile = z.object({
  name: z.string(),
  schemaName: z.string(),
  type: z.enum([
    'BigInt',
    'Boolean',
    'Customer',
    'DateTime',
    'Decimal',
    'Double',
    'EntityName',
    'Integer',
    'Lookup',
    'Memo',
    'Money',
    'Owner',
    'PartyList',
    'Picklist',
    'State',
    'Status',
    'String',
    'Uniqueidentifier',
  ]),
  maxLength: z.number().optional(),
  format: z.string().optional(),
  min: z.coerce.number().optional(),
  max: z.coerce.number().optional(),
  precision: z.number().optional(),
  dateTimeBehavior: z.enum(['UserLocal', 'DateOnly', 'TimeZoneIndependent']).optional(),
  options: z.record(z.string(), optionFile).optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  targets: z.array(z.string()).optional(),
  required: z.enum(['None', 'Recommended', 'ApplicationRequired', 'SystemRequired']),
  create: z.boolean(),
  update: z.boolean(),
  read: z.boolean(),
});

export const tableFile = z.object({
  logicalName: z.string(),
  entitySetName: z.string(),
  schemaName: z.string(),
  primaryIdAttribute: z.string(),
  primaryNameAttribute: z.string(),
  isActivity: z.boolean(),
  ownership: z.enum(['UserOwned', 'OrganizationOwned', 'BusinessOwned', 'None']),
  columns: z.array(columnFile),
  manyToOne: z.array(
    z.object({
      column: z.string(),
      navigationProperty: z.string(),
      target: z.string(),
      targetAttribute: z.string(),
      relationship: z.string(),
      onDelete: z.enum(['NoCascade', 'Cascade', 'RemoveLink', 'Restrict']),
    }),
  ),
});

/** The form of a file in `tables/`. */
export type TableFile = z.input<typeof tableFile>;
export type ParsedTable = z.output<typeof tableFile>;
