// The parts of a change set that bring one appointment to a state: Dynamics refuses a state on create, and changes on a
// closed row.
import { appointmentStates } from '../../schema/standard-columns.ts';
import type { Guid } from '../model/link-names.ts';
import type { Write } from '../model/plan.ts';
import type { AppointmentRow, Party } from '../model/rows.ts';
import type { Columns, Value } from '../model/values.ts';

type StatePair = Readonly<Record<'statecode' | 'statuscode', number>>;

export interface AppointmentChange {
  readonly columns: Columns;
  readonly parties: readonly Party[] | undefined;
  /** The state to end in, or `undefined` to leave it as it is. */
  readonly state: StatePair | undefined;
}

// Completed and cancelled appointments are read-only (Microsoft Learn, "Appointment table", StateCode).
const CLOSED: readonly number[] = [appointmentStates.completed.statecode, appointmentStates.canceled.statecode];

/** Whether it is completed or cancelled. */
export const isClosed = ({ statecode }: Pick<AppointmentRow, 'statecode'>): boolean => CLOSED.includes(statecode);

const samePair = (a: StatePair, b: StatePair) => a.statecode === b.statecode && a.statuscode === b.statuscode;
const pairOf = ({ statecode, statuscode }: StatePair): StatePair => ({ statecode, statuscode });

/** Creates an appointment that must not exist yet. Its state comes as a second part: it is refused on create. */
export function createAppointment(id: Guid, change: AppointmentChange): readonly Write[] {
  const given = Object.entries(change.columns).filter((entry): entry is [string, Value] => entry[1] !== null);
  const create: Write = {
    table: 'appointment',
    id,
    operation: 'create',
    condition: 'absent',
    columns: Object.fromEntries(given),
    ...(change.parties?.length ? { parties: change.parties } : {}),
  };
  const { state } = change;
  return state === undefined || samePair(state, appointmentStates.open)
    ? [create]
    : [create, setState(id, state, 'any')];
}

/**
 * Updates an appointment. The first part carries the version that was read; a closed one is reopened, changed, and
 * closed again. Dataverse takes a state with other columns, which it applies first (Microsoft Learn, "Perform specialized
 * operations using Update"); attendees may go in a part of their own, which must come before the row is closed.
 */
export function updateAppointment(row: AppointmentRow, change: AppointmentChange): readonly Write[] {
  const changesRow = Object.keys(change.columns).length > 0 || change.parties !== undefined;
  // Nothing is asked of the row then, so nothing needs to be known of it.
  if (!changesRow && change.state === undefined) return [];
  const target = change.state ?? pairOf(row);
  if (!changesRow) return samePair(target, row) ? [] : [setState(row.id, target, row.etag)];
  const closed = isClosed(row);
  const reopen = closed ? [setState(row.id, appointmentStates.open, row.etag)] : [];
  const moves = !samePair(target, closed ? appointmentStates.open : pairOf(row));
  const apart = moves && change.parties !== undefined;
  const update: Write = {
    table: 'appointment',
    id: row.id,
    operation: 'update',
    condition: closed ? 'any' : row.etag,
    columns: moves && !apart ? { ...change.columns, ...pairOf(target) } : change.columns,
    ...(change.parties === undefined ? {} : { parties: change.parties }),
  };
  return [...reopen, update, ...(apart ? [setState(row.id, target, 'any')] : [])];
}

function setState(id: Guid, state: StatePair, condition: Write['condition']): Write {
  return { table: 'appointment', id, operation: 'update', condition, columns: pairOf(state) };
}
