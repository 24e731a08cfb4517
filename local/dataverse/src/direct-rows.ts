// Rows without HTTP, as someone working inside the CRM sees and changes them.

import type { Json, JsonObject } from './json.ts';
import type { Organization } from './organization.ts';
import { partiesOf } from './rows/parties.ts';
import { readPayload } from './rows/payload.ts';
import { exposedColumns, propertyName, readValue } from './rows/properties.ts';
import { removeRow } from './rows/remove.ts';
import { createRow, updateRow } from './rows/write.ts';
import { welcome } from './security/privileges.ts';
import type { Row } from './store/row.ts';

/** A row with the names of the Web API: columns, and lookups as `_name_value`. */
export type RowJson = Record<string, string | number | boolean | null>;

/** Tables by logical name. Values as in a Web API payload; lookups also as `_name_value`; state columns also on insert. */
export interface Rows {
  list(table: string): RowJson[];
  get(table: string, id: string): RowJson | undefined;
  /** Returns the new row's id. A user who is a person has the role Basic User, as in Dataverse; a team has none. */
  insert(table: string, row: JsonObject): string;
  /** Raises the row's version, as any write in the CRM does. */
  update(table: string, id: string, changes: JsonObject): void;
  remove(table: string, id: string): void;
  /** All parties of an appointment, those of the platform (8 regarding, 9 owner) included. */
  parties(appointmentId: string): RowJson[];
}

export function directRows(organization: Organization): Rows {
  const { schema, store } = organization;
  const required = (table: string, id: string): Row => {
    const row = store.get(table, id);
    if (row === undefined) throw new Error(`no ${table} ${id}`);
    return row;
  };
  return {
    list: (table) => [...store.rows(table)].map((row) => toJson(organization, row)),
    get: (table, id) => {
      const row = store.get(table, id);
      return row === undefined ? undefined : toJson(organization, row);
    },
    insert: (name, values) => {
      const table = schema.known(name);
      const changes = readPayload(organization, values, { table, operation: 'create', trusted: true });
      const { id } = createRow(organization, table, { ...changes, trusted: true });
      if (name === 'systemuser' && values['applicationid'] == null) welcome(organization, id);
      return id;
    },
    update: (name, id, values) => {
      const table = schema.known(name);
      const changes = readPayload(organization, values, { table, operation: 'update', trusted: true });
      updateRow(organization, required(name, id), { ...changes, trusted: true });
    },
    remove: (table, id) => removeRow(organization, required(table, id)),
    parties: (id) => partiesOf(organization, id).map((row) => toJson(organization, row)),
  };
}

function toJson(organization: Organization, row: Row): RowJson {
  const columns = exposedColumns(organization.schema.known(row.table));
  return Object.fromEntries(columns.map((column) => [propertyName(column), readValue(row, column)]));
}

const VOLATILE = new Set(['versionnumber', 'createdon', 'modifiedon', 'activitypartyid', '_activityid_value']);

/** What the connector writes (contacts, appointments with their parties, custom tables), comparable between two runs. */
export function takeSnapshot(organization: Organization): Record<string, Json[]> {
  const tables = [...organization.schema.tables].filter(
    (table) => table.custom || table.logicalName === 'contact' || table.logicalName === 'appointment',
  );
  return Object.fromEntries(
    tables.map(({ logicalName, isActivity }) => {
      const rows = [...organization.store.rows(logicalName)].map((row) => {
        const stable = stableValues(organization, row);
        if (!isActivity) return stable;
        return {
          ...stable,
          parties: sorted(partiesOf(organization, row.id).map((party) => stableValues(organization, party))),
        };
      });
      return [logicalName, sorted(rows)];
    }),
  );
}

function stableValues(organization: Organization, row: Row): JsonObject {
  const entries = Object.entries(toJson(organization, row)).filter(
    ([name, value]) => value !== null && !VOLATILE.has(name),
  );
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

function sorted(rows: JsonObject[]): JsonObject[] {
  const keyed = rows.map((row) => ({ row, key: JSON.stringify(row) }));
  return keyed.sort((left, right) => (left.key < right.key ? -1 : 1)).map(({ row }) => row);
}
