// The tables that plans write, as exchanges meet them: what is selected of a row, how it is read, whether it is remembered.
import { schema } from '../schema/schema.ts';
import { tables } from '../schema/tables.ts';
import type { MappedColumns } from '../sync/mapped-columns.ts';
import { type Guid, linkId } from '../sync/model/link-names.ts';
import type { TableRows, WrittenTable } from '../sync/model/rows.ts';
import { readName } from './navigation.ts';
import { APPOINTMENT_OWN, readAppointment, readContact, readLink } from './row-readers.ts';

interface RowTable<Row> {
  /** Selected of every row, beside its key and version, by logical names. */
  readonly columns: (mapped: MappedColumns) => readonly string[];
  readonly read: (answer: unknown, mapped: MappedColumns) => Row;
  readonly idOf: (row: Row) => Guid;
  /** Whether memory keeps such a row. */
  readonly isRemembered: (row: Row) => boolean;
}

export const rowTables: { readonly [T in WrittenTable]: RowTable<TableRows[T]> } = {
  rdvs_link: {
    columns: () => Object.keys(schema.tables.rdvs_link.columns),
    read: (answer, { contact }) => readLink(answer, contact).link,
    idOf: ({ name }) => linkId(name),
    isRemembered: () => true,
  },
  contact: {
    columns: ({ contact }) => ['statecode', 'masterid', ...contact],
    read: (answer, { contact }) => readContact(answer, contact),
    idOf: ({ id }) => id,
    isRemembered: () => true,
  },
  appointment: {
    columns: ({ appointment }) => ['statecode', 'statuscode', ...appointment, ...APPOINTMENT_OWN],
    read: (answer, { appointment }) => readAppointment(answer, appointment),
    idOf: ({ id }) => id,
    // Occurrences are read by the name of their series, never by their ids: they would only push RDV out of memory.
    isRemembered: ({ columns }) => columns['rdvs_calendarentry'] == null,
  },
};

/** What to select of a table's rows: all that its reader needs. */
export function selectOf(table: WrittenTable, mapped: MappedColumns): string[] {
  const columns = rowTables[table].columns(mapped).map((column) => readName(table, column));
  return [tables[table].primaryKey, 'versionnumber', ...columns];
}
