// The name of an RDV's link, and the id of its appointment.
import type { RdvId } from '../../rdv-solidarites/models.ts';
import { nameOf } from '../model/link-names.ts';
import { derivedAppointmentId } from '../rules/appointment-ids.ts';

export const rdvLink = (id: RdvId) => nameOf('rdv', id);

/** The `activityid` of an RDV's appointment. */
export const appointmentId = (id: RdvId) => derivedAppointmentId(rdvLink(id));
