// `$select` and `$expand`, checked once against the type, then applied to rows.
// Microsoft Learn: "Select columns", "Join tables". The primary key always comes; an expanded single row carries no ETag,
// the rows of an expanded collection do, with the lookup that made them found.

import { badRequest, notEmulated, unknownQueryProperty } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { ExpandItem, QueryOptions } from '../odata/options.ts';
import type { Organization } from '../organization.ts';
import type { Column, Table } from '../schema/model.ts';
import { isLookup, typeName } from '../schema/model.ts';
import { targets } from '../schema/schema.ts';
import { mayRead } from '../security/secured-columns.ts';
import type { Row } from '../store/row.ts';
import { admit } from './admission.ts';
import { annotations } from './annotations.ts';
import { columnOf, exposedColumns, propertyName, readValue } from './properties.ts';
import { prepareQuery } from './query.ts';
import { findSingle, followCollection, followPairs, followSingle } from './row-shape.ts';

export interface Presentation {
  readonly organization: Organization;
  readonly root: string;
  /** Expanded collections must not come from a cache. */
  readonly fresh: boolean;
  readonly annotates: (annotation: string) => boolean;
}

/** Writes what was asked of a row into an object. */
type Part = (row: Row, into: JsonObject, presentation: Presentation) => void;

type Projection = (row: Row, presentation: Presentation) => JsonObject;

/** What a projection is made of; `extra` are properties that come with any `$select`. */
type ProjectionOptions = QueryOptions & { readonly extra?: readonly string[] };

export function compileProjection(organization: Organization, table: Table, options: ProjectionOptions): Projection {
  // A query needs the right to read the table, whether it finds rows or not.
  admit(organization, { action: 'read', row: { table: table.logicalName, id: '' } });
  const columns = selectColumns(table, options);
  const expands = options.expand.map((item) => compileExpand(organization, table, item));
  const isPrincipal = table.logicalName === 'systemuser' || table.logicalName === 'team';
  const hidden = columns.filter((column) => !mayRead(organization, table, column)).map(propertyName);
  return (row, presentation) => {
    const into: JsonObject = {};
    for (const column of columns) writeColumn(column, row, { into, presentation });
    for (const name of hidden) hide(name, into);
    // Microsoft Learn, "Join tables": users and teams are principals, whose key `ownerid` comes along.
    if (isPrincipal) into['ownerid'] = row.id;
    for (const expand of expands) expand(row, into, presentation);
    return into;
  };
}

/** The value of a secured column is null to whoever may not read it, annotations included. */
function hide(name: string, into: JsonObject): void {
  for (const property of Object.keys(into)) if (property.startsWith(`${name}@`)) delete into[property];
  into[name] = null;
}

function selectColumns(table: Table, { select, extra = [] }: ProjectionOptions): Column[] {
  if (select === undefined || select.includes('*')) return exposedColumns(table);
  const names = [...new Set([...select, ...extra, table.primaryId])];
  return names.map((name) => {
    // Selecting a navigation property gives its `_…_value` [seen in samples of "Join tables", "Return references"].
    const single = findSingle(table, name)?.column;
    const column = columnOf(table, name) ?? (single === undefined ? undefined : table.columns.get(single));
    if (column === undefined) throw unknownQueryProperty(name, typeName(table));
    return column;
  });
}

function writeColumn(
  column: Column,
  row: Row,
  { into, presentation }: { into: JsonObject; presentation: Presentation },
): void {
  const name = propertyName(column);
  for (const [annotation, value] of annotations(presentation.organization, column, row)) {
    if (presentation.annotates(annotation)) into[`${name}@${annotation}`] = value;
  }
  into[name] = readValue(row, column);
}

function compileExpand(organization: Organization, table: Table, item: ExpandItem): Part {
  const { schema, store } = organization;
  const single = findSingle(table, item.name);
  if (single !== undefined) {
    const target = schema.table(targets(single)[0] ?? '');
    if (target === undefined) throw notEmulated(`table ${single.target}`);
    if (item.reference) return referencePart(organization, item.name, (row) => followSingle(store, single, row));
    const projection = compileProjection(organization, target, item.options);
    return (row, into, presentation) => {
      const [next] = followSingle(store, single, row);
      // A row that the caller may not read shows as none [inference].
      const seen = next !== undefined && (organization.sees?.(next) ?? true);
      into[item.name] = seen ? projection(next, presentation) : null;
    };
  }
  if (item.reference) throw badRequest('Expand with $ref is only supported on lookup type navigation property.');
  const collection = schema.collection(table, item.name);
  const pair = table.manyToMany.find((relationship) => relationship.navigationProperty === item.name);
  const other = schema.table(collection?.referencingTable ?? pair?.otherTable ?? '');
  if (other === undefined) throw unknownQueryProperty(item.name, typeName(table));
  const follow = (row: Row): Row[] => {
    if (collection !== undefined) return followCollection(store, collection, row);
    return pair === undefined ? [] : followPairs(store, pair, row);
  };
  return collectionPart(organization, { table, other, item, follow, lookup: collection?.column });
}

function referencePart(organization: Organization, name: string, follow: (row: Row) => Row[]): Part {
  return (row, into, { root }) => {
    const [next] = follow(row);
    into[name] = next === undefined ? null : { '@odata.id': rowUrl(organization, root, next) };
  };
}

interface CollectionExpand {
  readonly table: Table;
  readonly other: Table;
  readonly item: ExpandItem;
  readonly follow: (row: Row) => Row[];
  readonly lookup: string | undefined;
}

function collectionPart(organization: Organization, { table, other, item, follow, lookup }: CollectionExpand): Part {
  const { options } = item;
  const lookupColumn = lookup === undefined ? undefined : other.columns.get(lookup);
  const extra = lookupColumn !== undefined && isLookup(lookupColumn) ? [propertyName(lookupColumn)] : [];
  const projection = compileProjection(organization, other, { ...options, extra });
  const query = prepareQuery(organization, other, options);
  return (row, into, presentation) => {
    const read = () => {
      const found = query.apply(follow(row));
      const rows = options.top === undefined ? found : found.slice(0, options.top);
      return rows.map((next) => ({ '@odata.etag': etag(next), ...projection(next, presentation) }));
    };
    const { expansions, caller } = presentation.organization;
    const key = JSON.stringify([caller.id, row.table, row.id, item]);
    into[item.name] = expansions.take(key, presentation.fresh, read);
    if (options.expand.length > 0) return;
    const select = options.select === undefined ? '' : `?$select=${options.select.join(',')}`;
    into[`${item.name}@odata.nextLink`] = `${presentation.root}${table.entitySetName}(${row.id})/${item.name}${select}`;
  };
}

export function etag(row: Row): string {
  return `W/"${row.version}"`;
}

export function rowUrl(organization: Organization, root: string, row: Row): string {
  return `${root}${organization.schema.known(row.table).entitySetName}(${row.id})`;
}

/** The part of `@odata.context` that repeats `$select` and `$expand`. */
export function contextOf(options: QueryOptions): string {
  const expands = options.expand.map(
    (item) => `${item.name}${item.reference ? '/$ref' : ''}${contextOf(item.options) || '()'}`,
  );
  const names = [...(options.select ?? []), ...expands];
  return names.length === 0 ? '' : `(${names.join(',')})`;
}
