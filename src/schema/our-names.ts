// Which columns of the tables that we extend are ours to fill, so that nothing else may.
import { schema } from './schema.ts';
import { type StandardColumnName, type StandardTable, standardColumns } from './standard-columns.ts';

/** The columns that are one fact: an address changes as a whole, and an RDV that was moved is moved as a whole. */
export const ONE_FACT = {
  contact: [['address1_line1', 'address1_line2', 'address1_postalcode', 'address1_city']],
  appointment: [['scheduledstart', 'scheduledend']],
} as const satisfies { [T in StandardTable]: readonly (readonly StandardColumnName<T>[])[] };

/** Columns and marks that the connector uses beside those that it fills; a link remembers some of them. */
const RESERVED: Readonly<Record<StandardTable, readonly string[]>> = {
  contact: ['contactid', 'masterid', 'ownerid', 'state', 'versionnumber'],
  appointment: [
    'activityid',
    'agents',
    'ownerid',
    'regardingobjectid',
    'state',
    'template',
    'usagers',
    'versionnumber',
  ],
};

/** Whether a name means something to the connector itself. */
export function isOurName(table: StandardTable, column: string): boolean {
  return (
    column.startsWith(`${schema.publisher.prefix}_`) ||
    Object.hasOwn(standardColumns[table], column) ||
    RESERVED[table].includes(column)
  );
}

const STATE: readonly string[] = ['statecode', 'statuscode'];
/** Of a series of appointments: an RDV has none. */
const NOT_MAPPED: readonly string[] = ['rdvs_calendarentry'];

/** The columns that notifications fill without any mapping of the département. */
export function ourLines(table: StandardTable): readonly string[] {
  const names = [...Object.keys(standardColumns[table]), ...Object.keys(schema.tables[table].columns)];
  return names.filter((name) => !STATE.includes(name) && !NOT_MAPPED.includes(name));
}
