// GET of a set with `?fetchXml=`. Microsoft Learn, "Use FetchXml to retrieve data", "Page results using FetchXml", "Select columns".

import type { Call } from '../call/call.ts';
import type { ApiResponse } from '../call/message.ts';
import { answer } from '../call/message.ts';
import { badRequest, invalidArgument, notEmulated } from '../errors.ts';
import type { FetchEntity, FetchQuery } from '../fetch/query.ts';
import { parseFetch } from '../fetch/query.ts';
import type { JsonObject } from '../json.ts';
import { admit } from '../rows/admission.ts';
import { compileProjection, etag } from '../rows/projection.ts';
import { propertyName } from '../rows/properties.ts';
import type { Table } from '../schema/model.ts';
import { FetchRun, type Joined, ROOT } from './fetch-run.ts';
import { readPreferences } from './preferences.ts';
import { presentation } from './reads.ts';

const MAX_PAGE = 5000;
/** Microsoft Learn, "Page results": without a cookie no further. */
const MAX_ROWS_WITHOUT_COOKIE = 50_000;
const CRM = '@Microsoft.Dynamics.CRM.';

/** Attributes that mean nothing to rows in memory. */
const WITHOUT_EFFECT = new Set('version mapping output-format no-lock utc-offset latematerialize options'.split(' '));
const WITH_EFFECT = new Set('count page paging-cookie top distinct returntotalrecordcount'.split(' '));

export function fetchEntities(call: Call, table: Table, text: string): ApiResponse {
  const { organization, root } = call.context;
  const query = parseFetch(organization, text);
  if (query.entity.table !== table)
    throw badRequest(`The FetchXml is of '${query.entity.table.logicalName}', the URL of '${table.logicalName}'.`);
  refuseUncovered(query);
  const preferences = readPreferences(call.request);
  const project = projector(call, query.entity);
  const found = withoutRepeats(query, new FetchRun(organization).rows(query.entity).map(project));
  const page = readPage(query);
  const value = found.slice(page.from, page.from + page.size);
  const more = page.paged && page.from + value.length < found.length;
  const annotation = (name: string, content: JsonObject[string]) =>
    preferences.annotates(`Microsoft.Dynamics.CRM.${name}`) ? { [`${CRM}${name}`]: content } : {};
  const body: JsonObject = {
    '@odata.context': `${root}$metadata#${table.entitySetName}`,
    ...(isTrue(query.attributes['returntotalrecordcount']) && {
      ...annotation('totalrecordcount', Math.min(found.length, MAX_PAGE)),
      ...annotation('totalrecordcountlimitexceeded', found.length > MAX_PAGE),
    }),
    ...(more && annotation('fetchxmlpagingcookie', writeCookie(page.number, table, value))),
    ...(more && annotation('morerecords', true)),
    value,
  };
  return answer(200, preferences.applied('odata.include-annotations'), body);
}

const isTrue = (text: string | undefined) => text === 'true' || text === '1';

function refuseUncovered({ attributes, entity }: FetchQuery): void {
  for (const name of Object.keys(attributes))
    if (!WITHOUT_EFFECT.has(name) && !WITH_EFFECT.has(name)) throw notEmulated(`'${name}' on fetch`);
  refuseAggregates(entity);
}

function refuseAggregates({ columns, links }: FetchEntity): void {
  const grouped = columns.find(({ attributes }) => attributes['aggregate'] ?? attributes['groupby']);
  if (grouped !== undefined) throw notEmulated('aggregates in FetchXML');
  for (const link of links) refuseAggregates(link);
}

interface FetchPage {
  readonly paged: boolean;
  readonly number: number;
  readonly from: number;
  readonly size: number;
}

function readPage({ attributes }: FetchQuery): FetchPage {
  const number = (name: string): number | undefined => {
    const text = attributes[name];
    if (text !== undefined && !/^[1-9]\d*$/.test(text)) throw invalidArgument(`'${name}' must be a positive number.`);
    return text === undefined ? undefined : Number(text);
  };
  const [top, count, page] = [number('top'), number('count'), number('page')];
  if (top !== undefined) {
    // "You can't use top with page, count or returntotalrecordcount": "Page results", "Limit the number of rows".
    if (count !== undefined || page !== undefined || attributes['returntotalrecordcount'] !== undefined)
      throw invalidArgument("The attribute 'top' cannot be combined with paging.");
    return { paged: false, number: 1, from: 0, size: Math.min(top, MAX_PAGE) };
  }
  const size = Math.min(count ?? MAX_PAGE, MAX_PAGE);
  const from = ((page ?? 1) - 1) * size;
  const cookie = attributes['paging-cookie'];
  if (cookie !== undefined) {
    if (!cookie.startsWith(`<cookie page="${(page ?? 1) - 1}">`))
      throw invalidArgument('Malformed XML in the Paging Cookie.');
  } else if (from + size > MAX_ROWS_WITHOUT_COOKIE) {
    throw badRequest('Paging cookie is required when trying to retrieve a set of records past 50,000.', '0x8004430a');
  }
  return { paged: true, number: page ?? 1, from, size };
}

