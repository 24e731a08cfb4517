// Names under which the Web API shows columns, and the values it gives.
// Microsoft Learn, "Web API Properties": a lookup is read as `_name_value`.

import type { Scalar } from '../odata/shape.ts';
import type { Column, Table } from '../schema/model.ts';
import { isLookup } from '../schema/model.ts';
import type { Row } from '../store/row.ts';
import { isRef } from '../store/row.ts';

export function propertyName(column: Column): string {
  return isLookup(column) ? `_${column.name}_value` : column.name;
}

/** The column behind a property of the Web API; undefined when the type has no such property. */
export function columnOf(table: Table, property: string): Column | undefined {
  const lookup = /^_(.+)_value$/.exec(property)?.[1];
  const column = table.columns.get(lookup ?? property);
  if (column === undefined || isLookup(column) !== (lookup !== undefined)) return undefined;
  return isExposed(table, column) ? column : undefined;
}

/**
 * Party lists are a collection, `…type` and `…name` columns of a lookup are annotations, columns not valid for read are absent
 * [inference from the $metadata of standard tables].
 */
function isExposed(table: Table, column: Column): boolean {
  if (!column.read || column.type === 'PartyList') return false;
  if (column.type === 'EntityName') return column.name === 'activitytypecode';
  const owner = /^(.+?)(?:yomi)?name$/.exec(column.name)?.[1];
  const described = owner === undefined ? undefined : table.columns.get(owner);
  return described === undefined || !isLookup(described);
}

export function exposedColumns(table: Table): Column[] {
  return [...table.columns.values()].filter((column) => isExposed(table, column));
}

/** The value of a column as the Web API gives it. */
export function readValue(row: Row, column: Column): Scalar {
  if (column.name === 'versionnumber') return row.version;
  if (column.name === 'activitytypecode') return row.table;
  const value = row.values[column.name] ?? null;
  return isRef(value) ? value.id : value;
}
