// One Dataverse environment: its tables, rows and rules, and what runs it.

import type { UnseenDefinitions } from './metadata/unseen.ts';
import type { ExpansionCache } from './rows/expansion-cache.ts';
import type { Schema } from './schema/schema.ts';
import type { Settings } from './settings.ts';
import type { Stats } from './stats.ts';
import type { Ref, Row } from './store/row.ts';
import type { RowOperation } from './store/row-operation.ts';
import type { Store } from './store/store.ts';

/** Behaviour that the documentation leaves open: a switch for each reading. */
export interface Rules {
  /** Does a PATCH of `appointment_activity_parties` replace every attendee, or only those whose mask it names? */
  readonly partyReplacement: 'all' | 'per-mask';
  /** Are column updates of a completed or canceled appointment refused? */
  readonly closedRowsRejectUpdates: boolean;
}

export interface Organization {
  readonly schema: Schema;
  readonly store: Store;
  readonly rules: Rules;
  readonly settings: Settings;
  readonly stats: Stats;
  readonly unseen: UnseenDefinitions;
  readonly expansions: ExpansionCache;
  readonly clock: () => Date;
  /** The application user that owns the bearer token. */
  readonly caller: Ref;
  readonly businessUnit: Ref;
  readonly organizationId: string;
  /** Called for every row operation of a client; throws to refuse it. */
  readonly admission?: ((operation: RowOperation) => void) | undefined;
  /** Whether a query of the client shows a row; undefined: it shows all. */
  readonly sees?: ((row: Row) => boolean) | undefined;
}

export const FRENCH = 1036;

/** Dataverse keeps whole seconds. Microsoft's own client writes `yyyy-MM-ddTHH:mm:ssZ`. */
export function toSeconds(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** Language of the organization row: every label must exist in it. */
export function baseLanguage(organization: Organization): number {
  const code = organization.store.get('organization', organization.organizationId)?.values['languagecode'];
  return typeof code === 'number' ? code : FRENCH;
}

/** Installed languages: this environment has English beside its base language, which many have not (microsoft/Dataverse-skills #113). */
export function provisionedLanguages(organization: Organization): number[] {
  return [...new Set([baseLanguage(organization), 1033])];
}
