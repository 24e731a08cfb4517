// What an RDV is decided from, and what a decision about it is made of.
import type { Rdv } from '../../rdv-solidarites/models.ts';
import type { NotificationOf } from '../../rdv-solidarites/notification.ts';
import type { UtcInstant } from '../../rdv-solidarites/times.ts';
import type { Applied } from '../model/applied.ts';
import type { Context } from '../model/context.ts';
import type { Guid, LinkName } from '../model/link-names.ts';
import type { FormerColumns, Outcome, OutcomeReason, RecordDecision, Write } from '../model/plan.ts';
import type { AppointmentRow, LinkRow, ReadRequest } from '../model/rows.ts';
import type { Reference } from '../model/values.ts';
import type { Order } from '../model/version.ts';
import type { PeopleDecision } from '../people/decide-people.ts';
import { type Participant, participantsOf } from '../people/people.ts';
import { linkWrite } from '../rules/link-writes.ts';
import { type Ending, endingOf } from './rdv-content.ts';
import { appointmentId, rdvLink } from './rdv-names.ts';

export interface RdvDecision {
  readonly record: RecordDecision;
  readonly link: readonly Write[];
  readonly appointment: readonly Write[];
  readonly cut: readonly string[];
  readonly unfit: readonly string[];
  /** Rows to read before a decision is possible. */
  readonly missing: Pick<ReadRequest, 'links' | 'contact'> & {
    /** Columns that its link remembers, and that the mapping no longer names. */
    readonly columns?: FormerColumns;
  };
}

export interface RdvCase {
  readonly notification: NotificationOf<'Rdv'>;
  readonly rdv: Rdv;
  readonly name: LinkName;
  readonly id: Guid;
  readonly link: LinkRow | null;
  readonly row: AppointmentRow | null;
  readonly ending: Ending;
  /** Undefined when the body says nothing about participants. */
  readonly participants: readonly Participant[] | undefined;
  readonly people: PeopleDecision;
  readonly context: Context;
}

/** The lookup to the contact that an appointment is about. */
export const REGARDING = 'regardingobjectid';

export function openCase(notification: NotificationOf<'Rdv'>, people: PeopleDecision, context: Context): RdvCase {
  const rdv = notification.data;
  const name = rdvLink(rdv.id);
  const id = appointmentId(rdv.id);
  const row = context.known.appointment.get(id) ?? null;
  const isPurge = notification.event === 'missing' && row !== null && isPastRetention(row, notification.snapshotAt);
  const ending = endingOf(isPurge ? { ...notification, reason: 'rgpd' } : notification, context.policy);
  return {
    notification,
    rdv,
    name,
    id,
    link: context.known.links.get(name) ?? null,
    row,
    ending,
    participants: ending === 'anonymise' || ending === 'delete' ? [] : participantsOf(rdv),
    people,
    context,
  };
}

/**
 * The sender purges an RDV two years after its start (app/jobs/cron_job.rb). Two days less, because its job runs at night:
 * an RDV of that age that is missing was purged.
 */
function isPastRetention({ columns }: AppointmentRow, at: UtcInstant): boolean {
  const start = columns['scheduledstart'];
  if (typeof start !== 'string') return false;
  const end = new Date(start);
  end.setUTCFullYear(end.getUTCFullYear() + 2, end.getUTCMonth(), end.getUTCDate() - 2);
  return end.getTime() < Date.parse(at);
}

export interface Parts extends Partial<Omit<RdvDecision, 'record'>> {
  readonly reason?: OutcomeReason | undefined;
  readonly corrected?: boolean | undefined;
}

export function decision(
  { name }: RdvCase,
  outcome: Outcome,
  { reason, corrected, ...parts }: Parts = {},
): RdvDecision {
  const record = { record: name, outcome, ...(reason && { reason }), ...(corrected && { corrected }) };
  return { link: [], appointment: [], cut: [], unfit: [], missing: { links: [], contact: [] }, ...parts, record };
}

/** Keeps the order of arrivals in a link whose record is otherwise left as it is. */
export function keepOrder({ name }: RdvCase, link: LinkRow, order: Order | undefined, applied: Applied): Write {
  const { version, bodies } = order ?? { version: link.version, bodies: applied.bodies };
  return linkWrite(link, { name, version, applied: { ...applied, bodies } });
}

export const contactReference = (id: Guid): Reference => ({ table: 'contact', id });
