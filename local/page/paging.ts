// Long lists, a page at a time.

import { type Html, html } from './html.ts';

const PAGE_SIZE = 50;

export interface Slice<T> {
  readonly items: readonly T[];
  readonly total: number;
  readonly page: number;
  readonly pages: number;
}

/** The page named by `?page=`, or the nearest one that there is. */
export function slice<T>(items: readonly T[], query: URLSearchParams): Slice<T> {
  const pages = Math.max(1, Math.ceil(items.length / PAGE_SIZE));
  const wanted = Number(query.get('page') ?? 1);
  const page = Number.isInteger(wanted) ? Math.min(Math.max(wanted, 1), pages) : 1;
  return { items: items.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE), total: items.length, page, pages };
}

/** Links to the page before and after; nothing for a list of one page. */
export function pager({ page, pages }: Slice<unknown>, path: string, query: URLSearchParams): Html | undefined {
  if (pages === 1) return undefined;
  const link = (to: number, words: string, rel: string) => {
    if (to < 1 || to > pages) return html`<span class="button off">${words}</span>`;
    const target = new URLSearchParams(query);
    target.set('page', String(to));
    return html`<a class="button" rel="${rel}" href="${path}?${target.toString()}">${words}</a>`;
  };
  return html`<nav class="pager" aria-label="Pages">
${link(page - 1, 'Page précédente', 'prev')}
<span>Page ${page} sur ${pages}</span>
${link(page + 1, 'Page suivante', 'next')}
</nav>`;
}

/** `1 contact`, `12 contacts`. */
export function count(total: number, [one, many]: readonly [string, string]): string {
  return `${total.toLocaleString('fr-FR')} ${total > 1 ? many : one}`;
}
