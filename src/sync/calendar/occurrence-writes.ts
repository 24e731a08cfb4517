// The occurrences of an absence or a plage d'ouverture as appointments: which to create, change and take away.
import { appointmentStates } from '../../schema/standard-columns.ts';
import type { Guid, LinkName } from '../model/link-names.ts';
import type { Write } from '../model/plan.ts';
import type { Policy } from '../model/policy.ts';
import type { AppointmentRow } from '../model/rows.ts';
import type { Series } from '../model/series.ts';
import type { Columns, Value } from '../model/values.ts';
import { APPOINTMENT_GROUPS } from '../rdv/appointment-mapping.ts';
import { createAppointment, isClosed, updateAppointment } from '../rules/appointment-writes.ts';
import { hashOf, reconcile } from '../rules/reconcile.ts';
import { UNTITLED } from './calendar-mapping.ts';
import { isAbsence } from './calendar-names.ts';
import type { CalendarWindow } from './calendar-window.ts';
import { organizerParty, organizersAfter, userAmongOwners } from './occurrence-organizer.ts';
import { writtenByConnector } from './occurrence-rows.ts';
import { type Occurrence, occurrencesOf } from './occurrences.ts';

export interface Layout {
  readonly name: LinkName;
  /** The sender's values for the columns that all occurrences share. A column that it does not mention is absent. */
  readonly said: Columns;
  readonly after: Omit<Series, 'written'>;
  readonly before: Series | null;
  /** Column → short hash of what the sender said before. */
  readonly hashes: Readonly<Record<string, string>>;
  /** All the appointments that carry the name. */
  readonly rows: readonly AppointmentRow[];
  readonly window: CalendarWindow;
  readonly policy: Policy;
}

export interface LaidOut {
  readonly writes: readonly Write[];
  /** What the link is to remember. */
  readonly series: Series;
  readonly hashes: Readonly<Record<string, string>>;
  readonly nextTurn: string | null;
  /** Whether people deleted every occurrence in Dynamics. */
  readonly keptOut: boolean;
}

/**
 * Brings the appointments of a series to what the window should show: no more, no less. Corrections made in the CRM are
 * kept; an occurrence that people deleted stays away, and one that they closed stays.
 */
export function writeOccurrences(layout: Layout): LaidOut {
  const { name, said, after, before, rows, window, policy } = layout;
  const wanted = occurrencesOf(name, after.timing, window);
  const former = before === null ? NONE : occurrencesOf(name, before.timing, before.written);
  const present = new Map(rows.map((row) => [row.id, row]));
  const unwanted = writtenByConnector(name, rows, { former, before, zone: after.timing.zone }).filter(
    ({ id }) => !wanted.has(id),
  );
  const gone = [...wanted.keys()].filter((id) => !present.has(id) && former.has(id));
  const keptOut = new Set(policy.onDeletedInDynamics === 'recreate' ? [] : gone);
  const fresh = { ...template(layout), ...said };

  const writes = [...unwanted.map(({ id }) => id), ...wanted.keys()].sort().flatMap((id) => {
    const row = present.get(id);
    const occurrence = wanted.get(id);
    if (occurrence === undefined) return row === undefined || isClosed(row) ? [] : [remove(row)];
    if (row !== undefined) return update(row, occurrence, { ...layout, former: former.get(id) });
    return keptOut.has(id) ? [] : create(occurrence, { name, columns: fresh, after });
  });

  const hashed = Object.entries(said).map(([column, value]) => [column, hashOf(name, column, value)]);
  return {
    writes,
    series: { ...after, written: { from: window.from, to: window.to } },
    hashes: { ...layout.hashes, ...Object.fromEntries(hashed) },
    nextTurn: after.timing.rule === null || wanted.size === 0 ? null : window.nextTurn,
    keptOut: wanted.size > 0 && keptOut.size === wanted.size,
  };
}

/** Takes away what the connector wrote of a series, in the order of ids; what people closed stays. */
export function removeAll(
  name: LinkName,
  rows: readonly AppointmentRow[],
  { before, zone }: { before: Series | null; zone: string },
): readonly Write[] {
  const former = before === null ? NONE : occurrencesOf(name, before.timing, before.written);
  return writtenByConnector(name, rows, { former, before, zone })
    .filter((row) => !isClosed(row))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(remove);
}

const NONE: ReadonlyMap<Guid, Occurrence> = new Map();

const timesOf = ({ start, end }: Occurrence): Columns => ({ scheduledstart: start, scheduledend: end });

/** The sender's former values, read from an occurrence that still shows them, because links remember no texts. */
function template({ name, rows, hashes }: Layout): Columns {
  const known = Object.entries(hashes).flatMap(([column, hash]) => {
    const values = rows.map((row): Value => row.columns[column] ?? null);
    const value = values.find((one) => one !== null && hashOf(name, column, one) === hash);
    return value === undefined ? [] : [[column, value]];
  });
  return Object.fromEntries(known);
}

function create(
  { id, ...occurrence }: Occurrence,
  { name, columns, after }: { name: LinkName; columns: Columns; after: Layout['after'] },
): readonly Write[] {
  const subject = columns['subject'] ?? UNTITLED[isAbsence(name) ? 'Absence' : 'PlageOuverture'];
  const owner = after.owner === null ? {} : { ownerid: after.owner };
  return createAppointment(id, {
    columns: { ...columns, subject, ...timesOf({ id, ...occurrence }), ...owner, rdvs_calendarentry: name },
    parties: organizerParty(userAmongOwners(after.owner)),
    // An absence takes the agent's time, a plage offers it.
    state: isAbsence(name) ? appointmentStates.outOfOffice : appointmentStates.open,
  });
}

function update(
  row: AppointmentRow,
  occurrence: Occurrence,
  { name, said, hashes, after, before, former }: Layout & { former: Occurrence | undefined },
): readonly Write[] {
  const times = Object.keys(timesOf(occurrence)).map((column) => {
    const value = former && timesOf(former)[column];
    // When the link does not remember what was written, the sender's value is taken.
    return [column, value === undefined ? UNKNOWN : hashOf(name, column, value)];
  });
  const { write } = reconcile({
    wanted: { ...said, ...timesOf(occurrence) },
    present: (column) => row.columns[column] ?? null,
    applied: { ...hashes, ...Object.fromEntries(times) },
    scope: name,
    groups: APPOINTMENT_GROUPS,
  });
  const changesHands = givesAway(row, after, before);
  return updateAppointment(row, {
    columns: { ...write, ...(changesHands && after.owner !== null ? { ownerid: after.owner } : {}) },
    parties: changesHands
      ? organizersAfter(row, userAmongOwners(before?.owner ?? null), userAmongOwners(after.owner))
      : undefined,
    state: undefined,
  });
}

const UNKNOWN = '?';

/** Whether the owner is to change. If people gave the row to somebody else, only a change of agent changes it again. */
function givesAway(row: AppointmentRow, after: Layout['after'], before: Series | null): boolean {
  if (before === null || after.owner?.id === before.owner?.id) return false;
  const present = row.columns['ownerid'];
  const isOurs = before.owner === null || (typeof present === 'object' && present?.id === before.owner.id);
  return isOurs || before.agent !== after.agent;
}

const remove = (row: AppointmentRow): Write => ({
  table: 'appointment',
  id: row.id,
  operation: 'delete',
  condition: row.etag,
  columns: {},
});
