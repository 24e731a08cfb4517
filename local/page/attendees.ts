// Who is expected at an activity, by party list.

import { partiesOf } from '../dataverse/src/rows/parties.ts';
import type { Row } from '../dataverse/src/store/row.ts';
import { type HtmlContent, html } from './html.ts';
import { linkTo } from './links.ts';
import { type Reader, say } from './reader.ts';
import { alphabetical, nameOf, reference, text } from './rows.ts';

/** Microsoft Learn, ActivityParty: values of participationtypemask. */
const MASKS: Readonly<Record<string, number>> = { requiredattendees: 5, optionalattendees: 6, organizer: 7 };

/** More names than this are folded. */
const SHOWN = 5;

export function attendees(reader: Reader, activity: Row, list: string): HtmlContent {
  const people = partiesOf(reader.organization, activity.id)
    .filter(({ values }) => values['participationtypemask'] === MASKS[list])
    .map((party) => attendee(reader, party))
    .toSorted((a, b) => alphabetical(reader).compare(a.name, b.name));
  if (people.length === 0) return undefined;
  const names = html`<ul class="people">${people.map(({ shown }) => html`<li>${shown}</li>`)}</ul>`;
  if (people.length <= SHOWN) return names;
  const summary = `${people.length} ${say(reader, 'participants', 'attendees')}`;
  return html`<details data-key="${list}"><summary>${summary}</summary>${names}</details>`;
}

function attendee(reader: Reader, party: Row): { name: string; shown: HtmlContent } {
  const ref = reference(party, 'partyid');
  if (ref !== undefined) return { name: nameOf(reader, ref), shown: linkTo(reader, ref) };
  const name =
    text(party, 'unresolvedpartyname') ?? text(party, 'addressused') ?? say(reader, '(supprimé)', '(deleted)');
  return { name, shown: name };
}
