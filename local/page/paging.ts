// Long lists, a page at a time.

import { type Html, html } from './html.ts';
import { type Reader, say } from './reader.ts';

export const PAGE_SIZE = 50;

export interface Slice<T> {
  readonly items: readonly T[];
  readonly page: number;
  readonly pages: number;
}

/** The page of this number, or the nearest one that there is. */
export function slice<T>(items: readonly T[], wanted: string | null, size = PAGE_SIZE): Slice<T> {
  const pages = Math.max(1, Math.ceil(items.length / size));
  const number = Number(wanted ?? 1);
  const page = Number.isInteger(number) ? Math.min(Math.max(number, 1), pages) : 1;
  return { items: items.slice((page - 1) * size, page * size), page, pages };
}

/** Links to the page before and after; nothing for a list of one page. */
export function pager(
  reader: Reader,
  { page, pages }: Slice<unknown>,
  { label, to }: { label: string; to: (page: string) => string },
): Html | undefined {
  if (pages === 1) return undefined;
  const link = (number: number, words: string, rel: string) =>
    number < 1 || number > pages
      ? html`<span class="button off">${words}</span>`
      : html`<a class="button" rel="${rel}" href="${to(String(number))}">${words}</a>`;
  return html`<nav class="pager" aria-label="Pages : ${label}">
${link(page - 1, say(reader, 'Page précédente', 'Previous page'), 'prev')}
<span>Page ${page} ${say(reader, 'sur', 'of')} ${pages}</span>
${link(page + 1, say(reader, 'Page suivante', 'Next page'), 'next')}
</nav>`;
}
