// Checks our solution, tables, columns, options and lookups: `provision` made them, and people may have changed
// them.

import type { Current } from '../../provision/current.ts';
import { otherCascades, planTable } from '../../provision/plan-tables.ts';
import type { Planner, Step } from '../../provision/step.ts';
import { schema } from '../../schema/schema.ts';
import type { LookupColumn, Schema } from '../../schema/shape.ts';
import { type Finding, type Flaw, PROVISION, problem, skipped, verdict } from './finding.ts';

const wanted: Schema = schema;

export function checkSchema(current: Current): readonly Finding[] {
  if (current.solution === undefined) {
    const { uniqueName } = wanted.solution;
    const missing = { message: `${uniqueName} is not there: this environment was not provisioned`, remedy: PROVISION };
    return [problem('solution', missing), skipped('tables, columns, lookups', AFTER_PROVISION)];
  }
  const tables = Object.keys(wanted.tables).flatMap((table) => checkTable(current, table));
  return [...checkSolution(current), ...tables, ...checkLookups(current)];
}

const AFTER_PROVISION: Flaw = { message: 'come with the solution', remedy: 'check again after `provision`' };

function plannerOf(current: Current): Planner {
  return { current, schema: wanted, conflicts: [], applicationId: undefined };
}

function checkSolution({ solution, publisher }: Current): readonly Finding[] {
  const { uniqueName, version } = wanted.solution;
  const flaws: Flaw[] = [];
  if (solution !== undefined && solution.version.localeCompare(version, 'en', { numeric: true }) < 0) {
    flaws.push({ message: `${uniqueName} has version ${solution.version}; expected ${version}`, remedy: PROVISION });
  }
  const { prefix } = wanted.publisher;
  if (publisher !== undefined && publisher.prefix !== prefix) {
    const remedy = `delete that publisher, then ${PROVISION}`;
    flaws.push({ message: `its publisher has the prefix ${publisher.prefix}; expected ${prefix}`, remedy });
  }
  return verdict('solution', `${uniqueName} ${solution?.version ?? ''}`, flaws);
}

/** The plan of `provision` says what is missing, too short or in conflict. */
function checkTable(current: Current, table: string): readonly Finding[] {
  const subject = `table ${table}`;
  const found = current.tables.get(table);
  if (found === undefined) return verdict(subject, '', [{ message: 'missing', remedy: PROVISION }]);
  const planner = plannerOf(current);
  const steps = planTable(planner, table);
  const flaws = [
    ...planner.conflicts.map((message) => ({
      message,
      remedy: `rename or delete what stands there (its values are lost), then ${PROVISION}`,
    })),
    ...steps.flatMap(toFlaws),
  ];
  return verdict(subject, `${found.columns.size} columns of ours, with types, lengths and options`, flaws);
}

function toFlaws({ component, calls }: Step): readonly Flaw[] {
  return calls.flatMap((call): readonly Flaw[] => {
    switch (call.kind) {
      case 'lengthen':
        return [{ message: `${component} is shorter than ${call.body.MaxLength} characters`, remedy: PROVISION }];
      case 'add-option':
        return [{ message: `${component} lacks an option`, remedy: PROVISION }];
      case 'set-cascade':
        return []; // reported with the lookups
      default:
        return [{ message: `${component} is missing`, remedy: PROVISION }];
    }
  });
}

/** Looks only at lookups that have the right relationship. Another check reports the others with their table. */
function checkLookups(current: Current): readonly Finding[] {
  const flaws = Object.values(wanted.tables).flatMap(({ columns }) =>
    Object.values(columns).flatMap((column) => (column.type === 'lookup' ? lookupFlaws(current, column) : [])),
  );
  return verdict('lookups', 'navigation names and cascades', flaws);
}

function lookupFlaws({ relationships }: Current, lookup: LookupColumn): readonly Flaw[] {
  const found = relationships.get(lookup.relationship);
  if (found === undefined) return [];
  const flaws: Flaw[] = [];
  if (found.referencedNavigationProperty !== lookup.referencedNavigationProperty) {
    flaws.push({
      message: `${lookup.relationship} is called ${found.referencedNavigationProperty} on the side of ${lookup.target}; expected ${lookup.referencedNavigationProperty}`,
      remedy: `delete this relationship (its values are lost), then ${PROVISION}`,
    });
  }
  const others = otherCascades(found, lookup);
  if (others.length > 0) {
    const words = others.map((other) => `${other.action} ${other.found}, expected ${other.wanted}`);
    const message = `${lookup.relationship} has another cascade: ${words.join('; ')}`;
    flaws.push({ message, remedy: PROVISION });
  }
  return flaws;
}

/** Replaces every check that reads Dataverse. */
export function unread(message: string): readonly Finding[] {
  const remedy = 'fix what is named above, and check again';
  return [skipped('schema, roles, users, teams', { message, remedy })];
}
