// A contact's appointments: what is to come, the nearest first; then what was, the latest first.

import type { Organization } from '../dataverse/src/organization.ts';
import type { Row } from '../dataverse/src/store/row.ts';
import { appointmentCard } from './appointment-card.ts';
import { appointmentsOf, earliestFirst, end, latestFirst } from './appointments.ts';
import { type HtmlContent, html } from './html.ts';
import { empty, sendOne } from './layout.ts';
import { pager, slice } from './paging.ts';

export function timeline(organization: Organization, contact: Row, query: URLSearchParams): HtmlContent {
  const now = organization.clock().toISOString();
  const all = appointmentsOf(organization, 'contact', contact.id);
  const isOver = (row: Row): boolean => end(row) !== '' && end(row) < now;
  const ahead = all.filter((row) => !isOver(row)).toSorted(earliestFirst);
  const past = all.filter(isOver).toSorted(latestFirst);
  if (all.length === 0) return empty('Aucun rendez-vous.', sendOne);
  const shown = slice([...ahead, ...past], query);
  const part = (title: string, rows: readonly Row[]) => {
    const entries = shown.items.filter((row) => rows.includes(row));
    return (
      entries.length > 0 &&
      html`<h3>${title}</h3>
<ol class="timeline">${entries.map((row) => html`<li data-key="${row.id}">${appointmentCard(organization, row, { date: true, level: 4, of: contact })}</li>\n`)}</ol>`
    );
  };
  return [part('À venir', ahead), part('Passés', past), pager(shown, `/contacts/${contact.id}`, query)];
}
