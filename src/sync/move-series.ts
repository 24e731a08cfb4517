// The window moves on: the next occurrences of a series appear, those of long ago go away. No notification is needed.
import type { Policy } from '../settings.ts';
import { windowAt } from './calendar-window.ts';
import { linkWrite } from './link-writes.ts';
import type { Guid } from './links.ts';
import { layOut } from './occurrence-writes.ts';
import type { Write } from './plan.ts';
import type { AppointmentRow, LinkRow } from './rows.ts';
import type { Series } from './series.ts';

export interface SeriesNow {
  readonly link: LinkRow;
  /** All the appointments that there are. */
  readonly rows: readonly AppointmentRow[];
  /** Users of Dynamics who may no longer own what is created. */
  readonly disabled: ReadonlySet<Guid>;
}

/**
 * The change set that brings a series to the window of now. The order of notifications is not touched by it.
 *
 * @param now ms since 1970
 */
export function moveSeries({ link, rows, disabled }: SeriesNow, policy: Policy, now: number): readonly Write[] {
  const { name, series: before } = link;
  if (before === null) return [linkWrite(link, { name, version: link.version, applied: link.applied, nextTurn: null })];
  const after = { timing: before.timing, columns: withOwner(before, disabled, policy) };
  const { writes, series, nextTurn } = layOut({ name, after, before, rows, window: windowAt(now, policy), policy });
  return [linkWrite(link, { name, version: link.version, applied: link.applied, series, nextTurn }), ...writes];
}

/** Occurrences of an agent who has left go to the default team; the next notification brings them back to the agent. */
function withOwner({ columns }: Series, disabled: ReadonlySet<Guid>, { defaultOwnerTeam }: Policy): Series['columns'] {
  const { ownerid = null, ...others } = columns;
  const isDisabled = typeof ownerid === 'object' && ownerid !== null && disabled.has(ownerid.id);
  if (!isDisabled) return columns;
  return defaultOwnerTeam === undefined
    ? others
    : { ...others, ownerid: { table: 'team', id: defaultOwnerTeam as Guid } };
}
