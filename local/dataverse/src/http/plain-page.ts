// What the emulator answers outside the Web API when nobody gave it a page.

import type { Page } from './server-parts.ts';

/** Says where the Web API is. It shows no row, so it needs no protection against other sites. */
export const plainPage: Page = (_organization, { request, response }) => {
  const found = request.url === '/' && request.method === 'GET';
  response.writeHead(found ? 200 : 404, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(
    found ? 'A local Dataverse. Its Web API is at /api/data/v9.2/\n' : 'There is nothing at this address.\n',
  );
};
