// UserProfile: a usager's membership of an organisation. A usager without any membership has left RDV-Solidarités.
import type { NotificationOf } from '../../rdv-solidarites/notification.ts';
import { toSeconds } from '../../rdv-solidarites/times.ts';
import { NOTHING_APPLIED } from '../model/applied.ts';
import type { Context } from '../model/context.ts';
import { linkId } from '../model/link-names.ts';
import type { RecordDecision, Write } from '../model/plan.ts';
import type { LinkRow } from '../model/rows.ts';
import { rank } from '../model/version.ts';
import { linkWrite, orderOfLink } from '../rules/link-writes.ts';
import type { Presence } from './departure.ts';
import { profileLink } from './people-names.ts';

export interface MembershipDecision {
  readonly record: RecordDecision;
  readonly link: readonly Write[];
  readonly presence: Presence;
}

/**
 * Decides about a membership. Unlike a record with an id, a pair can be destroyed and created again: the newest
 * snapshot wins, whichever event it carries.
 */
export function decideMembership(
  { data, event, reason }: NotificationOf<'UserProfile'>,
  { known, relyOn, stamp }: Context,
): MembershipDecision {
  const name = profileLink(data.user.id, data.organisation.id);
  const memberships = known.memberships.get(data.user.id) ?? [];
  const link = memberships.find((membership) => membership.name === name) ?? null;
  const standing = rank(orderOfLink(link), stamp);
  const removedOn = event === 'destroyed' ? toSeconds(stamp.snapshotAt) : null;
  const isNewer = standing.kind === 'newer';
  const order = standing.order;
  const write = order && {
    name,
    version: order.version,
    applied: { ...NOTHING_APPLIED, bodies: order.bodies },
    ...(isNewer
      ? {
          removedOn,
          state: removedOn === null ? ('live' as const) : ('removed' as const),
          notificationId: stamp.notificationId,
        }
      : {}),
  };
  const others = memberships.filter((membership) => membership.name !== name);
  // Presence follows from memberships that this notification does not write.
  for (const membership of others) relyOn(linkId(membership.name));
  const own = isNewer ? removedOn : (link?.removedOn ?? null);
  return {
    record: {
      record: name,
      outcome: isNewer ? 'applied' : 'stale',
      ...(standing.kind === 'repeat' ? { reason: 'already-applied' as const } : {}),
    },
    link: write === undefined ? [] : [linkWrite(link, write)],
    presence: {
      removedOn: lastRemoval([own, ...others.map((membership) => membership.removedOn)]),
      destroyed: false,
      // A purge by the sender's retention rule brings nobody back.
      bringsCopy: reason !== 'rgpd',
      changes: isNewer,
    },
  };
}

/** When the last membership ended; null while one is left. */
export function lastRemoval(removals: readonly (LinkRow['removedOn'] | undefined)[]): string | null {
  const dates = removals.filter((date) => date != null);
  return dates.length === removals.length ? (dates.toSorted().at(-1) ?? null) : null;
}