/** The value of `pagingcookie` is encoded twice, as real ones are. It names the first and the last row of the page. */
function writeCookie(page: number, { primaryId }: Table, rows: readonly JsonObject[]): string {
  const id = (row: JsonObject | undefined) => `{${String(row?.[primaryId] ?? '').toUpperCase()}}`;
  const inner = `<cookie page="${page}"><${primaryId} last="${id(rows.at(-1))}" first="${id(rows[0])}" /></cookie>`;
  const encoded = encodeURIComponent(encodeURIComponent(inner));
  return `<cookie pagenumber="${page + 1}" pagingcookie="${encoded}" istracking="False" />`;
}

/** Columns of the root as OData shows them, those of a link as `alias.column`. */
function projector(call: Call, root: FetchEntity): (joined: Joined) => JsonObject {
  const show = presentation(call);
  const parts = partsOf(call, root, ROOT);
  return (joined) => {
    const row = joined.get(ROOT);
    const into: JsonObject = row === undefined ? {} : { '@odata.etag': etag(row) };
    for (const part of parts) {
      const source = joined.get(part.alias);
      if (source === undefined) continue;
      admit(call.context.organization, { action: 'read', row: { table: source.table, id: source.id } });
      for (const [name, value] of Object.entries(part.project(source, show))) {
        const shown = part.rename(name);
        if (shown !== undefined) into[shown] = value;
      }
    }
    return into;
  };
}

function partsOf(call: Call, entity: FetchEntity, alias: string): Part[] {
  const { organization } = call.context;
  const { table, columns, all } = entity;
  const hidden = columns.find(({ column }) => column.type === 'PartyList');
  if (hidden !== undefined) throw notEmulated(`the party list ${hidden.column.name} in FetchXML`);
  const whole = all || (alias === ROOT && columns.length === 0);
  const select = whole ? undefined : columns.map(({ column }) => propertyName(column));
  const names = new Map(
    columns.map(({ column, attributes }) => [
      propertyName(column),
      attributes['alias'] ?? (alias === ROOT ? propertyName(column) : `${alias}.${column.name}`),
    ]),
  );
  const rename = (property: string): string | undefined => {
    const [name = '', annotation] = property.split('@');
    const key = alias === ROOT && name === table.primaryId ? (names.get(name) ?? name) : names.get(name);
    const shown = key ?? (whole ? defaultName(alias, name) : undefined);
    return shown === undefined ? undefined : annotation === undefined ? shown : `${shown}@${annotation}`;
  };
  const project = compileProjection(organization, table, {
    expand: [],
    count: false,
    aliases: new Map(),
    ...(select !== undefined && { select }),
  });
  return [{ alias, project, rename }, ...entity.links.flatMap((link) => partsOf(call, link, link.alias))];
}

interface Part {
  readonly alias: string;
  readonly project: ReturnType<typeof compileProjection>;
  /** The name in the answer; undefined for what was not asked. */
  readonly rename: (property: string) => string | undefined;
}

function defaultName(alias: string, property: string): string {
  return alias === ROOT ? property : `${alias}.${/^_(.+)_value$/.exec(property)?.[1] ?? property}`;
}

/** `distinct`: equal in what was selected. The primary key then comes only when it was. */
function withoutRepeats({ attributes, entity }: FetchQuery, rows: JsonObject[]): JsonObject[] {
  if (!isTrue(attributes['distinct'])) return rows;
  const { primaryId } = entity.table;
  const keepsId =
    entity.all || entity.columns.length === 0 || entity.columns.some(({ column }) => column.name === primaryId);
  const seen = new Map<string, JsonObject>();
  for (const { '@odata.etag': etagOf, ...row } of rows) {
    if (!keepsId) delete row[primaryId];
    const key = JSON.stringify(row);
    if (!seen.has(key)) seen.set(key, keepsId && etagOf !== undefined ? { '@odata.etag': etagOf, ...row } : row);
  }
  return [...seen.values()];
}
