// The newest snapshot of an RDV → its appointment and its link.
import { toSeconds } from '../../rdv-solidarites/times.ts';
import { type Applied, NOTHING_APPLIED } from '../model/applied.ts';
import type { Guid } from '../model/link-names.ts';
import type { Write } from '../model/plan.ts';
import type { AppointmentRow } from '../model/rows.ts';
import type { Columns, Reference, Value } from '../model/values.ts';
import type { Order } from '../model/version.ts';
import { subjectTemplate } from '../motif/motif-settings.ts';
import { type AppointmentChange, createAppointment, updateAppointment } from '../rules/appointment-writes.ts';
import { ownColumns } from '../rules/fill.ts';
import { linkWrite } from '../rules/link-writes.ts';
import { hashOf, holdsOther, type Reconciled, reconcile, type WantedColumns } from '../rules/reconcile.ts';
import { withoutRefusal } from '../rules/refused-owners.ts';
import { APPOINTMENT_GROUPS, appointmentMapping, NAMELESS_SUBJECT } from './appointment-mapping.ts';
import type { Attendee } from './attendees.ts';
import { attendingIn, rememberNamed } from './named-people.ts';
import { rememberTemplate, underTemplate } from './new-template.ts';
import { writeParticipations } from './participations.ts';
import { contactReference, decision, type RdvCase, type RdvDecision, REGARDING } from './rdv-case.ts';
import { ANONYMISED_SUBJECT, contentOf, contentOfMissing, type RdvContent } from './rdv-content.ts';
import { decideOwner } from './rdv-owner.ts';
import { decideParties, type PartiesDecision } from './rdv-parties.ts';

/** The place of the state among the remembered columns. */
const STATE = 'state';

/** Writes what a snapshot says of an RDV: a new appointment, or what differs from the one that is there. */
export function writeRdv(rdv: RdvCase, order: Order): RdvDecision {
  const { notification, row, ending, context } = rdv;
  const applied = row === null ? NOTHING_APPLIED : memoryBefore(rdv, row);
  const parties = decideParties(rdv, applied);
  if ('missing' in parties) return decision(rdv, 'ignored', { missing: parties.missing });
  const template = subjectTemplate(rdv.rdv.motif, context);
  const content =
    notification.event === 'missing'
      ? contentOfMissing(notification, ending, { row, policy: context.policy })
      : contentOf(notification, ending, {
          ...context.policy,
          rdvSubject: template,
          attending: attendingIn(rdv),
        });
  const former = ending === 'anonymise' ? ownColumns('appointment', applied.columns) : [];
  const unread = former.filter((column) => row !== null && !Object.hasOwn(row.columns, column));
  if (unread.length > 0) {
    return decision(rdv, 'ignored', { missing: { links: [], contact: [], columns: { appointment: unread } } });
  }
  const wanted = { ...content.wanted, ...emptied(former) };
  const before = underTemplate(rdv, template, { wanted, applied: applied.columns });
  const columns = columnsOf(rdv, wanted, { parties, applied: { ...applied, columns: before } });
  const owner = decideOwner(rdv, applied);
  const state = content.state && { [STATE]: hashOf(rdv.name, STATE, content.state.statuscode) };
  const remembered = rememberTemplate(rdv, template, { wanted, applied: columns.applied });
  const memory: Applied = {
    ...applied,
    columns: { ...withoutRefusal(rememberNamed(rdv, template, remembered)), ...state, ...owner.remembered },
    ...parties.remembered,
  };
  const change: AppointmentChange = {
    columns: { ...columns.write, ...label(rdv, columns.write), ...owner.column },
    parties: parties.parties,
    // On a row that is there, a state that people chose stays until the sender's changes.
    state: row === null || state?.[STATE] !== applied.columns[STATE] ? content.state : undefined,
  };
  // Where a deleted appointment comes back, that it is there is worth knowing too.
  if (context.policy.onDeletedInDynamics === 'recreate') context.relyOn(rdv.id);
  const contacts = new Map((parties.attendees ?? []).map(({ usager, contact }) => [usager, contact]));
  const appointment = [
    ...(row === null ? createAppointment(rdv.id, change) : updateAppointment(row, change)),
    ...writeParticipations(rdv, { contacts, appointment: change.columns }),
  ];
  return decision(rdv, appointment.length > 0 ? 'applied' : 'unchanged', {
    corrected: context.stamp.snapshot && isCorrected(rdv, content, change),
    link: [keepLink(rdv, order, ending === 'anonymise' ? NOTHING_APPLIED : memory)],
    appointment,
    cut: content.cut,
    unfit: content.unfit,
  });
}

