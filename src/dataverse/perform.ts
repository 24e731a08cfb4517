// Request 2: the writes of a plan, one change set, all or nothing.
import type { DynamicsWebApi } from 'dynamics-web-api';
import type { Write } from '../sync/model/plan.ts';
import { inBatch } from './batch.ts';
import type { Calls } from './calls.ts';
import { DataverseError, UNREADABLE } from './failure.ts';
import { ENTITY_SETS, toBody } from './navigation.ts';
import { APPOINTMENT_SELECT, CONTACT_SELECT, LINK_SELECT } from './row-readers.ts';

const SELECT = { rdvs_link: LINK_SELECT, contact: CONTACT_SELECT, appointment: APPOINTMENT_SELECT };

/**
 * Writes one change set. Nothing is written when any part fails.
 *
 * @returns for each write the row as it is after it, as the Web API answers it; undefined after a deletion
 * @throws DataverseError: of kind `conflict` when a row is no longer as it was read, or the answer cannot be read
 */
export async function performChangeSet(calls: Calls, writes: readonly Write[]): Promise<readonly unknown[]> {
  try {
    return await inBatch(calls, (api) => writes.map((write) => send(api, write)));
  } catch (error) {
    // Whether they were written, the rows tell.
    if (error instanceof DataverseError && error.failure === UNREADABLE) {
      throw new DataverseError({ ...UNREADABLE, kind: 'conflict' });
    }
    throw error;
  }
}

function send(api: DynamicsWebApi, { table, id, operation, condition, columns, parties }: Write): Promise<unknown> {
  const target = { collection: ENTITY_SETS[table] ?? table, key: id };
  const ifmatch = condition === 'any' || condition === 'absent' ? '*' : condition;
  const answer = { returnRepresentation: true, select: SELECT[table] };
  switch (operation) {
    case 'create':
      return api.upsert({ ...target, ...answer, data: toBody(table, columns, parties), ifnonematch: '*' });
    case 'update':
      return api.update({ ...target, ...answer, data: toBody(table, columns, parties), ifmatch });
    case 'delete':
      return api.deleteRecord({ ...target, ifmatch });
  }
}
