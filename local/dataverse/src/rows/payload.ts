// From the JSON of a create or an update to column values, strictly: what the type does not declare is refused.
// Microsoft Learn: "Create a table row", "Associate and disassociate table rows", "Web API client errors".

import { DataverseError, invalidArgument, notEmulated, payloadError, unknownProperty } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import { isObject } from '../json.ts';
import type { Organization } from '../organization.ts';
import type { Column, Relationship, Table } from '../schema/model.ts';
import { isLookup, typeName } from '../schema/model.ts';
import { targets } from '../schema/schema.ts';
import type { Value } from '../store/row.ts';
import type { Changes, PartyInput, Related } from './changes.ts';
import { partyCollection, readParties } from './parties.ts';
import { columnOf } from './properties.ts';
import { resolveReference } from './reference.ts';
import { findSingle } from './row-shape.ts';
import { toStored } from './values.ts';

interface PayloadRules {
  readonly table: Table;
  readonly operation: 'create' | 'update';
  /** Written by a test as someone inside the CRM: columns that the API ignores are accepted. */
  readonly trusted?: boolean | undefined;
  /** Rows inside the payload are created with it. */
  readonly deep?: boolean | undefined;
}

const BIND = '@odata.bind';

/** Column values of a payload. Columns not valid for the operation are left out, as Dataverse ignores them [inference; statecode: fake-xrm-easy #36]. */
export function readPayload(organization: Organization, body: JsonObject, rules: PayloadRules): Changes {
  return new PayloadReader(organization, rules).read(body);
}

class PayloadReader {
  readonly #organization: Organization;
  readonly #rules: PayloadRules;
  readonly #table: Table;
  readonly #values: Record<string, Value> = {};
  readonly #related: Related[] = [];

  constructor(organization: Organization, rules: PayloadRules) {
    this.#organization = organization;
    this.#rules = rules;
    this.#table = rules.table;
  }

  read(body: JsonObject): Changes {
    let parties: PartyInput[] | undefined;
    for (const [name, json] of Object.entries(body)) {
      if (json === undefined || name.startsWith('@')) continue;
      if (name.endsWith(BIND)) this.#bind(name.slice(0, -BIND.length), json);
      else if (name === partyCollection(this.#table)) parties = this.#readParties(json);
      else if (!name.includes('@')) this.#set(name, json);
    }
    return { values: this.#values, parties, ...(this.#related.length > 0 && { related: this.#related }) };
  }

  #readParties(json: Json): PartyInput[] {
    const table = this.#organization.schema.known('activityparty');
    const rules: PayloadRules = { table, operation: 'create' };
    return readParties(this.#table, json, (entry) => readPayload(this.#organization, entry, rules).values);
  }

  #bind(name: string, json: Json): void {
    const relationship = findSingle(this.#table, name);
    if (relationship === undefined) {
      this.#refuseCollection(name, 'binding a collection');
      throw payloadError(
        this.#table.entitySetName,
        `An undeclared property '${name}' which only has property annotations in the payload but no property value was found in the payload. In OData, only declared navigation properties and declared named streams can be represented as properties without values.`,
      );
    }
    const column = this.#table.columns.get(relationship.column);
    if (column === undefined || !this.#isValid(column)) return;
    if (json === null) this.#clear(column);
    else this.#values[column.name] = this.#resolve(relationship, json);
  }

  /** Microsoft Learn, "Associate and disassociate table rows": null removes the reference. */
  #clear(column: Column): void {
    if (column.required === 'SystemRequired') throw invalidArgument(`Attribute '${column.name}' cannot be set to NULL`);
    // Of a lookup with several targets one is set and the others may be emptied in the same payload [inference].
    this.#values[column.name] ??= null;
  }

  #resolve(relationship: Relationship, json: Json): Value {
    return resolveReference(this.#organization, json, { accepted: targets(relationship), from: this.#table });
  }

  #set(name: string, json: Json): void {
    const { trusted } = this.#rules;
    const single = findSingle(this.#table, name);
    if (single !== undefined && json === null) {
      this.#values[single.column] = null;
      return;
    }
    if (single !== undefined && isObject(json)) {
      this.#nest(name, { relationship: single, end: 'one', table: targets(single)[0], json });
      return;
    }
    const many = Array.isArray(json) ? this.#organization.schema.collection(this.#table, name) : undefined;
    if (many !== undefined && Array.isArray(json)) {
      for (const item of json)
        this.#nest(name, { relationship: many, end: 'many', table: many.referencingTable, json: item });
      return;
    }
    const column = columnOf(this.#table, name) ?? (trusted ? this.#table.columns.get(name) : undefined);
    if (column === undefined) {
      this.#refuseCollection(name, 'deep insert');
      throw unknownProperty(name, typeName(this.#table));
    }
    if (isLookup(column)) this.#values[column.name] = trusted ? this.#findTarget(column, json) : refuseDirectLookup();
    else if (column.name === this.#table.primaryId || this.#isValid(column)) {
      this.#values[column.name] = toStored(this.#table, column, json);
    }
  }

  #nest(
    name: string,
    {
      json,
      table: logicalName,
      ...tie
    }: Pick<Related, 'relationship' | 'end'> & { table: string | undefined; json: Json },
  ): void {
    const table = this.#organization.schema.table(logicalName ?? '');
    if (this.#rules.deep !== true || table === undefined) throw notEmulated(`deep insert (${name})`);
    if (!isObject(json)) throw payloadError(this.#table.entitySetName, `An object is expected in '${name}'.`);
    const changes = readPayload(this.#organization, json, { table, operation: 'create', deep: true });
    this.#related.push({ ...tie, table, changes });
  }

  #isValid(column: Column): boolean {
    const { operation, trusted } = this.#rules;
    return trusted === true || (operation === 'create' ? column.create : column.update);
  }

  #refuseCollection(name: string, what: string): void {
    if (this.#organization.schema.collection(this.#table, name) !== undefined) throw notEmulated(`${what} (${name})`);
  }

  #findTarget(column: Column, json: Json): Value {
    if (json === null) return null;
    const id = String(json).toLowerCase();
    const table = column.targets?.find((target) => this.#organization.store.get(target, id) !== undefined);
    if (table === undefined) throw new Error(`no row ${id} for ${column.name}`);
    return { table, id };
  }
}

function refuseDirectLookup(): never {
  throw new DataverseError(
    400,
    '0x0',
    'CRM do not support direct update of Entity Reference properties, Use Navigation properties instead.',
  );
}
