// One contact: its fields, its timeline, and the related contacts.

import type { Organization } from '../dataverse/src/organization.ts';
import type { Row } from '../dataverse/src/store/row.ts';
import { birthday } from './dates.ts';
import { facts } from './facts.ts';
import { type HtmlContent, html } from './html.ts';
import type { View } from './layout.ts';
import { linkTo } from './links-to.ts';
import { nameOf, pointingTo, reference, text } from './rows.ts';
import { contactState, linkState } from './states.ts';
import { timeline } from './timeline.ts';

export function contactForm(organization: Organization, id: string, query: URLSearchParams): View | undefined {
  const row = organization.store.get('contact', id);
  if (row === undefined) return undefined;
  const name = nameOf(organization, row);
  return {
    title: name,
    area: 'contacts',
    commands: html`<a class="button" href="/">Tous les contacts</a>`,
    body: html`<p class="subtitle"><span class="avatar" aria-hidden="true">${initials(name)}</span>
Contact ${contactState(row)} <span>Propriétaire : ${linkTo(organization, reference(row, 'ownerid'))}</span></p>
<div class="columns">
<section class="card" aria-labelledby="informations"><h2 id="informations">Informations</h2>${information(row)}</section>
<section class="card wide" aria-labelledby="chronologie"><h2 id="chronologie">Chronologie</h2>
${timeline(organization, row, query)}</section>
<section class="card" aria-labelledby="lies"><h2 id="lies">Fiches liées</h2>${related(organization, row)}</section>
</div>`,
  };
}

function initials(name: string): string {
  const words = name.match(/\p{L}[^\s]*/gu) ?? [];
  return [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '').join('');
}

function information(row: Row): HtmlContent {
  const birth = text(row, 'birthdate');
  const street = [text(row, 'address1_line1'), text(row, 'address1_line2')];
  const town = [text(row, 'address1_postalcode'), text(row, 'address1_city')].filter(Boolean).join(' ');
  const lines = [...street, town].filter(Boolean).map((line) => html`<span class="line">${line}</span>`);
  return facts([
    ['Prénom', text(row, 'firstname')],
    ['Nom', text(row, 'lastname')],
    ['Nom de naissance', text(row, 'rdvs_birthname')],
    ['Date de naissance', birth && birthday(birth)],
    ['Téléphone mobile', text(row, 'mobilephone')],
    ['Téléphone', text(row, 'telephone1')],
    ['E-mail', text(row, 'emailaddress1')],
    ['Adresse', lines.length === 0 ? undefined : lines],
  ]);
}

function related(organization: Organization, row: Row): HtmlContent {
  const pointing = (table: string, column: string) => pointingTo(organization, { table, column }, row.id);
  const people = (rows: readonly Row[]) =>
    rows.map((other) => html`<span class="line">${linkTo(organization, other)}</span>`);
  const links = pointing('rdvs_link', 'rdvs_contact').map(
    (link) => html`<span class="line">${text(link, 'rdvs_name')} ${linkState(link)}</span>`,
  );
  const relatives = people(pointing('contact', 'rdvs_responsible'));
  return facts([
    ['Responsable', linkTo(organization, reference(row, 'rdvs_responsible'))],
    ['Proches', relatives.length === 0 ? undefined : relatives],
    ['Fusionné avec', linkTo(organization, reference(row, 'masterid'))],
    ['Liens RDV-Solidarités', links.length === 0 ? 'Aucun : ce contact ne vient pas de RDV-Solidarités.' : links],
  ]);
}
