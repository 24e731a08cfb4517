// An agent's week: what Dynamics' calendar, and so Outlook, would show.

import type { Organization } from '../dataverse/src/organization.ts';
import type { Row } from '../dataverse/src/store/row.ts';
import { appointmentsOf, end, start } from './appointments.ts';
import { type Day, dayAndYear, dayOf, mondayOf, parseDay, span, startOf, weekday } from './dates.ts';
import { type Html, type HtmlContent, html } from './html.ts';
import { empty, type View } from './layout.ts';
import { linkTo } from './links-to.ts';
import { count } from './paging.ts';
import { nameOf, text } from './rows.ts';
import { type ShowAs, shownAs } from './states.ts';
import { type Block, type PlannedDay, planWeek, shownHours } from './week-plan.ts';

export function agentWeek(organization: Organization, id: string, query: URLSearchParams): View | undefined {
  const user = organization.store.get('systemuser', id);
  if (user === undefined) return undefined;
  const today = dayOf(organization.clock());
  const monday = mondayOf(parseDay(query.get('semaine')) ?? today);
  const rows = appointmentsOf(organization, 'systemuser', id).filter((row) => start(row) !== '');
  const days = planWeek(rows, monday);
  const shown = new Set(days.flatMap((day) => [...day.long, ...day.blocks.map(({ row }) => row)]));
  return {
    title: `Semaine de ${nameOf(organization, user)}`,
    area: 'agents',
    commands: moves(id, monday),
    body: [
      html`<p class="count" id="nombre">Du ${dayAndYear(startOf(monday))} au ${dayAndYear(startOf(monday.add({ days: 6 })))} : ${count(shown.size, ['événement', 'événements'])}</p>`,
      shown.size === 0 && empty('Rien dans cette semaine.'),
      calendar(organization, days, today),
      LEGEND,
    ],
  };
}

function moves(id: string, monday: Day): HtmlContent {
  const path = `/agents/${id}`;
  const to = (days: number, words: string) =>
    html`<a class="button" href="${path}?semaine=${monday.add({ days }).toString()}">${words}</a>`;
  return [
    to(-7, 'Semaine précédente'),
    html`<a class="button" href="${path}">Cette semaine</a>`,
    to(7, 'Semaine suivante'),
  ];
}

function calendar(organization: Organization, days: readonly PlannedDay[], today: Day): Html {
  const { first, last } = shownHours(days);
  const hours = Array.from(
    { length: last - first },
    (_, at) => html`<li>${String(first + at).padStart(2, '0')}:00</li>`,
  );
  return html`<div class="week">
<ol class="hours" aria-hidden="true">${hours}</ol>
${days.map((day) => dayColumn(organization, day, { first, isToday: day.day.equals(today) }))}
</div>`;
}

function dayColumn(
  organization: Organization,
  { day, long, blocks }: PlannedDay,
  { first, isToday }: { first: number; isToday: boolean },
): Html {
  const key = day.toString();
  return html`<section class="weekday" data-key="${key}" aria-labelledby="jour-${key}">
<h2 id="jour-${key}"${isToday && html` aria-current="date"`}>${weekday(startOf(day))}${isToday && html` <small>aujourd’hui</small>`}</h2>
<ul class="long">${long.map((row) => html`<li class="${classes(row)}" data-key="${row.id}">${event(organization, row)}</li>`)}</ul>
<ol class="slots lanes-${Math.min(LANES, Math.max(1, ...blocks.map(({ lane }) => lane)))}">${blocks.map((block) => slot(organization, block, first))}</ol>
</section>`;
}

/** Lanes that the stylesheet knows; what comes after shares the last one. */
export const LANES = 8;

function slot(organization: Organization, { row, from, to, lane, isLast }: Block, firstHour: number): Html {
  const lanes = `lane-${Math.min(lane, LANES)}${isLast ? ' last' : ''}`;
  const place = `from-${from - firstHour * 4 + 1} for-${to - from}${to - from < 4 ? ' short' : ''} ${lanes}`;
  return html`<li class="${classes(row)} ${place}" data-key="${row.id}">${event(organization, row)}</li>`;
}

const classes = (row: Row): string => `event ${shownAs(row).as}`;

function event(organization: Organization, row: Row): HtmlContent {
  const { words, sign } = shownAs(row);
  // Columns are narrow: no spaces around the dash.
  const hours = span(start(row), end(row)).replace(' – ', '–');
  const place = text(row, 'location');
  return html`<span class="name"><span aria-hidden="true">${sign}</span> ${linkTo(organization, row, nameOf(organization, row))}</span>
<span class="hours-of">${words} ${hours}</span>${place && html`<span class="place">${place}</span>`}`;
}

const LEGEND: Html = (() => {
  const items: readonly (readonly [ShowAs, string])[] = [
    ['busy', '● Occupé : un rendez-vous'],
    ['free', '○ Libre : une plage d’ouverture'],
    ['away', '⊘ Absent du bureau : une absence'],
    ['completed', '✓ Terminé'],
    ['cancelled', '✕ Annulé'],
  ];
  return html`<h2 class="legend-title">Légende</h2>
<ul class="legend">${items.map(([as, words]) => html`<li class="event ${as}">${words}</li>`)}</ul>`;
})();
