// How lookups and rows are named on the wire.

import { entitySetOf, type Lookup, lookupOf, type WrittenTable } from '../schema/tables.ts';
import type { Guid } from '../sync/model/link-names.ts';
import type { Party } from '../sync/model/rows.ts';
import type { Columns, Reference, Value } from '../sync/model/values.ts';
import { DataverseError, UNREADABLE } from './failure.ts';

/** The annotation that tells to which table a lookup points. */
export const LOOKUP_TABLE = 'Microsoft.Dynamics.CRM.lookuplogicalname';

/** The name under which a column is selected and answered: a lookup's id has one of its own. */
export function readName(table: WrittenTable, column: string): string {
  return lookupOf(table, column) === undefined ? column : `_${column}_value`;
}

/** The row that a lookup of an answer points to. */
export function readReference(answer: Record<string, unknown>, column: string, lookup: Lookup): Reference | null {
  const name = `_${column}_value`;
  const id = answer[name];
  if (typeof id !== 'string') return null;
  return { table: onlyTarget(lookup) ?? tableOf(answer, name), id: id.toLowerCase() as Guid };
}

/**
 * The table that the annotation beside a lookup's id names.
 *
 * @throws DataverseError when it is not there: the lookup could be of any table
 */
export function tableOf(answer: Record<string, unknown>, name: string): string {
  const table = answer[`${name}@${LOOKUP_TABLE}`];
  if (typeof table !== 'string') throw new DataverseError({ ...UNREADABLE });
  return table;
}

function onlyTarget({ bind, others }: Lookup): string | undefined {
  const [only, ...more] = Object.keys(bind);
  return more.length === 0 && others === undefined ? only : undefined;
}

/**
 * A row's columns as the Web API takes them: lookups become `…@odata.bind`.
 *
 * @throws DataverseError for a reference to a table that the connector does not know
 */
export function toBody(table: WrittenTable, columns: Columns, parties?: readonly Party[]): Record<string, unknown> {
  const body = Object.entries(columns).map(([column, value]): [string, unknown] => {
    const lookup = lookupOf(table, column);
    return lookup === undefined ? [column, value] : toBinding(lookup, value);
  });
  if (parties !== undefined) body.push(['appointment_activity_parties', parties.map(toParty)]);
  return Object.fromEntries(body);
}

function toBinding({ bind }: Lookup, value: Value): [string, string | null] {
  const navigations = new Map(Object.entries(bind));
  if (!isReference(value)) return [`${navigations.values().next().value}@odata.bind`, null];
  return [`${navigations.get(value.table) ?? unknownTable()}@odata.bind`, toUrl(value)];
}

function toParty({ role, target, address }: Party): Record<string, unknown> {
  if (target === null) return { participationtypemask: role, addressused: address };
  return { participationtypemask: role, [`partyid_${target.table}@odata.bind`]: toUrl(target) };
}

function toUrl({ table, id }: Reference): string {
  return `/${entitySetOf(table) ?? unknownTable()}(${id})`;
}

/** The address is never guessed: Dataverse would refuse it, or take it for another table. */
function unknownTable(): never {
  throw new DataverseError({ kind: 'permanent', code: 'unknown-table' });
}

function isReference(value: Value): value is Reference {
  return typeof value === 'object' && value !== null;
}
