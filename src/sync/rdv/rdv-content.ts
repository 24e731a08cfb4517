// What an RDV's appointment should say: the sender's full body, then what the département decided for its end.

import { fieldOf } from '../../rdv-solidarites/mappable-fields.ts';
import type { NotificationOf } from '../../rdv-solidarites/notification.ts';
import { toSeconds } from '../../rdv-solidarites/times.ts';
import { optionValues } from '../../schema/schema.ts';
import { type AppointmentState, appointmentStates } from '../../schema/standard-columns.ts';
import type { Policy } from '../model/policy.ts';
import type { AppointmentRow } from '../model/rows.ts';
import { type Filled, fill } from '../rules/fill.ts';
import type { WantedColumns } from '../rules/reconcile.ts';
import { type AppointmentContext, appointmentMapping, NAMELESS_SUBJECT, stateOf } from './appointment-mapping.ts';

/** How an RDV ends in Dynamics: not at all, cancelled, emptied of what could tell who came, or deleted. */
export type Ending = 'none' | 'cancel' | 'anonymise' | 'keep' | 'delete';

/** The sender keeps RDV for two years. Two days spare it a job that ran late, and time zones. */
const KEPT_YEARS = 2;
const SPARED_MS = 2 * 24 * 3_600_000;

/** Whether a destruction is that of the sender's retention rule, which it does not always name as the reason. */
export function isPurge({ event, reason, snapshotAt, data }: NotificationOf<'Rdv'>): boolean {
  if (event === 'missing') return reason === 'rgpd';
  if (event !== 'destroyed') return false;
  const limit = new Date(snapshotAt);
  limit.setUTCFullYear(limit.getUTCFullYear() - KEPT_YEARS);
  return reason === 'rgpd' || Date.parse(data.starts_at) < limit.getTime() + SPARED_MS;
}

/** What a destroyed RDV becomes: purged by the sender's retention rule, or destroyed by somebody. */
export function endingOf(notification: NotificationOf<'Rdv'>, policy: Policy): Ending {
  if (notification.event !== 'destroyed' && notification.event !== 'missing') return 'none';
  return isPurge(notification) ? policy.onRgpd : policy.onRdvDestroyed;
}

export interface RdvContent extends Filled {
  readonly state: (typeof appointmentStates)[AppointmentState] | undefined;
}

/** What an anonymised appointment is called: Dynamics lists rows by their subject. */
export const ANONYMISED_SUBJECT = 'RDV anonymisé';

/** What the appointment's texts become when it is anonymised; its dates and its status stay. */
const ANONYMISED = {
  subject: null,
  location: null,
  rdvs_motif: null,
  rdvs_motifid: null,
  rdvs_organisation: null,
  rdvs_agent: null,
  rdvs_url: null,
  rdvs_statustext: null,
} as const;

/** What an RDV without a body asks for: its end. A date of cancellation that is known stays. */
export function contentOfMissing(
  { snapshotAt }: NotificationOf<'Rdv'>,
  ending: Ending,
  { row, policy }: { row: AppointmentRow | null; policy: Policy },
): RdvContent {
  const nothing = { wanted: {}, state: undefined, cut: [], unfit: [] };
  if (ending === 'anonymise') return { ...nothing, wanted: ANONYMISED };
  if (ending !== 'cancel') return nothing;
  const cancelledOn = row?.columns['rdvs_cancelledon'] == null ? { rdvs_cancelledon: toSeconds(snapshotAt) } : {};
  const wanted = mappedOf({ ...CANCELLED, ...cancelledOn }, policy);
  return { ...nothing, wanted, state: appointmentStates.canceled };
}

/** Without the columns that the département has taken away from the mapping. */
function mappedOf(columns: WantedColumns, { mapping }: Policy): WantedColumns {
  return Object.fromEntries(Object.entries(columns).filter(([column]) => !mapping.appointment.without.has(column)));
}

const CANCELLED = { rdvs_status: optionValues.appointment.rdvs_status.destroyed, rdvs_statustext: null };

/** The columns and the state that the notification asks for. */
export function contentOf(
  notification: NotificationOf<'Rdv'>,
  ending: Ending,
  policy: Policy & AppointmentContext,
): RdvContent {
  const rdv = notification.data;
  const mapping = policy.mapping.appointment;
  const ours = Object.entries(appointmentMapping).map(([column, value]) => [column, value(rdv, policy)] as const);
  const filled = fill('appointment', {
    mapping,
    ours: Object.fromEntries(ours),
    said: (from) => fieldOf(rdv, from),
  });
  const wanted = { ...filled.wanted };
  if (wanted['subject'] === null) wanted['subject'] = NAMELESS_SUBJECT;
  if (ending === 'anonymise') {
    const own = Object.keys(mapping.own).map((column) => [column, null]);
    return { ...filled, wanted: { ...wanted, ...ANONYMISED, ...Object.fromEntries(own) }, state: stateOf(rdv) };
  }
  if (ending !== 'cancel') return { ...filled, wanted, state: stateOf(rdv) };
  const cancelled = {
    ...CANCELLED,
    rdvs_cancelledon: wanted['rdvs_cancelledon'] ?? toSeconds(notification.snapshotAt),
  };
  return { ...filled, wanted: { ...wanted, ...mappedOf(cancelled, policy) }, state: appointmentStates.canceled };
}
