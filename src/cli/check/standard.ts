// Checks the standard tables that the connector writes: lengths, states, navigation, optimistic concurrency.

import * as z from 'zod';
import { listOf, oneOf, type Read } from '../../provision/read.ts';
import { schema } from '../../schema/schema.ts';
import { appointmentStates, contactStates, standardColumns } from '../../schema/standard-columns.ts';
import { tables } from '../../schema/tables.ts';
import type { Text } from '../text.ts';
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
        message: {
          en: `${table}.${name} ${length === undefined ? 'is not a text column' : `holds ${length} characters`}; expected ${maxLength}`,
          fr: `${table}.${name} ${length === undefined ? 'n’est pas une colonne de texte' : `contient ${length} caractères`} ; attendu : ${maxLength}`,
        },
        remedy: {
          en: 'give this column its standard length again in Power Apps: longer texts are refused, and set aside',
          fr: 'rendez à cette colonne sa longueur standard dans Power Apps : les textes plus longs sont refusés, et mis de côté',
        },
      },
    ];
  });
  return verdict(
    { en: `standard columns of ${table}`, fr: `colonnes standard de ${table}` },
    { en: 'as long as in the reference, or longer', fr: 'aussi longues que dans la référence, ou plus' },
    flaws,
  );
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

const statesOf = (table: string): Text => ({ en: `states of ${table}`, fr: `états de ${table}` });

/** Departments may add status reasons of their own; those that the connector sets must stay. */
export function judgeStates(
  table: StandardTable,
  options: readonly z.infer<typeof statusOption>[],
): readonly Finding[] {
  const used = Object.entries(states[table]);
  const flaws = used
    .filter(([, pair]) => !options.some(({ Value, State }) => Value === pair.statuscode && State === pair.statecode))
    .map(([name, { statecode, statuscode }]) => ({
      message: {
        en: `${table}: no status reason ${statuscode} in state ${statecode} (${name})`,
        fr: `${table} : pas de raison du statut ${statuscode} dans l’état ${statecode} (${name})`,
      },
      remedy: {
        en: 'add it again to the status reasons of this table, or set its default again',
        fr: 'ajoutez-la de nouveau aux raisons du statut de cette table, ou remettez sa valeur par défaut',
      },
    }));
  const more = options.length - used.length;
  const good =
    more > 0
      ? { en: `those used, and ${more} more`, fr: `ceux utilisés, et ${more} autres` }
      : { en: 'those used', fr: 'ceux utilisés' };
  return verdict(statesOf(table), good, flaws);
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
    message: {
      en: `${LogicalName}: not enabled, so that every write of the connector is refused`,
      fr: `${LogicalName} : pas activée, si bien que chaque écriture du connecteur est refusée`,
    },
    remedy: {
      en: 'set IsOptimisticConcurrencyEnabled of this table to true (EntityMetadata), or ask Microsoft support',
      fr: 'mettez IsOptimisticConcurrencyEnabled de cette table à true (EntityMetadata), ou demandez au support de Microsoft',
    },
  }));
  return [
    ...verdict(
      { en: 'optimistic concurrency', fr: 'concurrence optimiste' },
      tables.map(({ LogicalName }) => LogicalName).join(', '),
      flaws,
    ),
    ...strict.map(({ LogicalName }) =>
      warning(statesOf(LogicalName), {
        message: {
          en: 'only some transitions of status reasons are allowed: a change of state may be refused',
          fr: 'seules certaines transitions de raison du statut sont permises : un changement d’état peut être refusé',
        },
        remedy: {
          en: 'allow the connector to reopen, complete and cancel in the status reason transitions of this table',
          fr: 'permettez au connecteur de rouvrir, terminer et annuler dans les transitions de raison du statut de cette table',
        },
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
    message: {
      en: `${REGARDING} does not exist: appointments cannot be tied to contacts`,
      fr: `${REGARDING} n’existe pas : les rendez-vous ne peuvent pas concerner des contacts`,
    },
    remedy: {
      en: 'check that contacts may be the regarding of activities (contact table, properties, activities)',
      fr: 'vérifiez que les activités peuvent concerner des contacts (table contact, propriétés, activités)',
    },
  };
  return verdict('navigation', REGARDING, there ? [] : [flaw]);
}
