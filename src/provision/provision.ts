// Creates our solution, tables, columns, roles and application user in a Dataverse environment, and nothing that is already there.

import type { DynamicsWebApi } from 'dynamics-web-api';
import { schema } from '../schema/schema.ts';
import { type Call, send } from './calls.ts';
import type { Created } from './created.ts';
import { readCurrent } from './current.ts';
import type { Languages } from './definitions.ts';
import { type PublishedRule, readPublishedRules } from './duplicate-rules.ts';
import { codeOf, fail } from './failure.ts';
import { planProvisioning } from './plan.ts';
import { reader } from './read.ts';
import type { Change, ProvisionPlan, Step } from './step.ts';
import { newcomers, type Pause } from './wait.ts';

/** What a run did, one line per component of the schema. */
export interface ProvisionReport {
  steps: readonly { component: string; change: Change }[];
  /** Of the environment; the application needs them. */
  languages: Languages;
  /** False when everything was already there. */
  changed: boolean;
  /** The customer's duplicate rules that were published before and after; undefined where this account may not read them. */
  duplicateRules: { before: readonly PublishedRule[]; after: readonly PublishedRule[] } | undefined;
}

interface ProvisionOptions {
  /** Called after each step that is done. */
  onStep?: (step: Step) => void;
  /** Client id (GUID) of the identity that the connector signs in as: it becomes an application user with our role. */
  applicationUser?: string | undefined;
  /** How to wait for what was created, when Dataverse does not show it yet; real time by default. */
  pause?: Pause;
}

/** The environment holds something else under our names. Nothing was changed. */
export class ProvisionConflict extends Error {
  override readonly name = 'ProvisionConflict';
  readonly conflicts: readonly string[];

  constructor(conflicts: readonly string[]) {
    super(`Nothing was changed: ${conflicts.join('; ')}`);
    this.conflicts = conflicts;
  }
}

/**
 * Reads the environment and plans, changing nothing.
 *
 * @throws ProvisionConflict when a name of ours is taken by something else, ProvisionError when reading fails
 */
export async function preview(client: DynamicsWebApi, applicationUser?: string): Promise<ProvisionPlan> {
  const current = await readCurrent(reader(client), applicationUser).catch((error: unknown) =>
    fail('reading the environment', error),
  );
  const plan = planProvisioning(current, schema, applicationUser);
  if (plan.conflicts.length > 0) throw new ProvisionConflict(plan.conflicts);
  return plan;
}

/**
 * Brings the environment to our schema. A second run changes nothing; an interrupted run can be repeated.
 * Needs the rights of System Customizer, and of System Administrator for an application user. Calls go one by one: Dataverse refuses parallel changes of definitions.
 *
 * @throws ProvisionConflict before any change, ProvisionError when Dataverse refuses a call
 */
export async function provision(client: DynamicsWebApi, options: ProvisionOptions = {}): Promise<ProvisionReport> {
  const { steps, languages } = await preview(client, options.applicationUser);
  const readRules = () => readPublishedRules(reader(client)).catch(() => undefined);
  const before = await readRules();
  const fresh = newcomers(client, options.pause);
  let created: Created = {};
  const make = async (call: Call) => {
    await fresh.before(call);
    created = await send(client, call, created).catch((error: unknown) => {
      if (isTaken(call, error)) return created;
      throw error;
    });
    fresh.after(call);
  };
  for (const step of steps) {
    for (const call of step.calls) {
      await make(call).catch((error: unknown) => fail(step.component, error));
    }
    options.onStep?.(step);
  }
  const after = await readRules();
  return {
    steps: steps.map(({ component, change }) => ({ component, change })),
    languages,
    changed: steps.some(({ change }) => change !== 'unchanged'),
    duplicateRules: before && after && { before, after },
  };
}

/** Codes of a name that is taken: of a table, a column, a relationship (Microsoft Learn, "Web service error codes"). */
const TAKEN: ReadonlySet<string | undefined> = new Set(['0x80047010', '0x80047013', '0x8004432b']);

const CREATIONS: ReadonlySet<Call['kind']> = new Set(['create-table', 'create-column', 'create-relationship']);

/** The call failed because an interrupted run had created the component a moment ago, which the plan did not see yet. */
function isTaken({ kind }: Call, error: unknown): boolean {
  return CREATIONS.has(kind) && TAKEN.has(codeOf(error));
}
