// Plans the provisioning, without any call: what an environment holds and what our schema asks for → the steps to take.

import type { Schema } from '../schema/shape.ts';
import type { Call } from './calls.ts';
import type { Current } from './current.ts';
import { planProfile } from './plan-profile.ts';
import { planApplicationUser, planRoles } from './plan-security.ts';
import { planTable } from './plan-tables.ts';
import { type Planner, type ProvisionPlan, type Step, unchanged } from './step.ts';

/** Marks a solution whose provisioning is not finished; replaced by the schema's version after publication. */
const UNFINISHED = '0.0.0.1';

/**
 * Plans only what is missing: labels that people changed, options that they added and longer columns stay as they are.
 * The solution's version is written last, so that an interrupted run is completed, and published, by the next one.
 */
export function planProvisioning(current: Current, schema: Schema, applicationId?: string): ProvisionPlan {
  const planner: Planner = { current, schema, conflicts: [], applicationId };
  const finished = current.solution !== undefined && !isOlder(current.solution.version, schema.solution.version);
  const steps = [
    planPublisher(planner),
    planSolution(planner),
    ...tablesFirst(Object.keys(schema.tables).flatMap((table) => planTable(planner, table))),
    ...planRoles(planner),
  ];
  const changed = steps.some(({ change }) => change !== 'unchanged');
  if (current.solution?.managed && steps.some(isPartOfSolution)) {
    const { uniqueName, version } = schema.solution;
    planner.conflicts.push(`solution ${uniqueName} is managed here: import its version ${version} instead`);
  }
  const last = changed || !finished ? [publish(schema)] : [];
  // The user is not part of the solution: it comes last, and needs no publication.
  const user = planApplicationUser(planner);
  const profile = planProfile(planner);
  return {
    steps: [...steps, ...last, setVersion(planner, finished), ...user, ...profile],
    conflicts: planner.conflicts,
    languages: current.languages,
  };
}

/** New tables appear after a while: all are created before the first is waited for. */
function tablesFirst(steps: readonly Step[]): readonly Step[] {
  const isTable = ({ calls }: Step) => calls.some(({ kind }) => kind === 'create-table');
  return [...steps.filter(isTable), ...steps.filter((step) => !isTable(step))];
}

/**
 * What only an import brings to a managed solution. Roles are completed there too: the environment that it was exported
 * from may lack the tables of some Dynamics 365 apps, and thus their privileges.
 */
function isPartOfSolution({ change, calls }: Step): boolean {
  return change === 'created' || calls.some(({ kind }) => kind !== 'grant');
}

function planPublisher({ current, schema, conflicts }: Planner): Step {
  const { uniqueName, prefix, optionValuePrefix, label } = schema.publisher;
  const component = `publisher ${uniqueName}`;
  if (current.publisher !== undefined) {
    const { prefix: found } = current.publisher;
    if (found !== prefix) conflicts.push(`${component} has the prefix ${found}; expected ${prefix}`);
    return unchanged(component);
  }
  const body = {
    uniquename: uniqueName,
    friendlyname: label.fr,
    customizationprefix: prefix,
    customizationoptionvalueprefix: optionValuePrefix,
  };
  return { component, change: 'created', calls: [{ kind: 'create-publisher', body }] };
}

function planSolution({ current, schema }: Planner): Step {
  const { uniqueName, label, description } = schema.solution;
  const component = `solution ${uniqueName}`;
  if (current.solution !== undefined) return unchanged(component);
  const body = { uniquename: uniqueName, friendlyname: label.fr, description: description.fr, version: UNFINISHED };
  const call: Call = { kind: 'create-solution', body, publisherId: current.publisher?.id };
  return { component, change: 'created', calls: [call] };
}

/** Publishes our tables only (Microsoft Learn, "Publish customizations"; reference/publishxml). */
function publish({ tables }: Schema): Step {
  const entities = Object.keys(tables).map((table) => `<entity>${table}</entity>`);
  const ParameterXml = `<importexportxml><entities>${entities.join('')}</entities></importexportxml>`;
  return { component: 'publication', change: 'updated', calls: [{ kind: 'publish', body: { ParameterXml } }] };
}

function setVersion({ current, schema }: Planner, finished: boolean): Step {
  const { version } = schema.solution;
  const component = `version ${finished ? (current.solution?.version ?? version) : version}`;
  if (finished) return unchanged(component);
  const call: Call = { kind: 'set-version', body: { version }, solutionId: current.solution?.id };
  return { component, change: 'updated', calls: [call] };
}

/** Compares versions such as `1.0.0.10` number by number. */
function isOlder(version: string, reference: string): boolean {
  return version.localeCompare(reference, 'en', { numeric: true }) < 0;
}
