// A few line drawings, as text: the page loads nothing from elsewhere.

import { html } from './html.ts';

const drawing = (path: string) =>
  html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d="${path}"/></svg>`;

export const icons = {
  contacts: drawing('M10 10a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM3.5 17c.6-3 3-4.6 6.5-4.6s5.9 1.6 6.5 4.6Z'),
  rdv: drawing('M3.5 5.5h13v11h-13ZM3.5 8.5h13M7 3v4M13 3v4'),
  agents: drawing('M10 16.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM10 6v4.2l2.8 1.8'),
  links: drawing(
    'M8.5 11.5a3 3 0 0 0 4.3 0l2.6-2.6a3 3 0 0 0-4.3-4.3l-1 1M11.5 8.5a3 3 0 0 0-4.3 0l-2.6 2.6a3 3 0 0 0 4.3 4.3l1-1',
  ),
} as const;

/** A blue square with a calendar: an address of its own, so that no file is asked for. */
export const favicon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><rect width="20" height="20" rx="4" fill="#0f548c"/>' +
    '<path d="M4.5 6h11v9.5h-11ZM4.5 9h11M7.5 4v3M12.5 4v3" fill="none" stroke="#fff" stroke-width="1.5"/></svg>',
)}`;
