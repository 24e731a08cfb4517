// What becomes of a motif: announced by itself, or named by an RDV.
import type { NotificationEvent } from '../../rdv-solidarites/notification.ts';
import { toSeconds } from '../../rdv-solidarites/times.ts';
import { NOTHING_APPLIED } from '../model/applied.ts';
import type { Context } from '../model/context.ts';
import type { RecordDecision, Write } from '../model/plan.ts';
import type { ReadRequest, Row } from '../model/rows.ts';
import type { Columns } from '../model/values.ts';
import { tidy } from '../rules/fit.ts';
import { defined, linkWrite } from '../rules/link-writes.ts';
import { reasonOf, standingOfRecord } from '../rules/standing.ts';
import { type Motif, motifLink, motifRowId } from './motif-names.ts';

export interface MotifDecision {
  readonly record: RecordDecision;
  readonly writes: readonly Write[];
}

/** What must be read to decide about a motif, when there is one. */
export function readsOfMotif(motif: Motif | null | undefined): Pick<ReadRequest, 'links' | 'rdvs_motif'> {
  return motif == null
    ? { links: [], rdvs_motif: [] }
    : { links: [motifLink(motif.id)], rdvs_motif: [motifRowId(motif.id)] };
}

/** A motif that an RDV names is written only when it is newer and different, so that RDV of one motif seldom meet. */
export function decideNamedMotif(motif: Motif | null | undefined, context: Context): readonly Write[] {
  if (motif == null) return [];
  const present = context.glance.rdvs_motif.get(motifRowId(motif.id));
  if (present != null && Object.keys(changesOf(motif, present)).length === 0) return [];
  return decideMotif(motif, 'updated', context).writes;
}

/** Decides about a motif. */
export function decideMotif(motif: Motif, event: NotificationEvent, context: Context): MotifDecision {
  const { known, stamp } = context;
  const name = motifLink(motif.id);
  const link = known.links.get(name) ?? null;
  const standing = standingOfRecord(link, event, stamp);
  if (standing.kind !== 'newer') {
    const reason = reasonOf(link, standing.kind);
    return { record: { record: name, outcome: 'stale', ...(reason && { reason }) }, writes: [] };
  }
  const write = writeRow(motif, known.rdvs_motif.get(motifRowId(motif.id)) ?? null);
  const { version, bodies } = standing.order;
  const kept = linkWrite(link, {
    name,
    version,
    applied: { ...NOTHING_APPLIED, bodies },
    notificationId: stamp.notificationId,
    ...(event === 'destroyed' ? { state: 'removed', removedOn: toSeconds(stamp.snapshotAt) } : {}),
  });
  return { record: { record: name, outcome: write.length > 0 ? 'applied' : 'unchanged' }, writes: [kept, ...write] };
}

function writeRow(motif: Motif, row: Row | null): readonly Write[] {
  const columns = changesOf(motif, row);
  const part = { table: 'rdvs_motif', id: motifRowId(motif.id), columns } as const;
  if (row === null) return [{ ...part, operation: 'create', condition: 'absent' }];
  return Object.keys(columns).length === 0 ? [] : [{ ...part, operation: 'update', condition: row.etag }];
}

/** The columns that differ from those of the row. */
function changesOf(motif: Motif, row: Row | null): Columns {
  const wanted = defined({
    rdvs_name: tidy(motif.name),
    rdvs_category: tidy(motif.motif_category?.name),
    rdvs_deletedon: motif.deleted_at ? toSeconds(motif.deleted_at) : motif.deleted_at,
  });
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => value !== row?.columns[name]));
}
