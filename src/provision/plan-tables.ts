// Plans one table: what to create, what to lengthen, and what cannot be used as it is.

import type {
  ChoiceColumn,
  Column,
  ExtendedTable,
  LookupColumn,
  MemoColumn,
  OwnTable,
  StringColumn,
} from '../schema/shape.ts';
import type { Call } from './calls.ts';
import type { CurrentRelationship } from './current.ts';
import type { CurrentColumn, CurrentTable } from './current-tables.ts';
import {
  cascadeDefinition,
  columnDefinition,
  optionDefinition,
  relationshipDefinition,
  tableDefinition,
} from './definitions.ts';
import { type Planner, type Step, unchanged } from './step.ts';

/** A column of ours and where it belongs. */
interface Target<C extends Column = Column> {
  table: string;
  column: string;
  shape: C;
}

/** Values of `AttributeTypeCode` (Microsoft Learn, reference/attributetypecode). */
export const attributeType = {
  string: 'String',
  memo: 'Memo',
  whole: 'Integer',
  choice: 'Picklist',
  boolean: 'Boolean',
  datetime: 'DateTime',
  lookup: 'Lookup',
} as const satisfies Record<Column['type'], string>;

export function planTable(planner: Planner, name: string): Step[] {
  const wanted = planner.schema.tables[name];
  const found = planner.current.tables.get(name);
  if (wanted === undefined) return [];
  const targets = Object.entries(wanted.columns).map(([column, shape]): Target => ({ table: name, column, shape }));
  if (found === undefined) {
    if (wanted.kind === 'own') return createTable(planner, wanted, targets);
    planner.conflicts.push(`table ${name} does not exist in this environment`);
    return [];
  }
  checkTable(planner, name, { wanted, found });
  const own = wanted.kind === 'own' ? [unchanged(name)] : [];
  return [...own, ...targets.map((target) => planColumn(planner, target, found.columns.get(target.column)))];
}

function createTable({ current }: Planner, wanted: OwnTable, targets: readonly Target[]): Step[] {
  const body = tableDefinition(wanted, current.languages);
  const columns = targets.map(({ table, column, shape }): Step => {
    if (shape.type === 'lookup') return createLookup(current.languages, { table, column, shape });
    return { component: `${table}.${column}`, change: 'created', calls: [] };
  });
  return [{ component: wanted.schemaName, change: 'created', calls: [{ kind: 'create-table', body }] }, ...columns];
}

function checkTable(
  { conflicts }: Planner,
  name: string,
  { wanted, found }: { wanted: OwnTable | ExtendedTable; found: CurrentTable },
): void {
  if (wanted.kind === 'own' && found.ownership !== wanted.ownership) {
    conflicts.push(`table ${name} is ${found.ownership}; expected ${wanted.ownership}`);
  }
  if (found.entitySet !== wanted.entitySet) {
    conflicts.push(`table ${name} has the entity set ${found.entitySet}; expected ${wanted.entitySet}`);
  }
}

function planColumn(planner: Planner, { table, column, shape }: Target, found: CurrentColumn | undefined): Step {
  const { languages } = planner.current;
  const component = `${table}.${column}`;
  if (found === undefined) {
    if (shape.type === 'lookup') return createLookup(languages, { table, column, shape });
    const body = columnDefinition(shape, languages);
    return { component, change: 'created', calls: [{ kind: 'create-column', table, body }] };
  }
  const expected = attributeType[shape.type];
  if (found.type !== expected) {
    planner.conflicts.push(`${component} is a column of type ${found.type}; expected ${expected}`);
    return unchanged(component);
  }
  if (shape.type === 'string' || shape.type === 'memo') return planLength({ table, column, shape }, found);
  if (shape.type === 'choice') return planOptions(planner, { table, column, shape }, found);
  if (shape.type === 'lookup') return planLookup(planner, { table, column, shape });
  return unchanged(component);
}

function createLookup(
  languages: Planner['current']['languages'],
  { table, column, shape }: Target<LookupColumn>,
): Step {
  const body = relationshipDefinition(table, shape, languages);
  const { unlessParental } = shape;
  const call: Call = {
    kind: 'create-relationship',
    body,
    ...(unlessParental && { unlessParental: cascadeDefinition(unlessParental) }),
  };
  return { component: `${table}.${column}`, change: 'created', calls: [call] };
}

/** A column that is too short is lengthened, which harms no row. One that is longer was somebody's choice and stays. */
function planLength({ table, column, shape }: Target<StringColumn | MemoColumn>, found: CurrentColumn): Step {
  const component = `${table}.${column}`;
  if (found.maxLength === undefined || found.maxLength >= shape.maxLength) return unchanged(component);
  const [type, body] = [attributeType[shape.type], { MaxLength: shape.maxLength }];
  return { component, change: 'updated', calls: [{ kind: 'lengthen', table, columnId: found.id, type, body }] };
}

function planOptions(
  { current, schema }: Planner,
  { table, column, shape }: Target<ChoiceColumn>,
  found: CurrentColumn,
): Step {
  const component = `${table}.${column}`;
  const missing = Object.values(shape.options).filter(({ value }) => !found.options?.includes(value));
  if (missing.length === 0) return unchanged(component);
  const where = {
    AttributeLogicalName: column,
    EntityLogicalName: table,
    SolutionUniqueName: schema.solution.uniqueName,
  };
  const calls = missing.map(({ value, label }) => ({
    kind: 'add-option' as const,
    body: { ...where, ...optionDefinition(value, label, current.languages) },
  }));
  return { component, change: 'updated', calls };
}

/** The mapping binds through the navigation property, so a lookup made by hand under another relationship is of no use. */
function planLookup({ current, conflicts }: Planner, { table, column, shape }: Target<LookupColumn>): Step {
  const component = `${table}.${column}`;
  const found = current.relationships.get(shape.relationship);
  const fits = found?.table === table && found.column === column && found.target === shape.target;
  if (!fits) {
    conflicts.push(`${component} is a lookup of another relationship; expected ${shape.relationship}`);
    return unchanged(component);
  }
  if (found.navigationProperty !== shape.navigationProperty) {
    const expected = shape.navigationProperty;
    conflicts.push(`${component} has the navigation property ${found.navigationProperty}; expected ${expected}`);
    return unchanged(component);
  }
  const others = otherCascades(found, shape);
  if (others.length === 0) return unchanged(component);
  const CascadeConfiguration = Object.fromEntries(
    others.map(({ action, wanted }) => [action.charAt(0).toUpperCase() + action.slice(1), wanted]),
  );
  const call: Call = { kind: 'set-cascade', relationship: shape.relationship, body: { CascadeConfiguration } };
  return { component, change: 'updated', calls: [call] };
}

const CASCADE_ACTIONS = ['assign', 'delete', 'merge', 'reparent', 'share', 'unshare'] as const;

/** How the behaviour of a relationship differs from our schema. What it is where it could be no parent is as good. */
export function otherCascades({ cascade }: CurrentRelationship, wanted: LookupColumn) {
  const { unlessParental } = wanted;
  if (unlessParental && CASCADE_ACTIONS.every((action) => cascade[action] === unlessParental[action])) return [];
  return CASCADE_ACTIONS.filter((action) => cascade[action] !== wanted.cascade[action]).map((action) => ({
    action,
    found: cascade[action],
    wanted: wanted.cascade[action],
  }));
}
