// Request 2: the writes of a plan, one change set, all or nothing.
import type { DynamicsWebApi } from 'dynamics-web-api';
import { tables } from '../schema/tables.ts';
import type { MappedColumns } from '../sync/mapped-columns.ts';
import type { Write } from '../sync/model/plan.ts';
import { inBatch } from './batch.ts';
import type { Calls } from './calls.ts';
import { DataverseError, UNREADABLE } from './failure.ts';
import { LOOKUP_TABLE, toBody } from './navigation.ts';
import { selectOf } from './tables.ts';

/**
 * Writes one change set. Nothing is written when any part fails.
 *
 * @returns for each write the row as it is after it, as the Web API answers it; undefined after a deletion
 * @throws DataverseError: of kind `conflict` when a row is no longer as it was read, or the answer cannot be read
 */
export async function performChangeSet(calls: Calls, writes: readonly Write[]): Promise<readonly unknown[]> {
  try {
    return await inBatch(calls, (api) => writes.map((write) => send(api, write, calls.mapped)));
  } catch (error) {
    // Whether they were written, the rows tell.
    if (error instanceof DataverseError && error.failure === UNREADABLE) {
      throw new DataverseError({ ...UNREADABLE, kind: 'conflict' });
    }
    throw error;
  }
}

function send(api: DynamicsWebApi, write: Write, mapped: MappedColumns): Promise<unknown> {
  const { table, id, operation, condition, columns, parties } = write;
  const target = { collection: tables[table].entitySet, key: id };
  const ifmatch = condition === 'any' || condition === 'absent' ? '*' : condition;
  const answer = { returnRepresentation: true, select: selectOf(table, mapped), includeAnnotations: LOOKUP_TABLE };
  switch (operation) {
    case 'create':
      return api.upsert({ ...target, ...answer, data: toBody(table, columns, parties), ifnonematch: '*' });
    case 'update':
      return api.update({ ...target, ...answer, data: toBody(table, columns, parties), ifmatch });
    case 'delete':
      return api.deleteRecord({ ...target, ifmatch });
  }
}
