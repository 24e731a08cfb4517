// RDV → appointment: what to write about the RDV itself.
import type { NotificationOf } from '../rdv-solidarites/notification.ts';
import { toSeconds } from '../rdv-solidarites/times.ts';
import { createAppointment, updateAppointment } from './appointment-writes.ts';
import { type Attendee, mergeParties, rememberAttendees, sameAttendees, toParties, wishOf } from './attendees.ts';
import type { Context, PeopleDecision } from './decide-people.ts';
import { linkWrite, orderOfLink } from './link-writes.ts';
import { type Applied, appointmentId, type Guid, type LinkName, NOTHING_APPLIED, rdvLink } from './links.ts';
import { type Participant, participantsOf } from './people.ts';
import type { Outcome, Reason, RecordDecision, Write } from './plan.ts';
import { contentOf, endingOf } from './rdv-content.ts';
import { hashOf, reconcile } from './reconcile.ts';
import { type AppointmentRow, type LinkRow, PARTY_ROLES, type Party, type Reference, type Value } from './rows.ts';
import { type Order, orderOf, rank, type Standing } from './version.ts';

export interface RdvDecision {
  readonly record: RecordDecision;
  readonly link: readonly Write[];
  readonly appointment: readonly Write[];
  readonly cut: readonly string[];
  /** Links to read before a decision is possible. */
  readonly missing: readonly LinkName[];
}

/** The place of the state among the remembered columns. */
const STATE = 'state';
const REGARDING = 'regardingobjectid';

