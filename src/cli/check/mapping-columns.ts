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
const DETAILS: Readonly<Record<string, readonly string[]>> = {
  String: ['MaxLength'],
  Memo: ['MaxLength'],
  Integer: ['MinValue', 'MaxValue'],
  Decimal: ['MinValue', 'MaxValue', 'Precision'],
  DateTime: ['Format', 'DateTimeBehavior'],
};

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
  const extend = (name: string, more: Partial<FoundColumn>) => {
    const before = found.get(name);
    if (before !== undefined) found.set(name, { ...before, ...more });
  };
  for (const type of new Set(value.map(({ AttributeType }) => AttributeType))) {
    for (const [name, more] of await readDetails(read, { table, type, filter })) extend(name, more);
  }
  const choices = value.flatMap(({ AttributeType, LogicalName }) => (AttributeType === 'Picklist' ? LogicalName : []));
  for (const [name, options] of await readOptions(read, table, choices)) extend(name, { options });
  return found;
}

type Details = z.infer<typeof details>;

async function readDetails(
  read: Read,
  { table, type, filter }: { table: MappedTable; type: string; filter: string },
): Promise<readonly (readonly [string, Details])[]> {
  const names = DETAILS[type];
  if (names === undefined) return [];
  const { value } = await read(listOf({ LogicalName: z.string(), ...details.shape }), (api, signal) =>
    api.retrieveAttributes({
      entityKey: `LogicalName='${table}'`,
      castType: `Microsoft.Dynamics.CRM.${type}AttributeMetadata`,
      select: ['LogicalName', ...names],
      filter,
      signal,
    }),
  );
  return value.map(({ LogicalName, ...more }) => [LogicalName, more]);
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
      const options = set?.Options.map(({ Value }) => Value);
      if (options !== undefined) found.set(String(LogicalName), options);
    }
  }
  return found;
}
