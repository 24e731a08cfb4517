// An appointment as one entry of a list.

import type { Organization } from '../dataverse/src/organization.ts';
import type { Row } from '../dataverse/src/store/row.ts';
import { end, start } from './appointments.ts';
import { attendees, personStatus } from './attendees.ts';
import { shortDate, span } from './dates.ts';
import { facts } from './facts.ts';
import { type Html, html } from './html.ts';
import { linkTo, rdvSolidarites } from './links-to.ts';
import { nameOf, reference, text } from './rows.ts';
import { dynamicsState, isCancelled, rdvStatus } from './states.ts';

interface CardOptions {
  /** With the day, where the list is not by day. */
  readonly date: boolean;
  /** Of its heading, one below that of the list. */
  readonly level: 3 | 4;
  /** The contact whose own status is shown, where the list is about one person. */
  readonly of?: Row;
}

export function appointmentCard(organization: Organization, row: Row, { date, level, of }: CardOptions): Html {
  const motif = text(row, 'rdvs_motif');
  const subject = text(row, 'subject');
  const from = start(row) || undefined;
  const title = linkTo(organization, row, nameOf(organization, row));
  const heading = level === 3 ? html`<h3>${title}</h3>` : html`<h4>${title}</h4>`;
  const own = of && personStatus(organization, row, of.id);
  const hasOwn = Array.isArray(own) && own.length > 0;
  const status = hasOwn ? own : rdvStatus(organization, row);
  return html`<article class="entry${isCancelled(row) && ' cancelled'}">
<p class="when">${date && from && html`<span>${shortDate(from)}</span> `}<span>${span(from, end(row) || undefined)}</span></p>
<div>
${heading}
<p class="state">${status} <span>${dynamicsState(row)}</span> ${rdvSolidarites(row)}</p>
${facts([
  ['Motif', motif === subject ? undefined : motif],
  ['Lieu', text(row, 'location')],
  ['Participants', attendees(organization, row)],
  ['Agents', text(row, 'rdvs_agent')],
  ['Propriétaire', linkTo(organization, reference(row, 'ownerid'))],
])}
</div>
</article>`;
}
