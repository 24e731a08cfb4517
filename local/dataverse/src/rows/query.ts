// `$filter`, `$orderby`, `$top`, `$count` and paging over the rows of a table.
// Microsoft Learn: "Filter rows", "Order rows", "Page results", "Count rows".

import { badRequest, unknownQueryProperty } from '../errors.ts';
import { compileFilter, type Filter } from '../odata/filter.ts';
import type { QueryOptions } from '../odata/options.ts';
import type { Shape } from '../odata/shape.ts';
import { compare } from '../odata/shape.ts';
import type { Organization } from '../organization.ts';
import type { Table } from '../schema/model.ts';
import type { Row } from '../store/row.ts';
import { rowShape } from './row-shape.ts';

interface PreparedQuery {
  /** Filtered and ordered rows, among the given ones or in the whole table. */
  readonly apply: (rows?: Iterable<Row>) => Row[];
}

export function prepareQuery(organization: Organization, table: Table, options: QueryOptions): PreparedQuery {
  const shape = rowShape(organization, table);
  const filter =
    options.filter === undefined
      ? undefined
      : compileFilter(options.filter, { shape, aliases: options.aliases, now: organization.clock() });
  const order = compileOrder(shape, options.orderby);
  return {
    apply: (rows) => {
      const found: Row[] = [];
      for (const row of rows ?? candidates(organization, table, filter)) {
        if ((filter?.test(row) ?? true) && (organization.sees?.(row) ?? true)) found.push(row);
      }
      return order === undefined ? found : found.sort(order);
    },
  };
}

/** Rows that an index allows, when the filter fixes a primary key or a lookup; else all. */
function* candidates(organization: Organization, table: Table, filter: Filter<Row> | undefined): Iterable<Row> {
  const { store } = organization;
  const seek = filter?.seek;
  if (seek === undefined) {
    yield* store.rows(table.logicalName);
    return;
  }
  for (const key of new Set(seek.keys)) {
    if (seek.property !== table.primaryId) yield* store.lookup(table.logicalName, seek.property, key);
    else {
      const row = store.get(table.logicalName, key);
      if (row !== undefined) yield row;
    }
  }
}

function compileOrder<T>(shape: Shape<T>, orderby: string | undefined): ((left: T, right: T) => number) | undefined {
  if (orderby === undefined || orderby.trim() === '') return undefined;
  const keys = orderby.split(',').map((item) => {
    const [name = '', direction = 'asc', ...rest] = item.trim().split(/\s+/);
    if (rest.length > 0 || !['asc', 'desc'].includes(direction))
      throw badRequest(`Syntax error in '$orderby=${orderby}'.`);
    const property = shape.property(name);
    if (property === undefined) throw unknownQueryProperty(name, shape.typeName);
    return { property, sign: direction === 'desc' ? -1 : 1 };
  });
  return (left, right) => {
    for (const { property, sign } of keys) {
      const order = compare(property.read(left), property.read(right)) * sign;
      if (order !== 0) return order;
    }
    return 0;
  };
}

export interface Page {
  readonly rows: readonly Row[];
  /** `$skiptoken` of the next page. */
  readonly next?: string | undefined;
}

const DEFAULT_PAGE = 5000;

/** One page. `$top` is ignored when a page size is asked for ("Page results"). */
export function cutPage(
  found: readonly Row[],
  {
    pageSize,
    top,
    skiptoken,
  }: { pageSize?: number | undefined; top?: number | undefined; skiptoken?: string | undefined },
): Page {
  const start = readToken(skiptoken);
  const limit = pageSize ?? Math.min(top ?? DEFAULT_PAGE, DEFAULT_PAGE);
  const rows = found.slice(start.offset, start.offset + limit);
  const end = start.offset + rows.length;
  const complete = end >= found.length || (pageSize === undefined && top !== undefined && top <= DEFAULT_PAGE);
  return complete ? { rows } : { rows, next: writeToken(start.page + 1, end) };
}

/** A cookie that clients must not read; the real one names the last row, this one its position. */
function writeToken(page: number, offset: number): string {
  return `<cookie pagenumber="${page}" pagingcookie="${offset}" istracking="False" />`;
}

function readToken(token: string | undefined): { page: number; offset: number } {
  if (token === undefined) return { page: 1, offset: 0 };
  const found = /^<cookie pagenumber="(\d+)" pagingcookie="(\d+)"/.exec(token);
  if (found === null) throw badRequest('Invalid $skiptoken in the query.');
  return { page: Number(found[1]), offset: Number(found[2]) };
}
