// The page asks the Web API as any other program does, without the way over the network.

import { serve } from '../dataverse/src/api/service.ts';
import type { ApiResponse } from '../dataverse/src/call/message.ts';
import { isObject, type Json, objects, text } from '../dataverse/src/json.ts';
import type { Organization } from '../dataverse/src/organization.ts';
import type { Table } from '../dataverse/src/schema/model.ts';
import { finish } from '../dataverse/src/steps.ts';
import type { Row } from '../dataverse/src/store/row.ts';

const ROOT = 'http://127.0.0.1/api/data/v9.2/';

/** A request that Dataverse refused, in its own words. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** A list that cannot be read: its query is refused, or its relationship is no lookup. */
export class QueryRefused extends Error {}

/** The rows that a FetchXML query finds, by their ids. @throws QueryRefused */
export async function fetchIds(organization: Organization, table: Table, fetchXml: string): Promise<string[]> {
  const target = `${table.entitySetName}?fetchXml=${encodeURIComponent(fetchXml)}`;
  const answered = await ask(organization, { method: 'GET', target });
  const refusal = refusalOf(answered);
  if (refusal !== undefined) throw new QueryRefused(refusal.message);
  const rows = objects(bodyOf(answered), 'value');
  return rows.flatMap((row) => text(row, table.primaryId) ?? []);
}

/** Changes columns of a row unless somebody did since `etag`. Gives the refusal, if there is one. */
export async function patch(
  organization: Organization,
  { row, etag }: { row: Row; etag: string },
  values: Readonly<Record<string, string | number | boolean | null>>,
): Promise<Refusal | undefined> {
  const target = `${organization.schema.known(row.table).entitySetName}(${row.id})`;
  const headers = new Map([
    ['content-type', 'application/json'],
    ['if-match', etag],
  ]);
  return refusalOf(await ask(organization, { method: 'PATCH', target, headers, body: JSON.stringify(values) }));
}

interface Asked {
  readonly method: string;
  readonly target: string;
  readonly headers?: ReadonlyMap<string, string>;
  readonly body?: string;
}

const ask = async (organization: Organization, { headers = new Map(), body = '', ...asked }: Asked) =>
  finish(serve({ organization, root: ROOT }, { ...asked, headers, body }));

function bodyOf({ body = '' }: ApiResponse) {
  const json: Json = JSON.parse(body);
  return isObject(json) ? json : {};
}

function refusalOf(answered: ApiResponse): Refusal | undefined {
  const { status } = answered;
  if (status < 400) return undefined;
  const error = bodyOf(answered)['error'];
  const said = isObject(error) ? error : {};
  return { status, code: text(said, 'code') ?? '', message: text(said, 'message') ?? '' };
}
