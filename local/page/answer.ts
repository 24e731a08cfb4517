// Answers requests for the pages: only from browsers on this machine, and only reads.

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

/** The page of the local Dataverse, given to `startDataverse` as `page`. */
export function answerPage(organization: Organization, request: IncomingMessage, response: ServerResponse): void {
  const { method, url = '/', headers } = request;
  if (!LOCAL.test(headers.host ?? '')) refuse(response, 403, 'This page is for browsers of this machine.');
  else if (method !== 'GET' && method !== 'HEAD') refuse(response, 405, 'Only GET.');
  else if (url === CHANGES_PATH) sendChanges(organization.store, response, PAGE_HEADERS);
  else send(response, servePage(organization, url));
}

function refuse(response: ServerResponse, status: number, body: string): void {
  send(response, { status, headers: { ...PAGE_HEADERS, 'Content-Type': 'text/plain; charset=utf-8' }, body });
}