/**
 * What was applied before. Of an RDV that was emptied because it was missing, and that the sender shows again, all counts as
 * written by the connector: what it holds is then replaced.
 */
function memoryBefore({ name, link, ending }: RdvCase, row: AppointmentRow): Applied {
  const applied = link?.applied ?? NOTHING_APPLIED;
  if (link?.state !== 'missing' || ending !== 'none' || Object.keys(applied.columns).length > 0) return applied;
  const { columns } = row;
  const ours = Object.keys(appointmentMapping).map((column) => [column, hashOf(name, column, columns[column] ?? null)]);
  return { ...applied, columns: Object.fromEntries(ours) };
}

/** Looked at, not relied on: it is counted, and decides nothing. */
function isCorrected({ id, context }: RdvCase, { wanted, state }: RdvContent, change: AppointmentChange): boolean {
  const row = context.glance.appointment.get(id);
  if (row == null) return false;
  const { columns } = change;
  const isOtherState = state !== undefined && change.state === undefined && state.statecode !== row.statecode;
  return isOtherState || holdsOther(wanted, (name) => (name in columns ? columns[name] : row.columns[name]) ?? null);
}

/** The link after an applied snapshot; a destruction leaves it as a tombstone. */
export function keepLink(
  { notification, name, link, ending, context: { stamp } }: RdvCase,
  order: Order,
  applied: Applied,
): Write {
  const endState = notification.event === 'missing' ? ('missing' as const) : ('removed' as const);
  const isBack = ending === 'none' && link?.state === 'missing';
  return linkWrite(link, {
    name,
    version: order.version,
    applied: { ...applied, bodies: order.bodies },
    notificationId: stamp.notificationId,
    ...(ending === 'none' ? {} : { state: endState, removedOn: toSeconds(stamp.snapshotAt) }),
    ...(isBack ? { state: 'live', removedOn: null } : {}),
  });
}

function columnsOf(
  rdv: RdvCase,
  wanted: WantedColumns,
  { parties, applied }: { parties: PartiesDecision; applied: Applied },
): Reconciled {
  const { name, row } = rdv;
  return reconcile({
    wanted: { ...named(rdv, wanted), [REGARDING]: regardingOf(rdv, parties.attendees) },
    present: (column) => row?.columns[column] ?? null,
    applied: withoutLostMotif(rdv, applied.columns),
    scope: name,
    groups: APPOINTMENT_GROUPS,
    isOurs: (column, present) => column === REGARDING && wasOurs(rdv, { present, applied, ours: parties.ours }),
  });
}

/** With a motif's row that people deleted, Dynamics emptied the lookups to it: nobody corrected the RDV. */
function withoutLostMotif({ id, row, rdv, context }: RdvCase, columns: Applied['columns']): Applied['columns'] {
  const isEmpty = context.glance.appointment.get(id)?.columns['rdvs_motifid'] == null;
  if (row === null || rdv.motif == null || !isEmpty) return columns;
  const { rdvs_motifid: _, ...others } = columns;
  return others;
}

const emptied = (columns: readonly string[]): WantedColumns =>
  Object.fromEntries(columns.map((column) => [column, null]));

/** A new appointment has a subject, also when the sender names no motif. */
function named({ row, ending }: RdvCase, wanted: WantedColumns): WantedColumns {
  const nameless = row === null && wanted['subject'] == null && ending !== 'anonymise';
  return nameless ? { ...wanted, subject: NAMELESS_SUBJECT } : wanted;
}

/** An anonymised appointment gets a neutral subject where the sender's is taken away, or there was none. */
function label({ ending, row }: RdvCase, write: Columns): Columns {
  return ending === 'anonymise' && (row === null || write['subject'] === null) ? { subject: ANONYMISED_SUBJECT } : {};
}

/** An RDV with one participant regards that person, if it is known; undefined leaves the appointment as it is. */
function regardingOf(
  { participants }: RdvCase,
  attendees: readonly Attendee[] | undefined,
): Reference | null | undefined {
  if (participants === undefined || attendees === undefined) return undefined;
  if (participants.length !== 1) return null;
  const contact = attendees[0]?.contact;
  return contact === undefined ? null : contactReference(contact);
}

/** Whether we wrote the contact that the appointment regards, and a merge has replaced that contact by another since. */
function wasOurs(
  { name }: RdvCase,
  { present, applied, ours }: { present: Value; applied: Applied; ours: ReadonlySet<Guid> | undefined },
): boolean {
  const before = applied.columns[REGARDING];
  const regardedSomebody = before !== undefined && before !== hashOf(name, REGARDING, null);
  return regardedSomebody && typeof present === 'object' && present !== null && ours?.has(present.id) === true;
}
