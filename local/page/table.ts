// A grid that a phone shows as cards. The roles are written out: some browsers forget them when cells are laid out anew.

import { type Html, type HtmlContent, html } from './html.ts';

export interface GridRow {
  /** Names the row, so that an update finds it again. */
  readonly key: string;
  readonly cells: readonly HtmlContent[];
}

/** The first cell names its row. */
export function grid(caption: string, heads: readonly string[], rows: readonly GridRow[]): Html {
  return html`<div class="scroll" role="group" tabindex="0" aria-label="${caption}"><table class="grid" role="table"><caption class="hidden">${caption}</caption>
<thead role="rowgroup"><tr role="row">${heads.map((head) => html`<th scope="col" role="columnheader">${head}</th>`)}</tr></thead>
<tbody role="rowgroup">
${rows.map(({ key, cells }) => html`<tr role="row" data-key="${key}">${cells.map((cell, at) => gridCell(heads[at], cell, at))}</tr>\n`)}
</tbody></table></div>`;
}

function gridCell(head: string | undefined, cell: HtmlContent, at: number): Html {
  if (at === 0) return html`<th scope="row" role="rowheader">${cell}</th>`;
  return html`<td role="cell" data-head="${head}">${cell}</td>`;
}
