// RDV of a motif that people chose to ignore.
import type { NotificationOf } from '../../rdv-solidarites/notification.ts';
import { toSeconds } from '../../rdv-solidarites/times.ts';
import { NOTHING_APPLIED } from '../model/applied.ts';
import type { Context } from '../model/context.ts';
import type { RecordDecision, Write } from '../model/plan.ts';
import { orderOf } from '../model/version.ts';
import { isIgnored } from '../motif/motif-settings.ts';
import { linkWrite } from '../rules/link-writes.ts';
import { appointmentId, rdvLink } from './rdv-names.ts';

export interface IgnoredRdv {
  readonly record: RecordDecision;
  readonly writes: readonly Write[];
}

/**
 * What becomes of an RDV whose motif is ignored: nothing, but that a destroyed one stays destroyed should the motif be
 * synchronised again. Undefined where it is not ignored, or is there already: then it is followed to its end.
 */
export function decideIgnored({ data, event }: NotificationOf<'Rdv'>, context: Context): IgnoredRdv | undefined {
  const { stamp, known, glance } = context;
  const name = rdvLink(data.id);
  const link = known.links.get(name) ?? null;
  const isThere = link?.state === 'live' || glance.appointment.get(appointmentId(data.id)) != null;
  if (isThere || !isIgnored(data.motif, context)) return undefined;
  const { version, bodies } = orderOf(stamp);
  const tombstone = () =>
    linkWrite(null, {
      name,
      version,
      applied: { ...NOTHING_APPLIED, bodies },
      notificationId: stamp.notificationId,
      state: 'removed',
      removedOn: toSeconds(stamp.snapshotAt),
    });
  return {
    record: { record: name, outcome: 'ignored', reason: 'motif-ignored' },
    writes: link === null && event === 'destroyed' ? [tombstone()] : [],
  };
}
