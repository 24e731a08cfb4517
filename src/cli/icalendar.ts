// Appointments of Dynamics → the text of an iCalendar file (RFC 5545).

import ICAL from 'ical.js';
import type { CalendarItem } from '../dataverse/read-calendar.ts';
import { appointmentStates } from '../schema/standard-columns.ts';

const { open, canceled, outOfOffice } = appointmentStates;

/** @param stamp when the file is made */
export function toICalendar(items: readonly CalendarItem[], stamp: Date): string {
  const calendar = new ICAL.Component('vcalendar');
  calendar.addPropertyWithValue('version', '2.0');
  calendar.addPropertyWithValue('prodid', '-//rdv-solidarites-dynamics//FR');
  for (const item of items) calendar.addSubcomponent(toEvent(item, stamp));
  return calendar.toString();
}

/**
 * A text has no control character but the tab, and its line breaks are `\n`, which the library escapes (RFC 5545, 3.3.11):
 * a CR would begin another line, and with it another property.
 */
function toText(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
  return value.replaceAll(/\r\n?/g, '\n').replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
}

function toEvent({ id, subject, location, start, end, statecode, statuscode }: CalendarItem, stamp: Date) {
  const event = new ICAL.Component('vevent');
  const isFree = statecode === open.statecode && statuscode === open.statuscode;
  const isCancelled = statecode === canceled.statecode;
  event.addPropertyWithValue('uid', id);
  event.addPropertyWithValue('dtstamp', ICAL.Time.fromJSDate(stamp, true));
  event.addPropertyWithValue('dtstart', ICAL.Time.fromJSDate(start, true));
  event.addPropertyWithValue('dtend', ICAL.Time.fromJSDate(end, true));
  event.addPropertyWithValue('summary', toText(subject));
  if (location !== '') event.addPropertyWithValue('location', toText(location));
  event.addPropertyWithValue('status', isCancelled ? 'CANCELLED' : 'CONFIRMED');
  event.addPropertyWithValue('transp', isFree || isCancelled ? 'TRANSPARENT' : 'OPAQUE');
  // How Outlook tells an absence from something that merely takes time (MS-OXCICAL, 2.1.3.1.1.20.31).
  event.addPropertyWithValue('x-microsoft-cdo-busystatus', busyStatus());
  return event;

  function busyStatus(): string {
    if (isFree || isCancelled) return 'FREE';
    return statuscode === outOfOffice.statuscode ? 'OOF' : 'BUSY';
  }
}
