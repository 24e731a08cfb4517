// How a snapshot stands to what was applied before, for a record whose destruction is final: RDV, absence, plage.
import type { NotificationEvent } from '../../rdv-solidarites/notification.ts';
import type { OutcomeReason } from '../model/plan.ts';
import type { LinkRow } from '../model/rows.ts';
import { orderOf, rank, type Stamp, type Standing } from '../model/version.ts';
import { orderOfLink } from './link-writes.ts';

/** A destroyed record stays destroyed: among its notifications only the newest destruction still counts. */
export function standingOfRecord(link: LinkRow | null, event: NotificationEvent, stamp: Stamp): Standing {
  const destroyed = event === 'destroyed';
  if (link?.state === 'removed') return destroyed ? rank(orderOfLink(link), stamp) : { kind: 'stale' };
  return destroyed ? { kind: 'newer', order: orderOf(stamp) } : rank(orderOfLink(link), stamp);
}

/** Why a snapshot is stale, where its version alone does not say it. */
export function reasonOf(link: LinkRow | null, kind: Standing['kind']): OutcomeReason | undefined {
  if (link?.state === 'removed') return 'destroyed';
  return kind === 'repeat' ? 'already-applied' : undefined;
}
