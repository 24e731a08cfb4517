// One appointment, with all its fields.

import type { Organization } from '../dataverse/src/organization.ts';
import type { Row } from '../dataverse/src/store/row.ts';
import { end, start } from './appointments.ts';
import { attendees } from './attendees.ts';
import { dateAndTime, longDate, span } from './dates.ts';
import { facts } from './facts.ts';
import { html } from './html.ts';
import type { View } from './layout.ts';
import { linkTo, rdvSolidarites } from './links-to.ts';
import { nameOf, reference, text } from './rows.ts';
import { dynamicsState, rdvStatus } from './states.ts';

export function appointmentForm(organization: Organization, id: string): View | undefined {
  const row = organization.store.get('appointment', id);
  if (row === undefined) return undefined;
  const from = start(row) || undefined;
  return {
    title: nameOf(organization, row),
    area: 'rdv',
    commands: html`<a class="button" href="/rdv">Tous les rendez-vous</a>`,
    body: html`<p class="subtitle">Rendez-vous ${rdvStatus(organization, row)} <span>${dynamicsState(row)}</span></p>
<div class="columns">
<section class="card" aria-labelledby="quand"><h2 id="quand">Quand et où</h2>${facts([
      ['Jour', from && longDate(from)],
      ['Heure', span(from, end(row) || undefined)],
      ['Lieu', text(row, 'location')],
      ['Annulé le', cancelledOn(row)],
    ])}</section>
<section class="card" aria-labelledby="qui"><h2 id="qui">Qui</h2>${facts([
      ['Concernant', linkTo(organization, reference(row, 'regardingobjectid'))],
      ['Participants', attendees(organization, row)],
      ['Agents', text(row, 'rdvs_agent')],
      ['Organisation', text(row, 'rdvs_organisation')],
      ['Propriétaire', linkTo(organization, reference(row, 'ownerid'))],
    ])}</section>
<section class="card" aria-labelledby="origine"><h2 id="origine">RDV-Solidarités</h2>${facts([
      ['Motif', text(row, 'rdvs_motif')],
      ['Numéro', text(row, 'rdvs_rdvid')],
      ['RDV collectif', collective(row)],
      ['Page', rdvSolidarites(row)],
    ])}</section>
</div>`,
  };
}

function cancelledOn(row: Row): string | undefined {
  const instant = text(row, 'rdvs_cancelledon');
  return instant && dateAndTime(instant);
}

function collective(row: Row): string | undefined {
  const value = row.values['rdvs_collective'];
  return typeof value === 'boolean' ? (value ? 'Oui' : 'Non') : undefined;
}
