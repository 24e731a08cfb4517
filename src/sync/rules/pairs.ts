// Records that are a pair of ids, as usager and organisation. A pair can be destroyed and come again under the same name:
// the newest snapshot wins, whichever event it carries.
import type { NotificationEvent } from '../../rdv-solidarites/notification.ts';
import { toSeconds } from '../../rdv-solidarites/times.ts';
import { NOTHING_APPLIED } from '../model/applied.ts';
import type { LinkName } from '../model/link-names.ts';
import type { RecordDecision, Write } from '../model/plan.ts';
import type { LinkRow } from '../model/rows.ts';
import { rank, type Stamp } from '../model/version.ts';
import { linkWrite, orderOfLink } from './link-writes.ts';

export interface PairDecision {
  readonly record: RecordDecision;
  readonly link: readonly Write[];
  readonly isNewer: boolean;
  /** Since when the pair is gone, as the notification leaves it; null for one that is there. */
  readonly removedOn: string | null;
}

interface Pair {
  readonly name: LinkName;
  readonly link: LinkRow | null;
  readonly event: NotificationEvent;
}

export function decidePair({ name, link, event }: Pair, stamp: Stamp): PairDecision {
  const standing = rank(orderOfLink(link), stamp);
  const isNewer = standing.kind === 'newer';
  const removedOn = event === 'destroyed' || event === 'missing' ? toSeconds(stamp.snapshotAt) : null;
  const news = {
    removedOn,
    state: removedOn === null ? ('live' as const) : ('removed' as const),
    notificationId: stamp.notificationId,
  };
  const { order } = standing;
  const write = order && {
    name,
    version: order.version,
    applied: { ...NOTHING_APPLIED, bodies: order.bodies },
    ...(isNewer ? news : {}),
  };
  return {
    record: {
      record: name,
      outcome: isNewer ? 'applied' : 'stale',
      ...(standing.kind === 'repeat' ? { reason: 'already-applied' as const } : {}),
    },
    link: write === undefined ? [] : [linkWrite(link, write)],
    isNewer,
    removedOn: isNewer ? removedOn : (link?.removedOn ?? null),
  };
}
