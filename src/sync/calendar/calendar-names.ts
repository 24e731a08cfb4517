// The names of the links of absences and plages, and the ids of their occurrences.
import type { Absence, PlageOuverture } from '../../rdv-solidarites/models.ts';
import { type LinkName, nameOf } from '../model/link-names.ts';
import { derivedAppointmentId } from '../rules/appointment-ids.ts';

export const absenceLink = (id: Absence['id']) => nameOf('absence', id);
export const plageLink = (id: PlageOuverture['id']) => nameOf('plage', id);
/** Whether it is the link of an absence; a plage's otherwise, among those of calendars. */
export const isAbsence = (name: LinkName) => name.startsWith('absence-');

/**
 * The `activityid` of an occurrence of an absence or a plage.
 *
 * @param day of a recurring one, `2026-01-05`: a series begins once a day at most
 */
export const occurrenceId = (name: LinkName, day?: string) =>
  derivedAppointmentId(day === undefined ? name : `${name}/${day}`);
