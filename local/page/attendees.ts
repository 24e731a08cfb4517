// Who is expected at an appointment, and as what.

import type { Organization } from '../dataverse/src/organization.ts';
import { partiesOf } from '../dataverse/src/rows/parties.ts';
import type { Row } from '../dataverse/src/store/row.ts';
import { type HtmlContent, html } from './html.ts';
import { linkTo } from './links-to.ts';
import { inFrench, nameOf, pointingTo, reference, text } from './rows.ts';
import { rdvStatus } from './states.ts';

/** Those who come; owner and regarding are columns of the appointment. */
const ROLES: ReadonlyMap<unknown, string> = new Map([
  [5, ''],
  [6, 'facultatif'],
  [7, 'organisateur'],
]);

/** More names than this are folded. */
const SHOWN = 5;

export function attendees(organization: Organization, appointment: Row): HtmlContent {
  const people = partiesOf(organization, appointment.id)
    .flatMap((party) => {
      const role = ROLES.get(party.values['participationtypemask']);
      const status = personStatus(organization, appointment, reference(party, 'partyid')?.id);
      return role === undefined ? [] : [{ role, status, ...attendee(organization, party) }];
    })
    .toSorted((a, b) => inFrench.compare(a.name, b.name));
  if (people.length === 0) return undefined;
  const items = people.map(
    ({ shown, role, status }) => html`<li>${shown} ${status}${role && html` <small>(${role})</small>`}</li>`,
  );
  const list = html`<ul class="people">${items}</ul>`;
  if (people.length <= SHOWN) return list;
  return html`<details data-key="${appointment.id}"><summary>${people.length} participants</summary>${list}</details>`;
}

/** The person's own status in this appointment. */
export function personStatus(organization: Organization, appointment: Row, contact: string | undefined): HtmlContent {
  const rows = pointingTo(organization, { table: 'rdvs_participation', column: 'rdvs_appointment' }, appointment.id);
  const own = rows.filter((row) => contact !== undefined && reference(row, 'rdvs_contact')?.id === contact);
  return own.map((row) => rdvStatus(organization, row));
}

function attendee(organization: Organization, party: Row): { name: string; shown: HtmlContent } {
  const ref = reference(party, 'partyid');
  if (ref === undefined) {
    const name = text(party, 'unresolvedpartyname') ?? text(party, 'addressused') ?? '(supprimé)';
    return { name, shown: name };
  }
  return { name: nameOf(organization, ref), shown: linkTo(organization, ref) };
}
