// What becomes of a motif: announced by itself, or named by an RDV or a plage.
import type { NotificationEvent } from '../../rdv-solidarites/notification.ts';
import { toSeconds } from '../../rdv-solidarites/times.ts';
import { NOTHING_APPLIED } from '../model/applied.ts';
import type { Context } from '../model/context.ts';
import type { RecordDecision, Write } from '../model/plan.ts';
import type { ReadRequest, Row } from '../model/rows.ts';
import type { Columns } from '../model/values.ts';
import { instantOf, type Order, orderOf } from '../model/version.ts';
import { linkWrite } from '../rules/link-writes.ts';
import { reasonOf, standingOfRecord } from '../rules/standing.ts';
import { motifColumns } from './motif-mapping.ts';
import { type Motif, motifLink, motifRowId } from './motif-names.ts';

export interface MotifDecision {
  readonly record: RecordDecision;
  readonly writes: readonly Write[];
  readonly cut: readonly string[];
}

/** What must be read to decide about motifs. */
export function readsOfMotifs(motifs: readonly Motif[]): Pick<ReadRequest, 'links' | 'rdvs_motif'> {
  const ids = [...new Set(motifs.map(({ id }) => id))];
  return { links: ids.map(motifLink), rdvs_motif: ids.map(motifRowId) };
}

/**
 * The writes about motifs that a body names. One that its row says already writes nothing, not even a version, so that
 * bodies that name one motif never wait for each other: the motif's own notifications keep the order.
 */
export function decideNamedMotifs(motifs: readonly Motif[], context: Context): readonly Write[] {
  const byId = new Map(motifs.map((motif) => [motif.id, motif]));
  return [...byId.values()].flatMap((motif) => {
    const present = context.glance.rdvs_motif.get(motifRowId(motif.id));
    const same = present != null && Object.keys(changesOf(motifColumns(motif).columns, present)).length === 0;
    return same ? [] : decide(motif, { event: 'updated', rank: rankNamed }, context).writes;
  });
}

/** Decides about a motif by its own notification. */
export const decideMotif = (motif: Motif, event: NotificationEvent, context: Context): MotifDecision =>
  decide(motif, { event, rank: standingOfRecord }, context);

/**
 * How a body that names a motif stands. Only a later second than any that is known counts: within one, the motif's own
 * notification, rendered after the change, has the last word in whatever order they arrive.
 */
const rankNamed: typeof standingOfRecord = (link, event, stamp) => {
  const standing = standingOfRecord(link, event, stamp);
  if (standing.kind !== 'newer') return { kind: standing.kind };
  if (link?.version != null && stamp.snapshotAt <= instantOf(link.version)) return { kind: 'stale' };
  return { kind: 'newer', order: { ...standing.order, bodies: {} } };
};

interface Said {
  readonly event: NotificationEvent;
  readonly rank: typeof standingOfRecord;
}

/** A row that people deleted comes back. */
function decide(motif: Motif, { event, rank }: Said, context: Context): MotifDecision {
  const { known, stamp } = context;
  const record = motifLink(motif.id);
  const link = known.links.get(record) ?? null;
  const row = known.rdvs_motif.get(motifRowId(motif.id)) ?? null;
  const standing = rank(link, event, stamp);
  // Nothing is left of what the deleted row said: any snapshot is news then.
  const order: Order | undefined =
    standing.kind === 'newer' ? standing.order : row === null ? orderOf(stamp) : undefined;
  if (order === undefined) {
    const reason = reasonOf(link, standing.kind);
    const { order: kept } = standing;
    const writes = kept === undefined ? [] : [linkWrite(link, { name: record, ...orderIn(kept) })];
    return { record: { record, outcome: 'stale', ...(reason && { reason }) }, writes, cut: [] };
  }
  const { columns, cut } = motifColumns(motif);
  const removedOn = event === 'destroyed' ? toSeconds(stamp.snapshotAt) : (link?.removedOn ?? null);
  const writes = writeRow(motif, row, removedOn === null ? columns : { rdvs_deletedon: removedOn, ...gone(columns) });
  const kept = linkWrite(link, {
    name: record,
    ...orderIn(order),
    notificationId: stamp.notificationId,
    ...(event === 'destroyed' ? { state: 'removed', removedOn } : {}),
  });
  return { record: { record, outcome: writes.length > 0 ? 'applied' : 'unchanged' }, writes: [kept, ...writes], cut };
}

/** All that a motif's link remembers. */
const orderIn = ({ version, bodies }: Order) => ({ version, applied: { ...NOTHING_APPLIED, bodies } });

/** A destroyed motif has a date, also when its last body knows none. */
function gone({ rdvs_deletedon: at = null, ...columns }: Columns): Columns {
  return at === null ? columns : { ...columns, rdvs_deletedon: at };
}

/** Dynamics refuses a state on create: it comes as a second part. */
function writeRow(motif: Motif, row: Row | null, wanted: Columns): readonly Write[] {
  const part = { table: 'rdvs_motif', id: motifRowId(motif.id) } as const;
  const state = stateFor(wanted);
  if (row === null) {
    const create: Write = { ...part, operation: 'create', condition: 'absent', columns: filled(wanted) };
    return state?.['statecode'] === INACTIVE.statecode
      ? [create, { ...part, operation: 'update', condition: 'any', columns: state }]
      : [create];
  }
  const changed = changesOf(wanted, row);
  const columns =
    state === undefined || row.columns['statecode'] === state['statecode'] ? changed : { ...changed, ...state };
  if (Object.keys(columns).length === 0) return [];
  return [{ ...part, operation: 'update', condition: row.etag, columns }];
}

const ACTIVE = { statecode: 0, statuscode: 1 } as const;
const INACTIVE = { statecode: 1, statuscode: 2 } as const;

/** A deleted motif is inactive; undefined where the body says nothing about it. */
function stateFor({ rdvs_deletedon: at }: Columns): typeof ACTIVE | typeof INACTIVE | undefined {
  if (at === undefined) return undefined;
  return at === null ? ACTIVE : INACTIVE;
}

const filled = (columns: Columns): Columns =>
  Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== null));

/** The columns that differ from those of the row. */
function changesOf(wanted: Columns, row: Row): Columns {
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => value !== (row.columns[name] ?? null)));
}
