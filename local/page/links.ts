// Links to records, and out to web addresses that rows hold.

import type { Ref } from '../dataverse/src/store/row.ts';
import { type HtmlContent, html, webAddress } from './html.ts';
import { address, type Reader, say } from './reader.ts';
import { nameOf } from './rows.ts';

/** The row's name, linked to its record where its table has a form. */
export function linkTo(reader: Reader, ref: Ref, name = nameOf(reader, ref)): HtmlContent {
  const exists = reader.organization.store.get(ref.table, ref.id) !== undefined;
  if (!exists || !reader.tables.has(ref.table)) return name;
  return html`<a href="${address(reader, `/${ref.table}/${ref.id}`)}">${name}</a>`;
}

/** A web address as a link; as a text when a browser must not be sent there. */
export function webLink(reader: Reader, value: string): HtmlContent {
  const url = webAddress(value);
  if (url === undefined) return value;
  const newTab = say(reader, ' (nouvel onglet)', ' (new tab)');
  return html`<a href="${url}" target="_blank" rel="noopener noreferrer">${value}<span class="hidden">${newTab}</span></a>`;
}
