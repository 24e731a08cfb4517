// The occurrences of an absence or a plage d'ouverture as appointments: which to create, change and take away.
import { appointmentStates } from '../dataverse/standard-columns.ts';
import type { Policy } from '../settings.ts';
import { createAppointment, updateAppointment } from './appointment-writes.ts';
import { withoutDerived } from './attendees.ts';
import type { CalendarWindow } from './calendar-window.ts';
import type { Guid, LinkName } from './links.ts';
import type { Write } from './plan.ts';
import { hashOf, reconcile } from './reconcile.ts';
import { type AppointmentRow, type Columns, PARTY_ROLES, type Party } from './rows.ts';
import { goesOnAfter, type Occurrence, occurrencesOf, type Series } from './series.ts';

export interface Layout {
  readonly name: LinkName;
  /** What is to be shown from now on, and what was shown before. */
  readonly after: Omit<Series, 'writtenTo'>;
  readonly before: Series | null;
  /** All the appointments that there are. */
  readonly rows: readonly AppointmentRow[];
  readonly window: CalendarWindow;
  readonly policy: Policy;
}

export interface LaidOut {
  readonly writes: readonly Write[];
  /** What the link is to remember. */
  readonly series: Series;
  readonly nextTurn: string | null;
  /** Whether people deleted every occurrence in Dynamics. */
  readonly keptOut: boolean;
}

/**
 * Brings the appointments of a series to what the window should show: no more, no less. Corrections made in the CRM are
 * kept, and an occurrence that people deleted stays away, as for RDV.
 */
export function layOut({ name, after, before, rows, window, policy }: Layout): LaidOut {
  const wanted = occurrencesOf(name, after.timing, window);
  const former = before === null ? NONE : occurrencesOf(name, before.timing, { ...window, to: before.writtenTo });
  const present = new Map(rows.map((row) => [row.id, row]));
  const mayReturn = policy.onDeletedInDynamics === 'recreate';
  const missing = [...wanted.keys()].filter((id) => !present.has(id) && former.has(id) && !mayReturn);
  const absent = new Set(missing);

  const writes = [...new Set([...present.keys(), ...wanted.keys()])].sort().flatMap((id) => {
    const row = present.get(id);
    const occurrence = wanted.get(id);
    if (occurrence === undefined) return row === undefined ? [] : [remove(row)];
    const columns = { ...after.columns, ...timesOf(occurrence) };
    if (row !== undefined) return update(row, { name, columns, applied: appliedTo(id) });
    return absent.has(id) ? [] : create(id, { name, columns });
  });

  const ended = wanted.size === 0 && !goesOnAfter(after.timing, window.to);
  return {
    writes,
    series: { ...after, writtenTo: window.to },
    nextTurn: after.timing.rule === null || ended ? null : window.nextTurn,
    keptOut: wanted.size > 0 && absent.size === wanted.size,
  };

  function appliedTo(id: Guid): Columns {
    const occurrence = former.get(id);
    return { ...before?.columns, ...(occurrence && timesOf(occurrence)) };
  }
}

const NONE: ReadonlyMap<Guid, Occurrence> = new Map();

const timesOf = ({ start, end }: Occurrence): Columns => ({ scheduledstart: start, scheduledend: end });

function create(id: Guid, { name, columns }: { name: LinkName; columns: Columns }): readonly Write[] {
  return createAppointment(id, {
    columns: { ...columns, rdvs_calendarentry: name },
    parties: toOrganizer(userIn(columns)),
    // An absence takes the agent's time, a plage offers it.
    state: name.startsWith('absence-') ? appointmentStates.outOfOffice : appointmentStates.open,
  });
}

function update(
  row: AppointmentRow,
  { name, columns, applied }: { name: LinkName; columns: Columns; applied: Columns },
): readonly Write[] {
  const hashes = Object.entries(applied).map(([column, value]) => [column, hashOf(name, column, value)]);
  const { write } = reconcile({
    wanted: columns,
    current: row.columns,
    applied: Object.fromEntries(hashes),
    scope: name,
  });
  return updateAppointment(row, { columns: write, parties: partiesAfter(row, applied, columns), state: undefined });
}

/**
 * The agent is the organizer too: Exchange takes an appointment out of Outlook only when its organizer's own is deleted
 * (Microsoft Learn, "Synchronization logic for appointments"). Nobody is invited, because nobody attends.
 */
function toOrganizer(user: Guid | undefined): readonly Party[] {
  return user === undefined ? [] : [{ role: PARTY_ROLES.organizer, target: { table: 'systemuser', id: user } }];
}

/** The complete list when the agent is another one than before; an organizer whom people chose stays. */
function partiesAfter(row: AppointmentRow, before: Columns, after: Columns): readonly Party[] | undefined {
  const [former, user] = [userIn(before), userIn(after)];
  if (former === user) return undefined;
  const others = withoutDerived(row.parties).filter(
    ({ role, target }) => role !== PARTY_ROLES.organizer || target?.id !== former,
  );
  const isTaken = others.some(({ role }) => role === PARTY_ROLES.organizer);
  return isTaken ? others : [...others, ...toOrganizer(user)];
}

function userIn({ ownerid = null }: Columns): Guid | undefined {
  return typeof ownerid === 'object' && ownerid?.table === 'systemuser' ? ownerid.id : undefined;
}

/** Takes all appointments of a series away, in the order of their ids. */
export const removeAll = (rows: readonly AppointmentRow[]): readonly Write[] =>
  rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(remove);

const remove = (row: AppointmentRow): Write => ({
  table: 'appointment',
  id: row.id,
  operation: 'delete',
  condition: row.etag,
  columns: {},
});
