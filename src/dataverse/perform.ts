// Request 2: the writes of a plan, one change set, all or nothing.
import { tables } from '../schema/tables.ts';
import type { MappedColumns } from '../sync/mapped-columns.ts';
import type { Write } from '../sync/model/plan.ts';
import { type AttendeeForm, mayRefuseForm, otherForm } from './attendee-form.ts';
import type { Calls } from './calls.ts';
import { DataverseError, type Failure, UNREADABLE } from './failure.ts';
import { LOOKUP_TABLE, toBody } from './navigation.ts';
import type { Operation } from './shared-batch.ts';
import { selectOf } from './tables.ts';

/** Every change of rows passes here, so this is where `WRITE_TO_DYNAMICS=false` is kept. */
const HELD: Failure = { kind: 'configuration', code: 'writing-is-off', missing: 'WRITE_TO_DYNAMICS' };

/**
 * Writes one change set. Nothing is written when any part fails. When the way in which attendees are written is refused,
 * the whole change set is sent once more in the other way, which is kept when it succeeds.
 *
 * @returns for each write the row as it is after it, as the Web API answers it; undefined after a deletion, and where
 * attendees went in a part of their own, which gives the row a version that no answer tells
 * @throws DataverseError: of kind `conflict` when a row is no longer as it was read, or the answer cannot be read
 */
export async function performChangeSet(calls: Calls, writes: readonly Write[]): Promise<readonly unknown[]> {
  if (calls.readOnly) throw new DataverseError(HELD);
  const { attendees } = calls;
  const { form } = attendees;
  try {
    return await perform(calls, writes, form);
  } catch (refusal) {
    if (!writes.some(replacesAttendees) || !mayRefuseForm(refusal)) throw refusal;
    const other = otherForm(form);
    const answers = await perform(calls, writes, other).catch((error: unknown) => {
      // Refused in both: the form is not to blame, and the first refusal says more.
      throw mayRefuseForm(error) ? refusal : error;
    });
    attendees.form = other;
    return answers;
  }
}

async function perform(calls: Calls, writes: readonly Write[], form: AttendeeForm): Promise<readonly unknown[]> {
  const apart = (write: Write) => form === 'put' && replacesAttendees(write);
  const operations = writes.flatMap((write): Operation[] => {
    if (!apart(write)) return [send(write, calls.mapped)];
    const { parties, ...rest } = write;
    return [send(rest, calls.mapped), putAttendees(write)];
  });
  const answers = await sendAll(
    calls,
    operations,
    writes.map(({ table, id }) => `${table} ${id}`),
  );
  let at = 0;
  return writes.map((write) => {
    const answer = answers[at];
    at += apart(write) ? 2 : 1;
    return apart(write) ? undefined : answer;
  });
}

/** An answer that cannot be read does not say whether the rows were written: reading them again tells. */
async function sendAll(calls: Calls, ...changeSet: Parameters<Calls['send']>): Promise<readonly unknown[]> {
  try {
    return await calls.send(...changeSet);
  } catch (error) {
    if (error instanceof DataverseError && error.failure === UNREADABLE) {
      throw new DataverseError({ ...UNREADABLE, kind: 'conflict' });
    }
    throw error;
  }
}

const replacesAttendees = ({ operation, parties }: Write) => operation === 'update' && parties !== undefined;

/** After the part that holds the condition: a version that was read is gone once attendees were replaced. */
function putAttendees({ table, id, parties }: Write): Operation {
  const collection = tables[table].entitySet;
  const fieldValuePair = toBody(table, {}, parties);
  return (api, contentId) => api.updateSingleProperty({ collection, key: id, fieldValuePair, contentId });
}

function send(write: Write, mapped: MappedColumns): Operation {
  const { table, id, operation, condition, columns, parties } = write;
  const target = { collection: tables[table].entitySet, key: id };
  const ifmatch = condition === 'any' || condition === 'absent' ? '*' : condition;
  const answer = { returnRepresentation: true, select: selectOf(table, mapped), includeAnnotations: LOOKUP_TABLE };
  switch (operation) {
    case 'create':
      return (api, contentId) =>
        api.upsert({
          ...target,
          ...answer,
          contentId,
          data: toBody(table, columns, parties),
          ...(condition === 'absent' ? { ifnonematch: '*' } : {}),
        });
    case 'update':
      return (api, contentId) =>
        api.update({ ...target, ...answer, contentId, data: toBody(table, columns, parties), ifmatch });
    case 'delete':
      return (api, contentId) => api.deleteRecord({ ...target, contentId, ifmatch });
  }
}
