// What removal takes away, in the order in which nothing that goes is still used: the application, what gives rights, then, on
// demand, columns and tables with what they hold. Contacts and appointments stay.

import { memoryProfile } from '../../schema/memory-profile.ts';
import { schema } from '../../schema/schema.ts';
import type { Schema } from '../../schema/shape.ts';
import { KINDS, parts } from '../app/parts.ts';
import { type AppPlan, keptOf } from '../app/plan-app.ts';
import { WRITTEN } from '../app/written.ts';
import type { Current } from '../current.ts';
import { attributeType } from '../plan-tables.ts';
import { DUPLICATE_RULES } from '../publish-rules.ts';
import { roles } from '../roles.ts';

const { tables, solution, publisher }: Schema = schema;

/** One DELETE. */
export interface Removal {
  readonly component: string;
  readonly collection: string;
  readonly key: string;
  /** A column of the table that the key names. */
  readonly property?: string;
  /** People made it other than we ship it. */
  readonly changedHere?: true;
}

export interface RemovalPlan {
  readonly app: readonly Removal[];
  /** Published in between, so that no published form still names a column. */
  readonly tablesToPublish: readonly string[];
  /** Empty unless data goes too. */
  readonly data: readonly Removal[];
}

export interface Installed {
  readonly current: Current;
  readonly app: AppPlan;
  /** Ids of our rules of duplicate detection that are there. */
  readonly rules: ReadonlySet<string>;
}

export function planRemoval(installed: Installed, withData: boolean): RemovalPlan {
  return {
    app: [...removeApp(installed.app), ...removeRights(installed)],
    tablesToPublish: [...installed.current.tables.keys()],
    data: withData ? removeData(installed.current) : [],
  };
}

/** What is made last goes first. */
function removeApp(plan: AppPlan): readonly Removal[] {
  const kept = new Set(keptOf(plan));
  const found = parts.toReversed().flatMap((part): Removal[] => {
    const there = plan.current.found.get(part.id);
    if (there === undefined) return [];
    const removal = { component: part.component, collection: KINDS[part.kind].set, key: there.id };
    return [kept.has(part) ? { ...removal, changedHere: true } : removal];
  });
  const memory = { component: WRITTEN.name, collection: KINDS.icon.set, key: WRITTEN.id };
  return plan.current.remembered ? [...found, memory] : found;
}

function removeRights({ current: { security }, rules }: Installed): readonly Removal[] {
  const { id, name } = memoryProfile;
  return [
    ...DUPLICATE_RULES.filter((rule) => rules.has(rule.id)).map((rule) => ({
      component: `duplicate rule ${rule.name}`,
      collection: 'duplicaterules',
      key: rule.id,
    })),
    ...(security.profile === undefined
      ? []
      : [{ component: `profile ${name}`, collection: 'fieldsecurityprofiles', key: id }]),
    ...roles.flatMap((role) => {
      const found = security.roles.get(role.id);
      return found === undefined ? [] : [{ component: `role ${role.name}`, collection: 'roles', key: found.id }];
    }),
  ];
}

/** Our columns of Microsoft's tables go first: lookups among them point to tables of ours. */
function removeData(current: Current): readonly Removal[] {
  const names = Object.keys(tables).filter((table) => current.tables.has(table));
  const own = names.filter((table) => tables[table]?.kind === 'own').toReversed();
  return [
    ...names.filter((table) => !own.includes(table)).flatMap((table) => removeColumns(current, table)),
    ...own.map((table) => ({ component: `table ${table}`, ...definitionOf(table) })),
    ...(current.solution === undefined
      ? []
      : [{ component: `solution ${solution.uniqueName}`, collection: 'solutions', key: current.solution.id }]),
    ...(current.publisher === undefined
      ? []
      : [{ component: `publisher ${publisher.uniqueName}`, collection: 'publishers', key: current.publisher.id }]),
  ];
}

const keyOf = (name: string) => `LogicalName='${name}'`;
const definitionOf = (table: string) => ({ collection: 'EntityDefinitions', key: keyOf(table) });

/** A column that has another type, or another relationship, is not ours. */
function removeColumns(current: Current, table: string): readonly Removal[] {
  return Object.entries(tables[table]?.columns ?? {}).flatMap(([name, column]): Removal[] => {
    const component = `column ${table}.${name}`;
    if (current.tables.get(table)?.columns.get(name)?.type !== attributeType[column.type]) return [];
    if (column.type !== 'lookup')
      return [{ component, ...definitionOf(table), property: `Attributes(${keyOf(name)})` }];
    const found = current.relationships.get(column.relationship);
    if (found?.table !== table || found.column !== name) return [];
    return [{ component, collection: 'RelationshipDefinitions', key: `SchemaName='${column.relationship}'` }];
  });
}
