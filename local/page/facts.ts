// Terms and their values: the fields of a row.

import { type Html, type HtmlContent, html } from './html.ts';

/** A list of terms; those without a value are left out. */
export function facts(pairs: readonly (readonly [string, HtmlContent])[]): Html {
  const filled = pairs.filter(([, value]) => value !== undefined && value !== null && value !== '');
  return html`<dl class="facts">${filled.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
}
