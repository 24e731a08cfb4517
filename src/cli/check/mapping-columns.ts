// The columns of a département as the environment has them: only what a mapping depends on.
import * as z from 'zod';
import { listOf, oneOf, type Read } from '../../provision/read.ts';
import type { MappedTable } from '../../sync/model/mapping.ts';

const column = {
  LogicalName: z.string(),
  AttributeType: z.string(),
  IsValidForCreate: z.boolean(),
  IsValidForUpdate: z.boolean(),
  IsSecured: z.boolean().nullish(),
};

/** What each type tells when columns are read as their own type (Microsoft Learn, "Query table definitions"). */
const DETAILS = {
  String: { MaxLength: z.int() },
  Memo: { MaxLength: z.int() },
  Integer: { MinValue: z.number(), MaxValue: z.number() },
  Decimal: { MinValue: z.number(), MaxValue: z.number(), Precision: z.int() },
  DateTime: { Format: z.string(), DateTimeBehavior: z.object({ Value: z.string() }) },
} as const;

const details = z.object({
  MaxLength: z.int().optional(),
  MinValue: z.number().optional(),
  MaxValue: z.number().optional(),
  Precision: z.int().optional(),
  Format: z.string().optional(),
  DateTimeBehavior: z.object({ Value: z.string() }).optional(),
});

export interface FoundColumn extends z.infer<z.ZodObject<typeof column>>, z.infer<typeof details> {
  /** Of a choice. */
  readonly options?: readonly number[];
}

/** Reads columns by their names; those that are not there are left out. */
export async function readColumns(
  read: Read,
  table: MappedTable,
  names: readonly string[],
): Promise<ReadonlyMap<string, FoundColumn>> {
  const filter = oneOf('LogicalName', names);
  const { value } = await read(listOf(column), (api, signal) =>
    api.retrieveAttributes({
      entityKey: `LogicalName='${table}'`,
      select: Object.keys(column),
      filter,
      signal,
    }),
  );
  const found = new Map<string, FoundColumn>(value.map((one) => [one.LogicalName, one]));
  const has = (type: string) => value.some(({ AttributeType }) => AttributeType === type);
  const extend = (name: string, more: Partial<FoundColumn>) => {
    const before = found.get(name);
    if (before !== undefined) found.set(name, { ...before, ...more });
  };
  for (const [type, shape] of Object.entries(DETAILS)) {
    if (!has(type)) continue;
    const { value: typed } = await read(listOf({ LogicalName: z.string(), ...details.shape }), (api, signal) =>
      api.retrieveAttributes({
        entityKey: `LogicalName='${table}'`,
        castType: `Microsoft.Dynamics.CRM.${type}AttributeMetadata`,
        select: ['LogicalName', ...Object.keys(shape)],
        filter,
        signal,
      }),
    );
    for (const { LogicalName, ...more } of typed) extend(LogicalName, details.parse(more));
  }
  const choices = value
    .filter(({ AttributeType }) => AttributeType === 'Picklist')
    .map(({ LogicalName }) => LogicalName);
  for (const [name, options] of await readOptions(read, table, choices)) extend(name, { options });
  return found;
}

const optionSet = z.object({ Options: z.array(z.object({ Value: z.int() })) }).nullish();

/** A choice has options of its own, or those of a list that it shares with others. */
async function readOptions(
  read: Read,
  table: MappedTable,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  const found = new Map<string, readonly number[]>();
  for (const property of ['OptionSet', 'GlobalOptionSet'] as const) {
    const rest = names.filter((name) => !found.has(name));
    if (rest.length === 0) continue;
    const { value } = await read(listOf({ LogicalName: z.string(), [property]: optionSet }), (api, signal) =>
      api.retrieveAttributes({
        entityKey: `LogicalName='${table}'`,
        castType: 'Microsoft.Dynamics.CRM.PicklistAttributeMetadata',
        select: ['LogicalName'],
        filter: oneOf('LogicalName', rest),
        expand: [{ property, select: ['Options'] }],
        signal,
      }),
    );
    for (const { LogicalName, ...more } of value) {
      const set = optionSet.parse(more[property]);
      if (set != null)
        found.set(
          String(LogicalName),
          set.Options.map(({ Value }) => Value),
        );
    }
  }
  return found;
}
