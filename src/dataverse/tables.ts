// The tables that plans write, as exchanges meet them: what is selected of a row, how it is read, whether it is remembered.
import type { RetrieveMultipleRequest } from 'dynamics-web-api';
import { schema } from '../schema/schema.ts';
import { tables, type WrittenTable } from '../schema/tables.ts';
import { type MappedColumns, PARTICIPATION_COLUMNS } from '../sync/mapped-columns.ts';
import { type Guid, linkId } from '../sync/model/link-names.ts';
import type { Write } from '../sync/model/plan.ts';
import type { AppointmentRow, Known, Row, TableRows } from '../sync/model/rows.ts';
import { LOOKUP_TABLE, readName } from './navigation.ts';
import { readRow } from './read-row.ts';
import {
  APPOINTMENT_OWN,
  PARTICIPATIONS,
  PARTY_SELECT,
  readAppointment,
  readContact,
  readLink,
} from './row-readers.ts';

/** A change set that was written: each part, and the row after it where an answer tells it. */
export type Written = readonly { readonly write: Write; readonly answer: unknown }[];

interface RowTable<Row> {
  /** Selected of every row, beside its key and version, by logical names. */
  readonly columns: (mapped: MappedColumns) => readonly string[];
  readonly read: (answer: unknown, mapped: MappedColumns) => Row;
  readonly idOf: (row: Row) => Guid;
  /** Asked for with every row that is read. */
  readonly expansion?: (mapped: MappedColumns) => Pick<RetrieveMultipleRequest, 'expand' | 'includeAnnotations'>;
  /** Adds what the answer to a write does not carry; undefined when nobody knows it. */
  readonly complete?: (answered: Row, known: Known, written: Written) => Row | undefined;
  /** Whether memory keeps such a row. */
  readonly isRemembered: (row: Row) => boolean;
  /** For how long at most, in ms; as long as any other row when it is left out. */
  readonly rememberedFor?: number;
}

const REFERENT_COLUMNS = Object.keys(schema.tables.rdvs_referent.columns);
const MOTIF_COLUMNS = [...Object.keys(schema.tables.rdvs_motif.columns), 'statecode'];

export const rowTables: { readonly [T in WrittenTable]: RowTable<TableRows[T]> } = {
  rdvs_link: {
    columns: () => Object.keys(schema.tables.rdvs_link.columns),
    read: (answer, { contact }) => readLink(answer, contact).link,
    idOf: ({ name }) => linkId(name),
    isRemembered: () => true,
  },
  rdvs_motif: {
    columns: () => MOTIF_COLUMNS,
    read: (answer) => readRow('rdvs_motif', answer, MOTIF_COLUMNS),
    idOf: ({ id }) => id,
    isRemembered: () => true,
    // What people fill there takes effect within a minute.
    rememberedFor: 60_000,
  },
  contact: {
    columns: ({ contact }) => ['statecode', 'masterid', ...contact],
    read: (answer, { contact }) => readContact(answer, contact),
    idOf: ({ id }) => id,
    isRemembered: () => true,
  },
  appointment: {
    columns: ({ appointment }) => ['statecode', 'statuscode', ...appointment, ...APPOINTMENT_OWN],
    read: (answer, mapped) => readAppointment(answer, mapped),
    idOf: ({ id }) => id,
    expansion: (mapped) => ({
      expand: [
        { property: 'appointment_activity_parties', select: PARTY_SELECT },
        ...(mapped.rdvs_participation.length === 0
          ? []
          : [{ property: PARTICIPATIONS, select: selectOf('rdvs_participation', mapped) }]),
      ],
      includeAnnotations: LOOKUP_TABLE,
    }),
    // Attendees and participations are what was written, or what was read.
    complete: (answered, known, written) => {
      const before = known.appointment.get(answered.id);
      const last = written.findLast(({ write: { id, parties } }) => id === answered.id && parties !== undefined);
      const parties = last?.write.parties ?? before?.parties;
      return parties && { ...answered, parties, participations: participationsAfter(before, written) };
    },
    // Occurrences are read by the name of their series, never by their ids: they would only push RDV out of memory.
    isRemembered: ({ columns }) => columns['rdvs_calendarentry'] == null,
  },
  rdvs_participation: {
    columns: ({ rdvs_participation }) => rdvs_participation,
    read: (answer, { rdvs_participation }) => readRow('rdvs_participation', answer, rdvs_participation),
    idOf: ({ id }) => id,
    // With its appointment: see `participationsAfter`.
    isRemembered: () => false,
  },
  rdvs_referent: {
    columns: () => REFERENT_COLUMNS,
    read: (answer) => readRow('rdvs_referent', answer, REFERENT_COLUMNS),
    idOf: ({ id }) => id,
    isRemembered: () => true,
  },
};

/** The participations of an appointment after a change set. */
export function participationsAfter(before: AppointmentRow | null | undefined, written: Written): readonly Row[] {
  const rows = new Map((before?.participations ?? []).map((row) => [row.id, row]));
  for (const { write, answer } of written) {
    if (write.table !== 'rdvs_participation') continue;
    if (write.operation === 'delete' || typeof answer !== 'object') rows.delete(write.id);
    else rows.set(write.id, readRow(write.table, answer, PARTICIPATION_COLUMNS));
  }
  return [...rows.values()];
}

/** What to select of a table's rows: all that its reader needs. */
export function selectOf(table: WrittenTable, mapped: MappedColumns): string[] {
  const columns = rowTables[table].columns(mapped).map((column) => readName(table, column));
  return [tables[table].primaryKey, 'versionnumber', ...columns];
}

/** Asks for the rows of a table, with all that their reader needs. */
export function rowsWhere(table: WrittenTable, filter: string, mapped: MappedColumns): RetrieveMultipleRequest {
  return {
    collection: tables[table].entitySet,
    select: selectOf(table, mapped),
    ...rowTables[table].expansion?.(mapped),
    filter,
  };
}
