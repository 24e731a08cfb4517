// A grid that a phone shows as cards. The roles are written out: some browsers forget them when cells are laid out anew.

import { type Html, type HtmlContent, html } from './html.ts';

export interface GridRow {
  /** Names the row, so that an update finds it again. */
  readonly key: string;
  readonly cells: readonly HtmlContent[];
}

export interface Head {
  readonly name: string;
  /** In pixels. */
  readonly width: number;
}

/** The first cell names its row. What does not fit is scrolled to, by the keyboard too. */
export function grid(caption: string, heads: readonly Head[], rows: readonly GridRow[]): Html {
  return html`<div class="scroll" role="group" tabindex="0" aria-label="${caption}"><table class="grid" role="table" width="${heads.reduce((sum, { width }) => sum + width, 0)}"><caption class="hidden">${caption}</caption>
<colgroup>${heads.map(({ width }) => html`<col width="${width}">`)}</colgroup>
<thead role="rowgroup"><tr role="row">${heads.map(({ name }) => html`<th scope="col" role="columnheader">${name}</th>`)}</tr></thead>
<tbody role="rowgroup">
${rows.map(({ key, cells }) => html`<tr role="row" data-key="${key}">${cells.map((cell, at) => gridCell(heads[at]?.name, cell, at))}</tr>\n`)}
</tbody></table></div>`;
}

function gridCell(head: string | undefined, cell: HtmlContent, at: number): Html {
  if (at === 0) return html`<th scope="row" role="rowheader">${cell}</th>`;
  return html`<td role="cell" data-head="${head}">${cell}</td>`;
}
