// Appointments by day, in the views that the connector brings to Dynamics.

import type { Organization } from '../dataverse/src/organization.ts';
import type { Row } from '../dataverse/src/store/row.ts';
import { appointmentCard } from './appointment-card.ts';
import { type AppointmentViewName, appointmentViews, rowsOf, start } from './appointments.ts';
import { dayOf, longDate } from './dates.ts';
import { type HtmlContent, html } from './html.ts';
import { empty, sendOne, tabs, type View } from './layout.ts';
import { count, pager, slice } from './paging.ts';

export function appointmentList(organization: Organization, query: URLSearchParams): View {
  const wanted = query.get('vue') ?? '';
  const name: AppointmentViewName = Object.hasOwn(appointmentViews, wanted)
    ? (wanted as AppointmentViewName)
    : 'a-venir';
  const rows = rowsOf(organization, name);
  const shown = slice(rows, query);
  const { name: title, description } = appointmentViews[name];
  return {
    title,
    area: 'rdv',
    body: [
      tabs(
        'Vues des rendez-vous',
        Object.entries(appointmentViews).map(([key, view]) => ({
          name: view.name,
          href: `/rdv?vue=${key}`,
          current: key === name,
        })),
      ),
      html`<p class="count" id="nombre">${count(rows.length, ['rendez-vous', 'rendez-vous'])}. ${description}</p>`,
      rows.length > 0 ? byDay(organization, shown.items) : empty('Aucun rendez-vous dans cette vue.', sendOne),
      pager(shown, '/rdv', query),
    ],
  };
}

function byDay(organization: Organization, rows: readonly Row[]): HtmlContent {
  const today = dayOf(organization.clock()).toString();
  const days = Map.groupBy(rows, (row) => (start(row) === '' ? '' : dayOf(start(row)).toString()));
  return [...days].map(([day, onIt]) => {
    const [first] = onIt;
    const heading = day === '' || first === undefined ? 'Sans date' : longDate(start(first));
    return html`<section class="card day" data-key="${day}"><h2>${heading}${day === today && ' (aujourd’hui)'}</h2>
<ol class="timeline">${onIt.map((row) => html`<li data-key="${row.id}">${appointmentCard(organization, row, { date: false, level: 3 })}</li>\n`)}</ol></section>`;
  });
}
