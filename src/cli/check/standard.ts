// Checks the standard tables that the connector writes: lengths, states, navigation, optimistic concurrency.

import * as z from 'zod';
import { listOf, oneOf, type Read } from '../../provision/read.ts';
import { schema } from '../../schema/schema.ts';
import { appointmentStates, contactStates, standardColumns } from '../../schema/standard-columns.ts';
import { tables } from '../../schema/tables.ts';
import { type Finding, type Flaw, verdict, warning } from './finding.ts';

const states = { contact: contactStates, appointment: appointmentStates };
type StandardTable = keyof typeof standardColumns;

interface StandardColumn {
  readonly type: string;
  readonly maxLength?: number;
}

export async function checkStandardTables(read: Read): Promise<readonly Finding[]> {
  const tables = ['contact', 'appointment'] as const;
  const perTable = tables.map(async (table) => [
    ...(await checkLengths(read, table)),
    ...(await checkStates(read, table)),
  ]);
  const found = await Promise.all([...perTable, checkTraits(read), checkNavigation(read)]);
  return found.flat();
}

/** The connector cuts texts to the length of the reference; a shorter column would refuse them. */
async function checkLengths(read: Read, table: StandardTable): Promise<readonly Finding[]> {
  const expected = Object.entries<StandardColumn>(standardColumns[table]).flatMap(([name, { maxLength }]) =>
    maxLength === undefined ? [] : [{ name, maxLength }],
  );
  const { value } = await read(listOf({ LogicalName: z.string(), MaxLength: z.int() }), (api, signal) =>
    api.retrieveAttributes({
      entityKey: `LogicalName='${table}'`,
      castType: 'Microsoft.Dynamics.CRM.StringAttributeMetadata',
      select: ['LogicalName', 'MaxLength'],
      filter: oneOf(
        'LogicalName',
        expected.map(({ name }) => name),
      ),
      signal,
    }),
  );
  const lengths = new Map(value.map(({ LogicalName, MaxLength }) => [LogicalName, MaxLength]));
  const flaws = expected.flatMap(({ name, maxLength }): Flaw[] => {
    const length = lengths.get(name);
    if (length !== undefined && length >= maxLength) return [];
    return [
      {
        message: `${table}.${name} ${length === undefined ? 'is not a text column' : `holds ${length} characters`}; expected ${maxLength}`,
        remedy: 'give this column its standard length again in Power Apps: longer texts are refused, and set aside',
      },
    ];
  });
  return verdict(`standard columns of ${table}`, 'as long as in the reference, or longer', flaws);
}

const statusOption = z.object({ Value: z.int(), State: z.int() });

async function checkStates(read: Read, table: StandardTable): Promise<readonly Finding[]> {
  const OptionSet = z.object({ Options: z.array(statusOption) });
  const { value } = await read(listOf({ LogicalName: z.string(), OptionSet }), (api, signal) =>
    api.retrieveAttributes({
      entityKey: `LogicalName='${table}'`,
      castType: 'Microsoft.Dynamics.CRM.StatusAttributeMetadata',
      select: ['LogicalName'],
      expand: [{ property: 'OptionSet', select: ['Options'] }],
      signal,
    }),
  );
  const options = value.flatMap((column) => column.OptionSet.Options);
  return judgeStates(table, options);
}

/** Departments may add status reasons of their own; those that the connector sets must stay. */
export function judgeStates(
  table: StandardTable,
  options: readonly z.infer<typeof statusOption>[],
): readonly Finding[] {
  const used = Object.entries(states[table]);
  const flaws = used
    .filter(([, pair]) => !options.some(({ Value, State }) => Value === pair.statuscode && State === pair.statecode))
    .map(([name, { statecode, statuscode }]) => ({
      message: `${table}: no status reason ${statuscode} in state ${statecode} (${name})`,
      remedy: 'add it again to the status reasons of this table, or set its default again',
    }));
  const more = options.length - used.length;
  return verdict(`states of ${table}`, more > 0 ? `those used, and ${more} more` : 'those used', flaws);
}

/** Microsoft Learn, "Optimistic concurrency"; "Define status reason transitions" (EnforceStateTransitions). */
async function checkTraits(read: Read): Promise<readonly Finding[]> {
  const traits = listOf({
    LogicalName: z.string(),
    IsOptimisticConcurrencyEnabled: z.boolean(),
    EnforceStateTransitions: z.boolean().nullish(),
  });
  const { value } = await read(traits, (api, signal) =>
    api.retrieveEntities({
      select: ['LogicalName', 'IsOptimisticConcurrencyEnabled', 'EnforceStateTransitions'],
      filter: oneOf('LogicalName', Object.keys(schema.tables)),
      signal,
    }),
  );
  return judgeTraits(value);
}

interface Traits {
  readonly LogicalName: string;
  readonly IsOptimisticConcurrencyEnabled: boolean;
  readonly EnforceStateTransitions?: boolean | null | undefined;
}

export function judgeTraits(tables: readonly Traits[]): readonly Finding[] {
  const without = tables.filter((table) => !table.IsOptimisticConcurrencyEnabled);
  const strict = tables.filter((table) => table.EnforceStateTransitions === true);
  const flaws = without.map(({ LogicalName }) => ({
    message: `${LogicalName}: not enabled, so that every write of the connector is refused`,
    remedy: 'set IsOptimisticConcurrencyEnabled of this table to true (EntityMetadata), or ask Microsoft support',
  }));
  return [
    ...verdict('optimistic concurrency', tables.map(({ LogicalName }) => LogicalName).join(', '), flaws),
    ...strict.map(({ LogicalName }) =>
      warning(`states of ${LogicalName}`, {
        message: 'only some transitions of status reasons are allowed: a change of state may be refused',
        remedy: 'allow the connector to reopen, complete and cancel in the status reason transitions of this table',
      }),
    ),
  ];
}

const REGARDING = tables.appointment.lookups.regardingobjectid.bind.contact;

/** Microsoft Learn, "Appointment table/entity reference": regarding a contact, and the parties of an appointment. */
async function checkNavigation(read: Read): Promise<readonly Finding[]> {
  const shape = { ReferencingEntityNavigationPropertyName: z.string() };
  const { value } = await read(listOf(shape), (api, signal) =>
    api.retrieveRelationships({
      castType: 'Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata',
      select: Object.keys(shape),
      filter: `ReferencingEntity eq 'appointment' and ReferencedEntity eq 'contact'`,
      signal,
    }),
  );
  const there = value.some((found) => found.ReferencingEntityNavigationPropertyName === REGARDING);
  const flaw = {
    message: `${REGARDING} does not exist: appointments cannot be tied to contacts`,
    remedy: 'check that contacts may be the regarding of activities (contact table, properties, activities)',
  };
  return verdict('navigation', REGARDING, there ? [] : [flaw]);
}
