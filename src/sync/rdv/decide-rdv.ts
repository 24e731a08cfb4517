// RDV → appointment: what to write about the RDV itself.
import type { NotificationOf } from '../../rdv-solidarites/notification.ts';
import { toSeconds } from '../../rdv-solidarites/times.ts';
import { type Applied, NOTHING_APPLIED } from '../model/applied.ts';
import type { Context } from '../model/context.ts';
import type { Guid } from '../model/link-names.ts';
import type { Write } from '../model/plan.ts';
import type { AppointmentRow, LinkRow } from '../model/rows.ts';
import type { Columns, Reference, Value } from '../model/values.ts';
import type { Order, Standing } from '../model/version.ts';
import type { PeopleDecision } from '../people/decide-people.ts';
import { createAppointment, updateAppointment } from '../rules/appointment-writes.ts';
import { linkWrite } from '../rules/link-writes.ts';
import { namesDeleted, withoutDerived } from '../rules/parties.ts';
import { hashOf, reconcile, type Wanted } from '../rules/reconcile.ts';
import { reasonOf, standingOf } from '../rules/standing.ts';
import { agentsWanted, changesAgents, mergeAgents, rememberAgents, toAgentParties } from './agent-parties.ts';
import { APPOINTMENT_GROUPS, NAMELESS_SUBJECT } from './appointment-mapping.ts';
import { type Attendee, mergeParties, rememberAttendees, sameAttendees, toParties, wishOf } from './attendees.ts';
import { type Cascade, wentWithItsPerson } from './cascades.ts';
import { admitLatecomers } from './latecomers.ts';
import {
  contactReference,
  decision,
  keepOrder,
  linksOf,
  openCase,
  type RdvCase,
  type RdvDecision,
  REGARDING,
} from './rdv-case.ts';
import { ANONYMISED_SUBJECT, contentOf } from './rdv-content.ts';
import { decideOwner } from './rdv-owner.ts';

/** The place of the state among the remembered columns. */
const STATE = 'state';

/** Decides about a RDV, once it is known what becomes of its people. */
export function decideRdv(notification: NotificationOf<'Rdv'>, people: PeopleDecision, context: Context): RdvDecision {
  const rdv = openCase(notification, people, context);
  const standing = standingOf(rdv.link, notification.event, context.stamp);
  return standing.kind === 'newer' ? applyNewer(rdv, standing.order) : keepNewer(rdv, standing);
}

/** A snapshot that is not the newest changes nothing of the RDV; it may bring people whom the newest could not name. */
function keepNewer(rdv: RdvCase, { kind, order }: Exclude<Standing, { kind: 'newer' }>): RdvDecision {
  const { link } = rdv;
  const admitted = admitLatecomers(rdv, order);
  if (admitted !== undefined) return admitted;
  const reordered = link === null || order === undefined ? [] : [keepOrder(rdv, link, order, link.applied)];
  return decision(rdv, 'stale', { reason: reasonOf(link, kind), link: reordered });
}

function applyNewer(rdv: RdvCase, order: Order): RdvDecision {
  const { link, row, ending, context } = rdv;
  if (ending === 'delete') {
    const remove: Write[] =
      row === null ? [] : [{ table: 'appointment', id: row.id, operation: 'delete', condition: row.etag, columns: {} }];
    return decision(rdv, 'applied', {
      link: [keepLink(rdv, order, NOTHING_APPLIED)],
      appointment: remove,
      assumes: row === null ? [] : [row.id],
    });
  }
  if (link === null || row !== null) return write(rdv, order);
  const recreates = ending === 'none' && context.policy.onDeletedInDynamics === 'recreate';
  const cascade: Cascade = ending === 'none' && !recreates ? wentWithItsPerson(rdv) : { happened: false };
  if (cascade.missing) return decision(rdv, 'ignored', { missing: cascade.missing });
  // Somebody deleted the appointment itself in Dynamics, perhaps on request of the person: it does not come back.
  if (!recreates && !cascade.happened) {
    const kept = ending === 'none' ? withoutRegarding(rdv, link) : [keepLink(rdv, order, NOTHING_APPLIED)];
    return decision(rdv, 'ignored', { reason: 'deleted-in-dynamics', link: kept });
  }
  return write(rdv, order);
}

/** Forgets whom the appointment regarded: should that contact be deleted later, the appointment had gone before it. */
function withoutRegarding(rdv: RdvCase, link: LinkRow): readonly Write[] {
  const { [REGARDING]: regarded, ...columns } = link.applied.columns;
  return regarded === undefined ? [] : [keepOrder(rdv, link, undefined, { ...link.applied, columns })];
}

