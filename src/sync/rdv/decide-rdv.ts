// What becomes of an RDV: which snapshot counts, and whether its appointment is written, deleted or left alone.
import type { NotificationOf } from '../../rdv-solidarites/notification.ts';
import { type Applied, NOTHING_APPLIED } from '../model/applied.ts';
import type { Context } from '../model/context.ts';
import type { Write } from '../model/plan.ts';
import type { LinkRow } from '../model/rows.ts';
import type { Order, Standing } from '../model/version.ts';
import type { PeopleDecision } from '../people/decide-people.ts';
import { reasonOf, standingOfRecord } from '../rules/standing.ts';
import { type Cascade, wentWithItsPerson } from './cascades.ts';
import { admitLatecomers } from './latecomers.ts';
import { deleteParticipations } from './participations.ts';
import { decision, keepOrder, openCase, type RdvCase, type RdvDecision, REGARDING } from './rdv-case.ts';
import { keepLink, writeRdv } from './write-rdv.ts';

/** Decides about an RDV, once it is known what becomes of its people. */
export function decideRdv(notification: NotificationOf<'Rdv'>, people: PeopleDecision, context: Context): RdvDecision {
  const rdv = openCase(notification, people, context);
  if (notification.event === 'missing') {
    if (rdv.link?.version == null) return decision(rdv, 'ignored', { reason: 'never-known' });
    if (rdv.link.state === 'missing') return decision(rdv, 'unchanged');
  }
  const standing = standingOfRecord(rdv.link, notification.event, context.stamp);
  return standing.kind === 'newer' ? decideNewer(rdv, standing.order) : decideOlder(rdv, standing);
}

/** A snapshot that is not the newest does not change the RDV. It may bring people that the newest one could not name. */
function decideOlder(rdv: RdvCase, { kind, order }: Exclude<Standing, { kind: 'newer' }>): RdvDecision {
  const { link } = rdv;
  const admitted = admitLatecomers(rdv, order);
  if (admitted !== undefined) return admitted;
  const reordered = link === null || order === undefined ? [] : [keepOrder(rdv, link, order, link.applied)];
  return decision(rdv, 'stale', { reason: reasonOf(link, kind), link: reordered });
}

function decideNewer(rdv: RdvCase, order: Order): RdvDecision {
  const { link, row, ending, context } = rdv;
  if (ending === 'delete') {
    const memory = rdv.notification.event === 'missing' ? TAKEN_AWAY : NOTHING_APPLIED;
    return decision(rdv, 'applied', { link: [keepLink(rdv, order, memory)], appointment: removal(rdv) });
  }
  if (link === null || row !== null || isTakenAway(link)) return writeRdv(rdv, order);
  const recreates = ending === 'none' && context.policy.onDeletedInDynamics === 'recreate';
  const cascade: Cascade = ending === 'none' && !recreates ? wentWithItsPerson(rdv) : { happened: false };
  if (cascade.missing) return decision(rdv, 'ignored', { missing: cascade.missing });
  // Somebody deleted the appointment itself in Dynamics, perhaps on request of the person: it does not come back.
  if (!recreates && !cascade.happened) {
    const kept = ending === 'none' ? withoutRegarding(rdv, link) : [keepLink(rdv, order, NOTHING_APPLIED)];
    return decision(rdv, 'ignored', { reason: 'deleted-in-dynamics', link: kept });
  }
  return writeRdv(rdv, order);
}

/** Remembered of a missing RDV whose appointment we deleted: it comes back with the RDV. One that people deleted does not. */
const TAKEN_AWAY: Applied = { ...NOTHING_APPLIED, columns: { taken: 'away' } };

const isTakenAway = ({ state, applied }: LinkRow) => state === 'missing' && 'taken' in applied.columns;

/**
 * Forgets which contact the appointment regarded. If that contact is deleted later, the deletion did not remove the
 * appointment, which was gone before.
 */
function withoutRegarding(rdv: RdvCase, link: LinkRow): readonly Write[] {
  const { [REGARDING]: regarded, ...columns } = link.applied.columns;
  return regarded === undefined ? [] : [keepOrder(rdv, link, undefined, { ...link.applied, columns })];
}

function removal(rdv: RdvCase): readonly Write[] {
  const { row } = rdv;
  if (row === null) return [];
  const gone = deleteParticipations(rdv);
  return [...gone, { table: 'appointment', id: row.id, operation: 'delete', condition: row.etag, columns: {} }];
}
