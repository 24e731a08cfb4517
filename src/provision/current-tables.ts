// Our tables and columns as an environment has them.

import * as z from 'zod';
import { schema } from '../schema/schema.ts';
import type { Schema } from '../schema/shape.ts';
import { listOf, oneOf, type Read } from './read.ts';

const { tables }: Schema = schema;

export interface CurrentColumn {
  id: string;
  /** The type as Dataverse names it, e.g. `String` or `Picklist`. */
  type: string;
  maxLength?: number;
  options?: readonly number[];
  /** Whether column-level security is on. */
  secured?: boolean;
}

export interface CurrentTable {
  entitySet: string;
  ownership: string;
  /** Only the columns that our schema names. */
  columns: ReadonlyMap<string, CurrentColumn>;
}

export const CUSTOM_ONLY = 'IsCustomAttribute eq true';

export async function readTables(read: Read): Promise<ReadonlyMap<string, CurrentTable>> {
  const attribute = z.object({
    MetadataId: z.string(),
    LogicalName: z.string(),
    AttributeType: z.string(),
    IsSecured: z.boolean().nullish(),
  });
  const definitions = listOf({
    LogicalName: z.string(),
    EntitySetName: z.string(),
    OwnershipType: z.string(),
    Attributes: z.array(attribute),
  });
  const attributes = { property: 'Attributes', select: Object.keys(attribute.shape), filter: CUSTOM_ONLY };
  const { value } = await read(definitions, (api, signal) =>
    api.retrieveEntities({
      select: ['LogicalName', 'EntitySetName', 'OwnershipType'],
      filter: oneOf('LogicalName', Object.keys(tables)),
      expand: [attributes],
      signal,
    }),
  );

  const found = new Map<string, CurrentTable>();
  for (const { LogicalName: table, EntitySetName, OwnershipType, Attributes } of value) {
    const ours = Attributes.filter(({ LogicalName }) => tables[table]?.columns[LogicalName] !== undefined);
    const columns = new Map<string, CurrentColumn>(
      ours.map(({ LogicalName, MetadataId, AttributeType, IsSecured }) => [
        LogicalName,
        { id: MetadataId, type: AttributeType, secured: IsSecured === true },
      ]),
    );
    await addLengths(read, table, columns);
    await addOptions(read, table, columns);
    found.set(table, { entitySet: EntitySetName, ownership: OwnershipType, columns });
  }
  return found;
}

/** Lengths are given only when columns are read as their own type (Microsoft Learn, "Query table definitions"). */
async function addLengths(read: Read, table: string, columns: Map<string, CurrentColumn>): Promise<void> {
  for (const type of ['String', 'Memo']) {
    if (!hasType(columns, type)) continue;
    const { value } = await read(listOf({ LogicalName: z.string(), MaxLength: z.int() }), (api, signal) =>
      api.retrieveAttributes({
        entityKey: `LogicalName='${table}'`,
        castType: `Microsoft.Dynamics.CRM.${type}AttributeMetadata`,
        select: ['LogicalName', 'MaxLength'],
        filter: CUSTOM_ONLY,
        signal,
      }),
    );
    for (const { LogicalName, MaxLength } of value) extend(columns, LogicalName, { maxLength: MaxLength });
  }
}

async function addOptions(read: Read, table: string, columns: Map<string, CurrentColumn>): Promise<void> {
  if (!hasType(columns, 'Picklist')) return;
  // A choice that uses a global list has no OptionSet of its own.
  const OptionSet = z.object({ Options: z.array(z.object({ Value: z.int() })) }).nullish();
  const { value } = await read(listOf({ LogicalName: z.string(), OptionSet }), (api, signal) =>
    api.retrieveAttributes({
      entityKey: `LogicalName='${table}'`,
      castType: 'Microsoft.Dynamics.CRM.PicklistAttributeMetadata',
      select: ['LogicalName'],
      filter: CUSTOM_ONLY,
      expand: [{ property: 'OptionSet', select: ['Options'] }],
      signal,
    }),
  );
  for (const { LogicalName, OptionSet } of value) {
    extend(columns, LogicalName, { options: OptionSet?.Options.map(({ Value }) => Value) ?? [] });
  }
}

const hasType = (columns: ReadonlyMap<string, CurrentColumn>, type: string) =>
  [...columns.values()].some((column) => column.type === type);

function extend(columns: Map<string, CurrentColumn>, name: string, detail: Partial<CurrentColumn>): void {
  const column = columns.get(name);
  if (column) columns.set(name, { ...column, ...detail });
}
