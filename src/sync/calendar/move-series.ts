// Moves the window of a series: writes the next occurrences and removes old ones. It needs no notification.

import type { Guid } from '../model/link-names.ts';
import type { Write } from '../model/plan.ts';
import type { Policy } from '../model/policy.ts';
import type { AppointmentRow, LinkRow } from '../model/rows.ts';
import type { Series } from '../model/series.ts';
import type { Reference } from '../model/values.ts';
import { linkWrite } from '../rules/link-writes.ts';
import { windowAt } from './calendar-window.ts';
import { writeOccurrences } from './occurrence-writes.ts';

export interface SeriesNow {
  readonly link: LinkRow;
  /** All appointments that carry the name of the series. */
  readonly rows: readonly AppointmentRow[];
  /** Users and teams of Dynamics who may no longer own what is created. */
  readonly unfit: ReadonlySet<Guid>;
}

/**
 * The change set that brings a series to the present window. It does not change the order of notifications.
 *
 * @param now ms since 1970
 */
export function moveSeries({ link, rows, unfit }: SeriesNow, policy: Policy, now: number): readonly Write[] {
  const { name, version, applied, series: before } = link;
  const owner = before && ownerNow(before, unfit, policy);
  // The link remembers no series, or the agent has left and the département ignores unknown agents. Nothing is written
  // until the next notification.
  if (before === null || owner === undefined) return [linkWrite(link, { name, version, applied, nextTurn: null })];
  const { timing, agent } = before;
  const { writes, series, nextTurn } = writeOccurrences({
    name,
    said: {},
    after: { timing, agent, owner },
    before,
    hashes: applied.columns,
    rows,
    window: windowAt(now, policy),
    policy,
  });
  return [linkWrite(link, { name, version, applied, series, nextTurn }), ...writes];
}

/**
 * Occurrences of an agent who has left, or of a team that is not in use any more, go to the default team; the next
 * notification gives them to whom it says.
 */
function ownerNow(
  { owner }: Series,
  unfit: ReadonlySet<Guid>,
  { ownerTeams, defaultOwnerTeam, unknownAgent }: Policy,
): Reference | null | undefined {
  const teams: readonly (string | undefined)[] = [...ownerTeams.values(), defaultOwnerTeam];
  const isLost = owner !== null && (unfit.has(owner.id) || (owner.table === 'team' && !teams.includes(owner.id)));
  if (!isLost) return owner;
  if (owner.table === 'systemuser' && unknownAgent === 'ignore') return undefined;
  const team = defaultOwnerTeam as Guid | undefined;
  return team === undefined || unfit.has(team) ? null : { table: 'team', id: team };
}
