// A FetchXML query over the rows: joins, filters, order. Microsoft Learn, "Join tables", "Filter rows", "Order rows using FetchXml".

import { badRequest, notEmulated } from '../errors.ts';
import type { FetchEntity, FetchFilter, FetchLink } from '../fetch/query.ts';
import { columnOf } from '../fetch/query.ts';
import { type Moment, testOf } from '../fetch/tests.ts';
import { compare, type Scalar } from '../odata/shape.ts';
import type { Organization } from '../organization.ts';
import { baseLanguage } from '../organization.ts';
import { label, primaryName } from '../rows/annotations.ts';
import { propertyName } from '../rows/properties.ts';
import { prepareQuery } from '../rows/query.ts';
import { rowShape } from '../rows/row-shape.ts';
import { type Column, isLookup, type Table } from '../schema/model.ts';
import { isRef, type Row } from '../store/row.ts';

/** A row of the result: the row of each table by its alias; the root has none. */
export type Joined = ReadonlyMap<string, Row | undefined>;

export const ROOT = '';

const NO_OPTIONS = { expand: [], count: false, aliases: new Map<string, string>() };

export class FetchRun {
  readonly #organization: Organization;
  readonly #moment: Moment;
  readonly #tables = new Map<string, Table>();

  constructor(organization: Organization) {
    this.#organization = organization;
    this.#moment = { now: organization.clock(), userId: organization.caller.id };
  }

  rows(root: FetchEntity): Joined[] {
    this.#name(ROOT, root);
    const found = this.#all(root.table).map((row): Joined => new Map([[ROOT, row]]));
    const joined = this.#join(found, root, ROOT);
    const kept = joined.filter(this.#filter(root.filters, ROOT));
    const order = this.#order(root);
    return order === undefined ? kept : kept.sort(order);
  }

  #name(alias: string, { table, links }: FetchEntity): void {
    this.#tables.set(alias, table);
    for (const link of links) this.#name(link.alias, link);
  }

  /** Through the door of every query, which knows what the caller may see. */
  #all(table: Table): Row[] {
    return prepareQuery(this.#organization, table, NO_OPTIONS).apply();
  }

  #join(found: Joined[], entity: FetchEntity, alias: string): Joined[] {
    return entity.links.reduce((rows, link) => this.#joinOne(rows, link, alias), found);
  }

  #joinOne(found: Joined[], link: FetchLink, parent: string): Joined[] {
    if (!['inner', 'outer', 'exists', 'in'].includes(link.type)) throw notEmulated(`link-type ${link.type}`);
    const rows = Map.groupBy(this.#all(link.table), (row) => keyOf(row, link.from.name));
    const fits = this.#filter(link.filters, link.alias);
    return found.flatMap((left) => {
      const row = left.get(parent);
      const key = row === undefined ? undefined : keyOf(row, link.to);
      const candidates = (key === undefined ? [] : (rows.get(key) ?? []))
        .map((right): Joined => new Map([...left, [link.alias, right]]))
        .filter(fits);
      const joined = this.#join(candidates, link, link.alias);
      if (link.type === 'exists' || link.type === 'in') return joined.length > 0 ? [left] : [];
      return joined.length === 0 && link.type === 'outer' ? [left] : joined;
    });
  }

  #filter(filters: readonly FetchFilter[], alias: string): (row: Joined) => boolean {
    const tests = filters.map((filter) => this.#one(filter, alias));
    return (row) => tests.every((test) => test(row));
  }

  #one({ type, conditions, filters }: FetchFilter, alias: string): (row: Joined) => boolean {
    const tests = [
      ...conditions.map((condition) => {
        const read = this.read(condition.entityname ?? alias, condition.column);
        const test = testOf(condition, read.kind, this.#moment);
        return (row: Joined) => test(read.value(row));
      }),
      ...filters.map((filter) => this.#one(filter, alias)),
    ];
    if (tests.length === 0) return () => true;
    return type === 'and' ? (row) => tests.every((test) => test(row)) : (row) => tests.some((test) => test(row));
  }

  /** How to read a column of the table that an alias stands for. */
  read(alias: string, name: string) {
    const table = this.#tables.get(alias);
    // QueryBuilderAlias_Does_Not_Exist.
    if (table === undefined) throw badRequest(`The alias '${alias}' does not exist.`, '0x8004110a');
    const column = columnOf(table, name);
    const property = rowShape(this.#organization, table).property(propertyName(column));
    if (property === undefined) throw notEmulated(`the column ${table.logicalName}.${name} in FetchXML`);
    const value = (joined: Joined): Scalar => {
      const row = joined.get(alias);
      return row === undefined ? null : property.read(row);
    };
    return { kind: property.kind, column, value };
  }

  /** Root first, then the links in depth. Lookups go by the name of their row, choices by label ("Order rows"). */
  #order(root: FetchEntity): ((left: Joined, right: Joined) => number) | undefined {
    const keys = this.#orders(root, ROOT);
    if (keys.length === 0) return undefined;
    return (left, right) => {
      for (const { value, sign } of keys) {
        const order = compare(value(left), value(right)) * sign;
        if (order !== 0) return order;
      }
      return 0;
    };
  }

  #orders(entity: FetchEntity, alias: string): { value: (row: Joined) => Scalar; sign: number }[] {
    const own = entity.orders.map((order) => {
      const { attribute, entityname = alias, descending } = order;
      if (attribute === undefined) throw notEmulated('an order by alias');
      const { column, value } = this.read(entityname, attribute);
      const shown = (row: Joined) => this.#shown(column, row.get(entityname)) ?? value(row);
      return { value: shown, sign: descending === 'true' || descending === '1' ? -1 : 1 };
    });
    return [...own, ...entity.links.flatMap((link) => this.#orders(link, link.alias))];
  }

  #shown(column: Column, row: Row | undefined): string | undefined {
    const value = row?.values[column.name];
    if (isLookup(column)) return isRef(value) ? primaryName(this.#organization, value.table, value.id) : undefined;
    if (typeof value !== 'number' || column.options === undefined) return undefined;
    return label(column.options.get(value)?.labels, baseLanguage(this.#organization));
  }
}

/** Ids and texts by which rows are joined. */
function keyOf(row: Row, column: string): string | undefined {
  const value = row.values[column];
  if (isRef(value)) return value.id;
  return value === null || value === undefined ? undefined : String(value).toLowerCase();
}