function write(rdv: RdvCase, order: Order): RdvDecision {
  const { notification, link, row, ending, participants, people, context } = rdv;
  const applied = row === null ? NOTHING_APPLIED : (link?.applied ?? NOTHING_APPLIED);
  const content = contentOf(notification, ending, context.policy);
  const wish = participants && wishOf(rdv.rdv, participants, applied, people.contactOf);
  const changes = row && wish && changesAttendees(rdv, row, { attendees: wish.attendees, applied });
  const attendees = changes ? wish?.attendees : undefined;
  const merged =
    row && attendees && mergeParties(row.parties, attendees, applied, { rdv: rdv.name, known: context.known });
  if (merged && merged.missing.links.length + merged.missing.contacts.length > 0) {
    return decision(rdv, 'ignored', { missing: merged.missing });
  }
  const agents = agentsWanted(rdv);
  const mergedAgents =
    row && agents && changesAgents(rdv.name, agents, applied)
      ? mergeAgents(rdv.name, merged?.parties ?? withoutDerived(row.parties), agents, applied)
      : undefined;
  const columns = reconcile({
    wanted: { ...named(rdv, content.wanted), [REGARDING]: regardingOf(rdv, wish?.attendees) },
    current: row?.columns ?? null,
    applied: applied.columns,
    scope: rdv.name,
    groups: APPOINTMENT_GROUPS,
    isOurs: (column, present) => column === REGARDING && wasOurs(rdv, { present, applied, ours: merged?.ours }),
  });
  const state = content.state && hashOf(rdv.name, STATE, content.state.statuscode);
  const owner = decideOwner(rdv, applied);
  const memory: Applied = {
    ...applied,
    columns: {
      ...columns.applied,
      ...(state === undefined ? {} : { [STATE]: state }),
      ...owner.remembered,
    },
    ...(wish && {
      attendees: merged?.remembered ?? (row ? applied.attendees : rememberAttendees(rdv.name, wish.attendees)),
      pending: wish.pending,
    }),
    ...(agents && { agents: mergedAgents?.remembered ?? (row ? applied.agents : rememberAgents(rdv.name, agents)) }),
  };
  const kept = keepLink(rdv, order, ending === 'anonymise' ? NOTHING_APPLIED : memory);

  if (row === null) {
    const change = {
      columns: { ...columns.write, ...label(rdv, columns.write), ...owner.column },
      parties: [...toParties(wish?.attendees ?? []), ...toAgentParties(agents ?? [])],
      state: content.state,
    };
    return decision(rdv, 'applied', { link: [kept], appointment: createAppointment(rdv.id, change), cut: content.cut });
  }

  const stateChanges = state !== applied.columns[STATE];
  const appointment = updateAppointment(row, {
    columns: { ...columns.write, ...label(rdv, columns.write), ...owner.column },
    parties: mergedAgents === undefined ? merged?.parties : mergedAgents.parties,
    state: stateChanges ? content.state : undefined,
  });
  // Where a deleted appointment comes back, that it is there is worth knowing too.
  const mayReturn = context.policy.onDeletedInDynamics === 'recreate';
  const consulted =
    columns.consulted ||
    attendees !== undefined ||
    mergedAgents !== undefined ||
    owner.consulted ||
    stateChanges ||
    mayReturn;
  return decision(rdv, appointment.length > 0 ? 'applied' : 'unchanged', {
    link: [kept],
    appointment,
    cut: content.cut,
    // Which contacts attend is what their links say now.
    assumes: [...(consulted ? [row.id] : []), ...linksOf(wish?.attendees ?? [])],
  });
}

/** A new appointment has a subject, also when the sender names no motif. */
function named({ row, ending }: RdvCase, wanted: Wanted): Wanted {
  const nameless = row === null && wanted['subject'] == null && ending !== 'anonymise';
  return nameless ? { ...wanted, subject: NAMELESS_SUBJECT } : wanted;
}

/** An anonymised appointment gets a neutral subject where the sender's is taken away, or there was none. */
function label({ ending, row }: RdvCase, write: Columns): Columns {
  return ending === 'anonymise' && (row === null || write['subject'] === null) ? { subject: ANONYMISED_SUBJECT } : {};
}

/** The link after an applied snapshot; a destruction leaves it as a tombstone. */
function keepLink({ name, link, ending, context: { stamp } }: RdvCase, order: Order, applied: Applied): Write {
  return linkWrite(link, {
    name,
    version: order.version,
    applied: { ...applied, bodies: order.bodies },
    notificationId: stamp.notificationId,
    ...(ending === 'none' ? {} : { state: 'removed', removedOn: toSeconds(stamp.snapshotAt) }),
  });
}

function changesAttendees(
  { name, people, ending }: RdvCase,
  { parties }: AppointmentRow,
  { attendees, applied }: { attendees: readonly Attendee[]; applied: Applied },
): boolean {
  const cleans = ending === 'anonymise' && namesDeleted(parties);
  return (
    cleans || !sameAttendees(name, attendees, applied) || attendees.some(({ contact }) => people.created.has(contact))
  );
}

/** A RDV with one participant regards that person, if it is known; undefined leaves the appointment as it is. */
function regardingOf(
  { participants }: RdvCase,
  attendees: readonly Attendee[] | undefined,
): Reference | null | undefined {
  if (participants === undefined || attendees === undefined) return undefined;
  if (participants.length !== 1) return null;
  const contact = attendees[0]?.contact;
  return contact === undefined ? null : contactReference(contact);
}

/** Whether an appointment regards somebody by our word, whom a merge has replaced by another contact since. */
function wasOurs(
  { name }: RdvCase,
  { present, applied, ours }: { present: Value; applied: Applied; ours: ReadonlySet<Guid> | undefined },
): boolean {
  const before = applied.columns[REGARDING];
  const regardedSomebody = before !== undefined && before !== hashOf(name, REGARDING, null);
  return regardedSomebody && typeof present === 'object' && present !== null && ours?.has(present.id) === true;
}
