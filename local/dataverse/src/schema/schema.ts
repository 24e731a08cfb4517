// The set of tables, with the questions that requests ask: by entity set, by navigation property, who points here.

import { isRef } from '../store/row.ts';
import type { Store } from '../store/store.ts';
import type { Column, Relationship, Table } from './model.ts';
import { isLookup } from './model.ts';

export class Schema {
  readonly #store: Store;
  readonly #byName = new Map<string, Table>();
  readonly #bySet = new Map<string, Table>();

  constructor(store: Store) {
    this.#store = store;
  }

  get tables(): Iterable<Table> {
    return this.#byName.values();
  }

  table(logicalName: string): Table | undefined {
    return this.#byName.get(logicalName);
  }

  /** A table that must exist because the schema itself names it. */
  known(logicalName: string): Table {
    const table = this.#byName.get(logicalName);
    if (table === undefined) throw new Error(`no table ${logicalName}`);
    return table;
  }

  /** Entity set names are case sensitive, lower case. */
  entitySet(name: string): Table | undefined {
    return this.#bySet.get(name);
  }

  addTable(table: Table): void {
    this.#byName.set(table.logicalName, table);
    this.#bySet.set(table.entitySetName, table);
    this.#store.onRollback(() => {
      this.#byName.delete(table.logicalName);
      this.#bySet.delete(table.entitySetName);
    });
    this.#store.addTable(table.logicalName);
    for (const column of table.columns.values()) this.#index(table, column);
  }

  /** The rows must be gone before. */
  removeTable(table: Table): void {
    this.#byName.delete(table.logicalName);
    this.#bySet.delete(table.entitySetName);
    this.#store.onRollback(() => {
      this.#byName.set(table.logicalName, table);
      this.#bySet.set(table.entitySetName, table);
    });
  }

  putColumn(table: Table, column: Column): void {
    const before = table.columns.get(column.name);
    table.columns.set(column.name, column);
    this.#store.onRollback(() => {
      if (before === undefined) table.columns.delete(column.name);
      else table.columns.set(column.name, before);
    });
    this.#index(table, column);
  }

  removeColumn(table: Table, column: Column): void {
    table.columns.delete(column.name);
    const kept = table.relationships.filter((relationship) => relationship.column !== column.name);
    const before = table.relationships.splice(0, table.relationships.length, ...kept);
    this.#store.onRollback(() => {
      table.columns.set(column.name, column);
      table.relationships.splice(0, table.relationships.length, ...before);
    });
  }

  addRelationship(table: Table, relationship: Relationship): void {
    table.relationships.push(relationship);
    this.#store.onRollback(() => {
      table.relationships.splice(table.relationships.indexOf(relationship), 1);
    });
  }

  /** Relationships whose lookup can point to this table. `owner` stands for users and teams. */
  *pointingTo(logicalName: string): Iterable<Relationship> {
    for (const table of this.#byName.values()) {
      for (const relationship of table.relationships) {
        if (targets(relationship).includes(logicalName)) yield relationship;
      }
    }
  }

  collection(table: Table, navigationProperty: string): Relationship | undefined {
    for (const relationship of this.pointingTo(table.logicalName)) {
      if (relationship.collectionProperty === navigationProperty) return relationship;
    }
    return undefined;
  }

  #index(table: Table, column: Column): void {
    if (!isLookup(column)) return;
    this.#store.addIndex(table.logicalName, column.name, (row) => {
      const value = row.values[column.name];
      return isRef(value) ? value.id : undefined;
    });
  }
}

/** Tables that a relationship can point to. Microsoft Learn, "Web API EntityTypes": users and teams share the `principal` base. */
export function targets(relationship: Relationship): readonly string[] {
  return relationship.target === 'owner' ? ['systemuser', 'team'] : [relationship.target];
}