/** Decides about a RDV, once it is known what becomes of its people. */
export function decideRdv(notification: NotificationOf<'Rdv'>, people: PeopleDecision, context: Context): RdvDecision {
  const { known, stamp, policy } = context;
  const rdv = notification.data;
  const name = rdvLink(rdv.id);
  const link = known.links.get(name) ?? null;
  const row = known.appointments.get(appointmentId(rdv.id)) ?? null;
  const ending = endingOf(notification, policy);
  const participants = ending === 'anonymise' || ending === 'delete' ? [] : participantsOf(rdv);

  const standing = standingOf(link, notification.event === 'destroyed', context);
  if (standing.kind !== 'newer') return notNewer(standing);
  const { order } = standing;
  const tombstone =
    ending === 'none' ? {} : { state: 'removed' as const, removedOn: toSeconds(notification.snapshotAt) };
  const keep = (applied: Applied) =>
    linkWrite(link, {
      name,
      version: order.version,
      applied: { ...applied, bodies: order.bodies },
      notificationId: stamp.notificationId,
      ...tombstone,
    });

  if (ending === 'delete') {
    const remove: Write[] =
      row === null ? [] : [{ table: 'appointment', id: row.id, operation: 'delete', condition: row.etag, columns: {} }];
    return outcome('applied', [keep(NOTHING_APPLIED)], remove);
  }
  if (link !== null && row === null && policy.onDeletedInDynamics === 'keep-out') {
    return outcome('ignored', ending === 'none' ? [] : [keep(NOTHING_APPLIED)], [], 'deleted-in-dynamics');
  }
  return write(row === null ? NOTHING_APPLIED : (link?.applied ?? NOTHING_APPLIED));

  function write(applied: Applied): RdvDecision {
    const content = contentOf(notification, ending, policy);
    const wish = participants && wishOf(rdv, participants, applied, people.contactOf);
    const wanted = { ...content.wanted, [REGARDING]: regardingOf(participants, wish?.attendees) };
    const columns = reconcile({ wanted, current: row?.columns ?? null, applied: applied.columns, scope: name });
    const stateHash = content.state && hashOf(name, STATE, content.state.statuscode);
    const memory: Applied =
      ending === 'anonymise'
        ? NOTHING_APPLIED
        : {
            ...applied,
            columns: { ...columns.applied, ...(stateHash === undefined ? {} : { [STATE]: stateHash }) },
            ...(wish && { attendees: rememberAttendees(name, wish.attendees), pending: wish.pending }),
          };
    if (row === null) {
      const parties = [...toParties(wish?.attendees ?? []), ...organizer()];
      const change = { columns: { ...columns.write, ...owner() }, parties, state: content.state };
      return outcome(
        'applied',
        [keep(memory)],
        createAppointment(appointmentId(rdv.id), change),
        undefined,
        content.cut,
      );
    }

    const merged = wish && changesAttendees(wish.attendees, applied) ? merge(row, wish.attendees, applied) : undefined;
    if (merged?.missing.length) return { ...outcome('ignored', [], []), missing: merged.missing };
    const writes = updateAppointment(row, {
      columns: columns.write,
      parties: merged?.parties,
      state: stateHash === applied.columns[STATE] ? undefined : content.state,
    });
    return outcome(writes.length > 0 ? 'applied' : 'unchanged', [keep(memory)], writes, undefined, content.cut);
  }

  /** A snapshot that is not the newest: only people whom newer snapshots could not name may still join. */
  function notNewer(standing: Exclude<Standing, { kind: 'newer' }>): RdvDecision {
    const joining = link !== null && row !== null ? latecomers(link) : [];
    const reason = link?.state === 'removed' ? 'destroyed' : standing.kind === 'repeat' ? 'already-applied' : undefined;
    if (link === null || row === null || joining.length === 0) {
      const order = link === null ? undefined : (standing.order ?? undefined);
      const reordered = link !== null && order !== undefined ? [reorder(link, order, link.applied)] : [];
      return outcome('stale', reordered, [], reason);
    }
    return admit(link, row, joining, standing.order);
  }

  function latecomers(link: LinkRow): readonly Attendee[] {
    return (participants ?? []).flatMap(({ usager }) => {
      const as = link.applied.pending[usager.id];
      const contact = people.contactOf(usager.id);
      return as === undefined || contact == null ? [] : [{ usager: String(usager.id), as, contact }];
    });
  }

  function admit(link: LinkRow, row: AppointmentRow, joining: readonly Attendee[], order?: Order): RdvDecision {
    const { applied } = link;
    const stillPending = Object.entries(applied.pending).filter(([id]) => !joining.some(({ usager }) => usager === id));
    const alone = Object.keys(applied.pending).length === 1 && Object.keys(applied.attendees).length === 0;
    const [first] = joining;
    const wanted = alone && first ? { [REGARDING]: contactReference(first.contact) } : {};
    const columns = reconcile({ wanted, current: row.columns, applied: applied.columns, scope: name });
    const present = new Set(row.parties.map(({ target }) => target?.id));
    const newcomers = toParties(joining).filter(({ target }) => target !== null && !present.has(target.id));
    const others = row.parties.filter(({ role }) => role !== PARTY_ROLES.regarding && role !== PARTY_ROLES.owner);
    const memory = {
      ...applied,
      columns: columns.applied,
      attendees: { ...applied.attendees, ...rememberAttendees(name, joining) },
      pending: Object.fromEntries(stillPending),
    };
    const kept = order ?? { version: link.version ?? orderOf(stamp).version, bodies: applied.bodies };
    const writes = updateAppointment(row, {
      columns: columns.write,
      parties: newcomers.length === 0 ? undefined : [...others, ...newcomers],
      state: undefined,
    });
    return outcome('applied', [reorder(link, kept, memory)], writes);
  }

  function changesAttendees(attendees: readonly Attendee[], applied: Applied): boolean {
    return !sameAttendees(attendees, applied) || attendees.some(({ contact }) => people.created.has(contact));
  }

  function merge(row: AppointmentRow, attendees: readonly Attendee[], applied: Applied) {
    return mergeParties(row.parties, attendees, applied, { rdv: name, known });
  }

  function reorder(link: LinkRow, order: Order, applied: Applied): Write {
    return linkWrite(link, { name, version: order.version, applied: { ...applied, bodies: order.bodies } });
  }

  /** The agent who sees the RDV in Dynamics, else the team of the organisation. */
  function owner(): Record<string, Value> {
    const agent = agentUser();
    if (agent !== undefined) return { ownerid: { table: 'systemuser', id: agent } };
    return context.ownerTeam === undefined ? {} : { ownerid: { table: 'team', id: context.ownerTeam } };
  }

  function organizer(): readonly Party[] {
    const agent = policy.agentAsOrganizer ? agentUser() : undefined;
    return agent === undefined ? [] : [{ role: PARTY_ROLES.organizer, target: { table: 'systemuser', id: agent } }];
  }

  function agentUser(): Guid | undefined {
    const users = (rdv.agents ?? [])
      .toSorted((a, b) => a.id - b.id)
      .map(({ email }) => (email == null ? null : known.agents.get(email.trim().toLowerCase())));
    return users.find((user) => user != null) ?? undefined;
  }

  function outcome(
    result: Outcome,
    link: readonly Write[],
    appointment: readonly Write[],
    reason?: Reason,
    cut: readonly string[] = [],
  ): RdvDecision {
    const record = { record: name, outcome: result, ...(reason === undefined ? {} : { reason }) };
    return { record, link, appointment, cut, missing: [] };
  }
}

/** A destroyed RDV stays destroyed: among its notifications only the newest destruction still counts. */
function standingOf(link: LinkRow | null, destroyed: boolean, { stamp }: Context): Standing {
  if (link?.state === 'removed') return destroyed ? rank(orderOfLink(link), stamp) : { kind: 'stale' };
  return destroyed ? { kind: 'newer', order: orderOf(stamp) } : rank(orderOfLink(link), stamp);
}

/** A RDV with one participant regards that person; undefined leaves the appointment as it is. */
function regardingOf(
  participants: readonly Participant[] | undefined,
  attendees: readonly Attendee[] | undefined,
): Reference | null | undefined {
  if (participants === undefined || attendees === undefined) return undefined;
  if (participants.length !== 1) return null;
  const contact = attendees[0]?.contact;
  return contact === undefined ? undefined : contactReference(contact);
}

const contactReference = (id: Guid): Reference => ({ table: 'contact', id });
