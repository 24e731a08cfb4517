// The types in which a provisioning is planned and reported.

import type { Schema } from '../schema/shape.ts';
import type { Call } from './calls.ts';
import type { Current } from './current.ts';
import type { Languages } from './definitions.ts';

export type Change = 'created' | 'updated' | 'unchanged';

export interface Step {
  /** What it is about, e.g. `contact.rdvs_birthname`. */
  component: string;
  change: Change;
  /** Empty for an unchanged component, and for a column that is created with its table. */
  calls: readonly Call[];
}

export interface ProvisionPlan {
  readonly languages: Languages;
  steps: readonly Step[];
  /** The obstacles, one sentence each. While there is one, nothing may be changed. */
  conflicts: readonly string[];
}

export interface Planner {
  readonly current: Current;
  readonly schema: Schema;
  readonly conflicts: string[];
  /** The client id for which an application user is wanted. */
  readonly applicationId: string | undefined;
}

export const unchanged = (component: string): Step => ({ component, change: 'unchanged', calls: [] });
