// Answers requests for the pages: only from browsers on this machine; what is written comes from the page's own forms.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { send } from '../dataverse/src/http/send.ts';
import type { Organization } from '../dataverse/src/organization.ts';
import { sendChanges } from './live.ts';
import { CHANGES_PATH, PAGE_HEADERS, servePage } from './serve.ts';

/**
 * The server listens on this machine alone; but another site can make its own name point to this address (DNS
 * rebinding), and its scripts would then read the pages. Such requests carry the name of that site.
 */
const LOCAL = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: string;
}

/** The page of the local Dataverse, given to `startDataverse` as `page`. */
export async function answerPage(organization: Organization, { request, response, body }: Exchange): Promise<void> {
  const { method, url = '/', headers } = request;
  if (!LOCAL.test(headers.host ?? '')) refuse(response, 403, 'This page is for browsers of this machine.');
  else if (method === 'POST') {
    // Browsers say where a form stands, and no site can make them say otherwise (W3C, "Fetch Metadata").
    if (headers['sec-fetch-site'] !== 'same-origin') refuse(response, 403, 'Only forms of this page are taken.');
    else send(response, await servePage(organization, url, new URLSearchParams(body)));
  } else if (method !== 'GET' && method !== 'HEAD') refuse(response, 405, 'Only GET and POST.');
  else if (url === CHANGES_PATH) sendChanges(organization.store, response, PAGE_HEADERS);
  else send(response, await servePage(organization, url));
}

function refuse(response: ServerResponse, status: number, body: string): void {
  send(response, { status, headers: { ...PAGE_HEADERS, 'Content-Type': 'text/plain; charset=utf-8' }, body });
}
