// Checks our solution, tables, columns, options and lookups: `provision` made them, and people may have changed
// them.

import type { Current } from '../../provision/current.ts';
import { otherCascades, planTable } from '../../provision/plan-tables.ts';
import type { Planner, Step } from '../../provision/step.ts';
import { schema } from '../../schema/schema.ts';
import type { LookupColumn, Schema } from '../../schema/shape.ts';
import { join, type Text } from '../text.ts';
import { type Finding, type Flaw, MISSING, PROVISION, problem, skipped, verdict } from './finding.ts';

const wanted: Schema = schema;

const THEN: Text = { en: `, then ${PROVISION.en}`, fr: `, puis ${PROVISION.fr}` };

export function checkSchema(current: Current): readonly Finding[] {
  if (current.solution === undefined) {
    const { uniqueName } = wanted.solution;
    const message = {
      en: `${uniqueName} is not there: this environment was not provisioned`,
      fr: `${uniqueName} n’y est pas : \`provision\` n’a pas été lancé sur cet environnement`,
    };
    const rest = { en: 'tables, columns, lookups', fr: 'tables, colonnes, recherches' };
    return [problem('solution', { message, remedy: PROVISION }), skipped(rest, AFTER_PROVISION)];
  }
  const tables = Object.keys(wanted.tables).flatMap((table) => checkTable(current, table));
  return [...checkSolution(current), ...tables, ...checkLookups(current)];
}

const AFTER_PROVISION: Flaw = {
  message: { en: 'come with the solution', fr: 'viennent avec la solution' },
  remedy: { en: 'check again after `provision`', fr: 'vérifiez de nouveau après `provision`' },
};

function plannerOf(current: Current): Planner {
  return { current, schema: wanted, conflicts: [], applicationId: undefined };
}

function checkSolution({ solution, publisher }: Current): readonly Finding[] {
  const { uniqueName, version } = wanted.solution;
  const flaws: Flaw[] = [];
  if (solution !== undefined && solution.version.localeCompare(version, 'en', { numeric: true }) < 0) {
    const message = {
      en: `${uniqueName} has version ${solution.version}; expected ${version}`,
      fr: `${uniqueName} est en version ${solution.version} ; attendu : ${version}`,
    };
    flaws.push({ message, remedy: PROVISION });
  }
  const { prefix } = wanted.publisher;
  if (publisher !== undefined && publisher.prefix !== prefix) {
    const message = {
      en: `its publisher has the prefix ${publisher.prefix}; expected ${prefix}`,
      fr: `son éditeur a le préfixe ${publisher.prefix} ; attendu : ${prefix}`,
    };
    flaws.push({ message, remedy: join([{ en: 'delete that publisher', fr: 'supprimez cet éditeur' }, THEN], '') });
  }
  return verdict('solution', `${uniqueName} ${solution?.version ?? ''}`, flaws);
}

/** The plan of `provision` says what is missing, too short or in conflict. */
function checkTable(current: Current, table: string): readonly Finding[] {
  const subject = `table ${table}`;
  const found = current.tables.get(table);
  if (found === undefined) return verdict(subject, '', [{ message: MISSING, remedy: PROVISION }]);
  const planner = plannerOf(current);
  const steps = planTable(planner, table);
  const flaws = [
    ...planner.conflicts.map((message) => ({
      message,
      remedy: join(
        [
          {
            en: 'rename or delete what stands there (its values are lost)',
            fr: 'renommez ou supprimez ce qui s’y trouve (ses valeurs sont perdues)',
          },
          THEN,
        ],
        '',
      ),
    })),
    ...steps.flatMap(toFlaws),
  ];
  const good = {
    en: `${found.columns.size} columns of ours, with types, lengths and options`,
    fr: `${found.columns.size} colonnes à nous, avec types, longueurs et options`,
  };
  return verdict(subject, good, flaws);
}

function toFlaws({ component, calls }: Step): readonly Flaw[] {
  return calls.flatMap((call): readonly Flaw[] => {
    switch (call.kind) {
      case 'lengthen':
        return [
          {
            message: {
              en: `${component} is shorter than ${call.body.MaxLength} characters`,
              fr: `${component} a moins de ${call.body.MaxLength} caractères`,
            },
            remedy: PROVISION,
          },
        ];
      case 'add-option':
        return [
          {
            message: { en: `${component} lacks an option`, fr: `il manque une option à ${component}` },
            remedy: PROVISION,
          },
        ];
      case 'set-cascade':
        return []; // reported with the lookups
      default:
        return [{ message: { en: `${component} is missing`, fr: `${component} manque` }, remedy: PROVISION }];
    }
  });
}

/** Looks only at lookups that have the right relationship. Another check reports the others with their table. */
function checkLookups(current: Current): readonly Finding[] {
  const flaws = Object.values(wanted.tables).flatMap(({ columns }) =>
    Object.values(columns).flatMap((column) => (column.type === 'lookup' ? lookupFlaws(current, column) : [])),
  );
  return verdict(
    { en: 'lookups', fr: 'recherches' },
    { en: 'navigation names and cascades', fr: 'noms de navigation et cascades' },
    flaws,
  );
}

function lookupFlaws({ relationships }: Current, lookup: LookupColumn): readonly Flaw[] {
  const found = relationships.get(lookup.relationship);
  if (found === undefined) return [];
  const flaws: Flaw[] = [];
  if (found.referencedNavigationProperty !== lookup.referencedNavigationProperty) {
    const [is, wanted] = [found.referencedNavigationProperty, lookup.referencedNavigationProperty];
    flaws.push({
      message: {
        en: `${lookup.relationship} is called ${is} on the side of ${lookup.target}; expected ${wanted}`,
        fr: `${lookup.relationship} s’appelle ${is} du côté de ${lookup.target} ; attendu : ${wanted}`,
      },
      remedy: join(
        [
          {
            en: 'delete this relationship (its values are lost)',
            fr: 'supprimez cette relation (ses valeurs sont perdues)',
          },
          THEN,
        ],
        '',
      ),
    });
  }
  const others = otherCascades(found, lookup);
  if (others.length > 0) {
    const words = (expected: string) =>
      others.map((other) => `${other.action} ${other.found}, ${expected} ${other.wanted}`).join('; ');
    const message = {
      en: `${lookup.relationship} has another cascade: ${words('expected')}`,
      fr: `${lookup.relationship} a une autre cascade : ${words('attendu')}`,
    };
    flaws.push({ message, remedy: PROVISION });
  }
  return flaws;
}

/** Replaces every check that reads Dataverse. */
export function unread(message: Text): readonly Finding[] {
  const remedy = {
    en: 'fix what is named above, and check again',
    fr: 'corrigez ce qui est nommé plus haut, et vérifiez de nouveau',
  };
  const subject = { en: 'schema, roles, users, teams', fr: 'schéma, rôles, utilisateurs, équipes' };
  return [skipped(subject, { message, remedy })];
}
