// What every decision is made from, beside the notification itself.
import type { Guid } from './link-names.ts';
import type { Match } from './match.ts';
import type { Policy } from './policy.ts';
import type { Known } from './rows.ts';
import type { Stamp } from './version.ts';

export interface Context {
  /** The rows: what is taken from the content of one is relied on, and memory must then be proven right about it. */
  readonly known: Known;
  /** The same rows, for a look that decides nothing by itself: nothing is recorded. */
  readonly glance: Known;
  /** Says that a decision believes more of a link than its order, or that a row is there at all. */
  readonly relyOn: (id: Guid) => void;
  readonly stamp: Stamp;
  readonly policy: Policy;
  /** Finds the contacts of usagers who are seen for the first time; without it, each of them gets a new one. */
  readonly match: Match | undefined;
  /** The team that owns what this notification creates, when one is configured. */
  readonly ownerTeam: Guid | undefined;
  /** The teams that may own what it brings, the first one first, with those that Dataverse refuses. */
  readonly ownerTeams: readonly Guid[];
  /** Users and teams that Dataverse refuses as owners. */
  readonly refusedOwners: ReadonlySet<Guid>;
  /** Those among others whom it refuses as owners of participations and referents, which they may not read. */
  readonly refusedAttendance: ReadonlySet<Guid>;
  /** ms since 1970: which weeks of a series Dynamics is to show. */
  readonly now: number;
}
