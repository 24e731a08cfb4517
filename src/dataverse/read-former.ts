// Reads rows with columns that links remember and that the mapping no longer names: what was written there is emptied
// with the rest of a person. Somebody may have deleted such a column in Dynamics since.
import { withColumns } from '../sync/mapped-columns.ts';
import type { FormerColumns } from '../sync/model/plan.ts';
import type { Known, ReadRequest } from '../sync/model/rows.ts';
import type { Columns } from '../sync/model/values.ts';
import type { Calls } from './calls.ts';
import { DataverseError } from './failure.ts';
import { readRows } from './read.ts';

/**
 * Reads rows with further columns. Those that Dataverse does not know any more are entered as empty.
 *
 * @throws DataverseError
 */
export async function readWithFormer(calls: Calls, request: ReadRequest, columns: FormerColumns): Promise<Known> {
  const { contact = [], appointment = [] } = columns;
  const read = (former: FormerColumns) => readRows(calls, request, withColumns(calls.mapped, former));
  try {
    return await read({ contact, appointment });
  } catch (error) {
    if (!isMissing(error) || contact.length + appointment.length === 0) throw error;
  }
  const left: FormerColumns = {
    contact: await existing(contact, (column) => read({ contact: [column] })),
    appointment: await existing(appointment, (column) => read({ appointment: [column] })),
  };
  const known = await read(left);
  return {
    ...known,
    contact: withEmpty(known.contact, contact),
    appointment: withEmpty(known.appointment, appointment),
  };
}

async function existing(columns: readonly string[], read: (column: string) => Promise<Known>): Promise<string[]> {
  const found: string[] = [];
  for (const column of columns) {
    try {
      await read(column);
      found.push(column);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return found;
}

/** An unknown column, as opposed to a missing right: then the value is still there, and has to go. */
function isMissing(error: unknown): boolean {
  return error instanceof DataverseError && error.failure.kind === 'configuration' && error.failure.status === 400;
}

function withEmpty<K, R extends { readonly columns: Columns }>(
  rows: ReadonlyMap<K, R | null>,
  columns: readonly string[],
) {
  const empty = Object.fromEntries(columns.map((column) => [column, null]));
  return new Map(
    [...rows].map(([id, row]): [K, R | null] => [id, row && { ...row, columns: { ...empty, ...row.columns } }]),
  );
}
