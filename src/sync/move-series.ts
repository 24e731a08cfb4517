// The window moves on: the next occurrences of a series appear, those of long ago go away. No notification is needed.
import type { Policy } from '../settings.ts';
import { windowAt } from './calendar-window.ts';
import { linkWrite } from './link-writes.ts';
import type { Guid } from './links.ts';
import { layOut } from './occurrence-writes.ts';
import type { Write } from './plan.ts';
import type { AppointmentRow, LinkRow, Reference } from './rows.ts';
import type { Series } from './series.ts';

export interface SeriesNow {
  readonly link: LinkRow;
  /** All the appointments that carry its name. */
  readonly rows: readonly AppointmentRow[];
  /** Users and teams of Dynamics who may no longer own what is created. */
  readonly unfit: ReadonlySet<Guid>;
}

/**
 * The change set that brings a series to the window of now. The order of notifications is not touched by it.
 *
 * @param now ms since 1970
 */
export function moveSeries({ link, rows, unfit }: SeriesNow, policy: Policy, now: number): readonly Write[] {
  const { name, version, applied, series: before } = link;
  const owner = before && ownerNow(before, unfit, policy);
  // Nothing is remembered, or the agent has left and is of no interest: until the next notification there is no more.
  if (before === null || owner === undefined) return [linkWrite(link, { name, version, applied, nextTurn: null })];
  const { timing, agent } = before;
  const { writes, series, nextTurn } = layOut({
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
