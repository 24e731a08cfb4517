// What every decision is made from, beside the notification itself.
import type { Guid } from './link-names.ts';
import type { Policy } from './policy.ts';
import type { Known } from './rows.ts';
import type { Stamp } from './version.ts';

export interface Context {
  readonly known: Known;
  readonly stamp: Stamp;
  readonly policy: Policy;
  /** The team that owns what this notification creates, when one is configured. */
  readonly ownerTeam: Guid | undefined;
  /** Users and teams to whom Dataverse gives no rows. */
  readonly refusedOwners: ReadonlySet<Guid>;
}
