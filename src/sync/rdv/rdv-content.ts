// What an RDV's appointment should say: the sender's full body, then what the département decided for its end.

import type { NotificationOf } from '../../rdv-solidarites/notification.ts';
import { toSeconds } from '../../rdv-solidarites/times.ts';
import { optionValues } from '../../schema/schema.ts';
import { type AppointmentState, appointmentStates } from '../../schema/standard-columns.ts';
import type { Policy } from '../model/policy.ts';
import type { AppointmentRow } from '../model/rows.ts';
import { toColumn } from '../rules/fit.ts';
import type { WantedColumns } from '../rules/reconcile.ts';
import { appointmentMapping, NAMELESS_SUBJECT, stateOf } from './appointment-mapping.ts';

/** How an RDV ends in Dynamics: not at all, cancelled, emptied of what could tell who came, or deleted. */
export type Ending = 'none' | 'cancel' | 'anonymise' | 'keep' | 'delete';

/** What a destroyed RDV becomes, by the reason of its destruction. */
export function endingOf({ event, reason }: NotificationOf<'Rdv'>, policy: Policy): Ending {
  if (event !== 'destroyed' && event !== 'missing') return 'none';
  return reason === 'rgpd' ? policy.onRgpd : policy.onRdvDestroyed;
}

export interface RdvContent {
  readonly wanted: WantedColumns;
  readonly state: (typeof appointmentStates)[AppointmentState] | undefined;
  readonly cut: readonly string[];
}

/** What an anonymised appointment is called: Dynamics lists rows by their subject. */
export const ANONYMISED_SUBJECT = 'RDV anonymisé';

/** What the appointment's texts become when it is anonymised; its dates and its status stay. */
const ANONYMISED = {
  subject: null,
  location: null,
  rdvs_motif: null,
  rdvs_organisation: null,
  rdvs_agent: null,
  rdvs_url: null,
  rdvs_statustext: null,
} as const;

/** What an RDV without a body asks for: its end. A date of cancellation that is known stays. */
export function contentOfMissing(
  { snapshotAt }: NotificationOf<'Rdv'>,
  ending: Ending,
  row: AppointmentRow | null,
): RdvContent {
  if (ending === 'anonymise') return { wanted: ANONYMISED, state: undefined, cut: [] };
  if (ending !== 'cancel') return { wanted: {}, state: undefined, cut: [] };
  const cancelledOn = row?.columns['rdvs_cancelledon'] == null ? { rdvs_cancelledon: toSeconds(snapshotAt) } : {};
  return { wanted: { ...CANCELLED, ...cancelledOn }, state: appointmentStates.canceled, cut: [] };
}

const CANCELLED = { rdvs_status: optionValues.appointment.rdvs_status.destroyed, rdvs_statustext: null };

/** The columns and the state that the notification asks for. */
export function contentOf(notification: NotificationOf<'Rdv'>, ending: Ending, policy: Policy): RdvContent {
  const rdv = notification.data;
  const cut: string[] = [];
  const mapped: Record<string, WantedColumns[string]> = {};
  for (const [column, value] of Object.entries(appointmentMapping)) {
    const fitted = toColumn('appointment', column, value(rdv, policy));
    if (fitted.cut) cut.push(`appointment.${column}`);
    mapped[column] = fitted.value;
  }
  if (mapped['subject'] === null) mapped['subject'] = NAMELESS_SUBJECT;
  if (ending === 'anonymise') return { wanted: { ...mapped, ...ANONYMISED }, state: stateOf(rdv), cut };
  if (ending !== 'cancel') return { wanted: mapped, state: stateOf(rdv), cut };
  const cancelled = {
    ...CANCELLED,
    rdvs_cancelledon: mapped['rdvs_cancelledon'] ?? toSeconds(notification.snapshotAt),
  };
  return { wanted: { ...mapped, ...cancelled }, state: appointmentStates.canceled, cut };
}
