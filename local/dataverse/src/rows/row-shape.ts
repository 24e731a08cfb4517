// Rows as the filter compiler sees them.

import type { Kind, Navigation, Property, Shape } from '../odata/shape.ts';
import type { Organization } from '../organization.ts';
import type { Column, ManyToMany, Relationship, Table } from '../schema/model.ts';
import { isLookup, typeName } from '../schema/model.ts';
import { targets } from '../schema/schema.ts';
import { refuseQuery } from '../security/secured-columns.ts';
import type { Row } from '../store/row.ts';
import { isRef } from '../store/row.ts';
import type { Store } from '../store/store.ts';
import { columnOf, readValue } from './properties.ts';
import { edmType } from './values.ts';

const KINDS: Record<string, Kind> = {
  'Edm.Boolean': 'boolean',
  'Edm.Date': 'date',
  'Edm.DateTimeOffset': 'instant',
  'Edm.Decimal': 'number',
  'Edm.Double': 'number',
  'Edm.Guid': 'guid',
  'Edm.Int32': 'number',
  'Edm.Int64': 'number',
};

function kindOfColumn(column: Column): Kind {
  return isLookup(column) ? 'guid' : (KINDS[edmType(column)] ?? 'text');
}

export function rowShape(organization: Organization, table: Table): Shape<Row> {
  return {
    typeName: typeName(table),
    property: (name) => rowProperty(organization, table, name),
    navigation: (name) => rowNavigation(organization, table, name),
  };
}

function rowProperty(organization: Organization, table: Table, name: string): Property<Row> | undefined {
  const column = columnOf(table, name);
  if (column === undefined) return undefined;
  refuseQuery(organization, table, column);
  const indexed = column.name === table.primaryId || isLookup(column);
  return { kind: kindOfColumn(column), read: (row) => readValue(row, column), ...(indexed && { seek: column.name }) };
}

function rowNavigation(organization: Organization, table: Table, name: string): Navigation<Row> | undefined {
  const { schema, store } = organization;
  const single = findSingle(table, name);
  if (single !== undefined) {
    const target = schema.table(targets(single)[0] ?? '');
    if (target === undefined) return undefined;
    return { many: false, shape: rowShape(organization, target), follow: (row) => followSingle(store, single, row) };
  }
  const collection = schema.collection(table, name);
  if (collection !== undefined) {
    const shape = rowShape(organization, schema.known(collection.referencingTable));
    return { many: true, shape, follow: (row) => followCollection(store, collection, row) };
  }
  const pair = table.manyToMany.find((relationship) => relationship.navigationProperty === name);
  if (pair === undefined) return undefined;
  const shape = rowShape(organization, schema.known(pair.otherTable));
  return { many: true, shape, follow: (row) => followPairs(store, pair, row) };
}

/** The lookup behind a single-valued navigation property. Activities also answer to `ownerid`, inherited from activitypointer. */
export function findSingle(table: Table, name: string): Relationship | undefined {
  const own = table.relationships.find((relationship) => relationship.navigationProperty === name);
  if (own !== undefined || !table.isActivity || name !== 'ownerid') return own;
  return table.relationships.find((relationship) => relationship.column === 'ownerid');
}

export function followSingle(store: Store, relationship: Relationship, row: Row): Row[] {
  const value = row.values[relationship.column];
  if (!isRef(value) || !targets(relationship).includes(value.table)) return [];
  const next = store.get(value.table, value.id);
  return next === undefined ? [] : [next];
}

export function followCollection(store: Store, relationship: Relationship, row: Row): Row[] {
  return store.lookup(relationship.referencingTable, relationship.column, row.id).filter((found) => {
    const value = found.values[relationship.column];
    return isRef(value) && value.table === row.table;
  });
}

export function followPairs(store: Store, pair: ManyToMany, row: Row): Row[] {
  const found: Row[] = [];
  for (const link of store.rows(pair.intersectTable)) {
    const other = link.values[pair.otherColumn];
    if (link.values[pair.ownColumn] !== row.id || typeof other !== 'string') continue;
    const next = store.get(pair.otherTable, other);
    if (next !== undefined) found.push(next);
  }
  return found;
}
