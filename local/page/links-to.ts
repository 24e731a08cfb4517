// Links between views, and out to RDV-Solidarités.

import type { Organization } from '../dataverse/src/organization.ts';
import type { Ref, Row } from '../dataverse/src/store/row.ts';
import { type Html, type HtmlContent, html, webAddress } from './html.ts';
import { nameOf, text } from './rows.ts';

const PATHS: Readonly<Record<string, string>> = { contact: '/contacts/', systemuser: '/agents/', appointment: '/rdv/' };

/** The row's name, linked where it has a view of its own. */
export function linkTo(organization: Organization, ref: Ref | undefined, words?: string): HtmlContent {
  if (ref === undefined) return undefined;
  const name = words ?? nameOf(organization, ref);
  const path = PATHS[ref.table];
  const exists = organization.store.get(ref.table, ref.id) !== undefined;
  return path === undefined || !exists ? name : html`<a href="${path}${encodeURIComponent(ref.id)}">${name}</a>`;
}

/** The RDV's page in RDV-Solidarités, when the row has the address of a web page. */
export function rdvSolidarites(row: Row): Html | undefined {
  const url = webAddress(text(row, 'rdvs_url'));
  if (url === undefined) return undefined;
  return html`<a href="${url}" target="_blank" rel="noopener noreferrer">Ouvrir dans RDV-Solidarités<span class="hidden"> : ${text(row, 'subject')} (nouvel onglet)</span></a>`;
}
