// Which appointments that carry the name of an absence or a plage are the connector's own.
import { Temporal } from 'temporal-polyfill';
import type { Guid, LinkName } from '../model/link-names.ts';
import type { AppointmentRow } from '../model/rows.ts';
import type { Series } from '../model/series.ts';
import { occurrenceId } from './calendar-names.ts';
import type { Occurrence } from './occurrences.ts';

/**
 * Those among the rows that the connector wrote: people may copy an appointment with all its columns, or type the name
 * into another. Where the link does not remember what was written, an id that follows from record and day tells.
 */
export function writtenByConnector(
  name: LinkName,
  rows: readonly AppointmentRow[],
  { former, before, zone }: { former: ReadonlyMap<Guid, Occurrence>; before: Series | null; zone: string },
): readonly AppointmentRow[] {
  return rows.filter((row) => (before === null ? derives(name, row, zone) : former.has(row.id)));
}

function derives(name: LinkName, { id, columns }: AppointmentRow, zone: string): boolean {
  const start = columns['scheduledstart'];
  if (id === occurrenceId(name)) return true;
  if (typeof start !== 'string') return false;
  return id === occurrenceId(name, Temporal.Instant.from(start).toZonedDateTimeISO(zone).toPlainDate().toString());
}
