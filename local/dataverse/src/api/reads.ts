// GET of one row, of a set of rows, of a count.
// Microsoft Learn: "Retrieve a table row", "Query data", "Page results", "Perform conditional operations".

import type { Call } from '../call/call.ts';
import type { ApiResponse } from '../call/message.ts';
import { answer } from '../call/message.ts';
import type { Json } from '../json.ts';
import type { QueryOptions } from '../odata/options.ts';
import { admit } from '../rows/admission.ts';
import type { Presentation } from '../rows/projection.ts';
import { compileProjection, contextOf, etag } from '../rows/projection.ts';
import { cutPage, prepareQuery } from '../rows/query.ts';
import { parseRowKey, requireRow } from '../rows/reference.ts';
import type { Table } from '../schema/model.ts';
import type { Row } from '../store/row.ts';
import { readPreferences } from './preferences.ts';

const COUNT_LIMIT = 5000;

export function presentation(call: Call): Presentation {
  const { organization, root } = call.context;
  const fresh = call.request.headers.get('if-none-match')?.trim() === 'null';
  return { organization, root, fresh, annotates: readPreferences(call.request).annotates };
}

export function readEntity(call: Call, table: Table, argument: string): ApiResponse {
  const { organization } = call.context;
  const row = requireRow(organization, table, parseRowKey(organization, table, argument));
  return oneRow(call, row);
}

/** One row, or 304 when the client has this version: not with `$expand` or annotations. */
export function oneRow(call: Call, row: Row): ApiResponse {
  admit(call.context.organization, { action: 'read', row: { table: row.table, id: row.id } });
  const { headers } = call.request;
  const unchanged = headers.get('if-none-match') === etag(row);
  if (unchanged && call.options.expand.length === 0 && !(headers.get('prefer') ?? '').includes('include-annotations')) {
    return answer(304, { ETag: etag(row) });
  }
  const applied = readPreferences(call.request).applied('odata.include-annotations');
  return answer(200, { ETag: etag(row), ...applied }, rowBody(call, row));
}

/** A row with its context and ETag, as a GET or a `return=representation` gives it. */
export function rowBody(call: Call, row: Row, options: QueryOptions = call.options): Json {
  const { organization, root } = call.context;
  const table = organization.schema.known(row.table);
  const body = compileProjection(organization, table, options)(row, presentation(call));
  if (bare(call)) return body;
  const context = `${root}$metadata#${table.entitySetName}${contextOf(options)}/$entity`;
  return { '@odata.context': context, '@odata.etag': etag(row), ...body };
}

/** `odata.metadata=none` leaves control information out. */
function bare(call: Call): boolean {
  return /odata\.metadata=none/i.test(call.request.headers.get('accept') ?? '');
}

/** Rows of a table, or of a collection of one row. */
export function readEntities(call: Call, table: Table, within?: readonly Row[]): ApiResponse {
  const { organization, root } = call.context;
  const { options, request } = call;
  const preferences = readPreferences(request);
  const project = compileProjection(organization, table, options);
  const found = prepareQuery(organization, table, options).apply(within);
  const page = cutPage(found, { pageSize: preferences.pageSize, top: options.top, skiptoken: options.skiptoken });
  const show = presentation(call);
  const value = page.rows.map((row): Json => {
    admit(organization, { action: 'read', row: { table: row.table, id: row.id } });
    return bare(call) ? project(row, show) : { '@odata.etag': etag(row), ...project(row, show) };
  });
  const body: Json = {
    ...(!bare(call) && { '@odata.context': `${root}$metadata#${table.entitySetName}${contextOf(options)}` }),
    ...(options.count && { '@odata.count': Math.min(found.length, COUNT_LIMIT) }),
    ...(options.count && preferences.annotates('Microsoft.Dynamics.CRM.totalrecordcount') && totals(found.length)),
    value,
    ...(page.next !== undefined && { '@odata.nextLink': nextLink(call, page.next) }),
  };
  return answer(200, preferences.applied('odata.maxpagesize', 'odata.include-annotations'), body);
}

/** Microsoft Learn, "Count rows": at most 5,000 are counted, and an annotation says so. */
function totals(count: number): { [name: string]: Json } {
  return {
    '@Microsoft.Dynamics.CRM.totalrecordcount': Math.min(count, COUNT_LIMIT),
    '@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded': count > COUNT_LIMIT,
  };
}

function nextLink(call: Call, token: string): string {
  const [path = '', query = ''] = call.request.target.split('?');
  const kept = query.split('&').filter((part) => part !== '' && !part.startsWith('$skiptoken='));
  return `${call.context.root}${path}?${[...kept, `$skiptoken=${encodeURIComponent(token)}`].join('&')}`;
}

export function countEntities(call: Call, table: Table, within?: readonly Row[]): ApiResponse {
  const found = prepareQuery(call.context.organization, table, call.options).apply(within);
  return { ...answer(200, { 'Content-Type': 'text/plain' }), body: String(Math.min(found.length, COUNT_LIMIT)) };
}
