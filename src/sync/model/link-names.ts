// Links: one row of `rdvs_link` per record of RDV-Solidarités. Their names, and the ids that follow from names.
import { v5 as uuidV5 } from 'uuid';
import type { Absence, OrganisationId, PlageOuverture, RdvId, UsagerId } from '../../rdv-solidarites/models.ts';

/** The name of a link: `usager-12`, `rdv-77`, `profile-12-7` (usager, then organisation), `absence-5` or `plage-9`. */
export type LinkName = string & { readonly __brand: 'LinkName' };
export type Guid = string & { readonly __brand: 'Guid' };

const LINK_NAMESPACE = '6f1a5c0e-5d2b-4c3e-9a41-7d0b5a3c9e10';
const APPOINTMENT_NAMESPACE = '0c8f0f52-3b0e-4a5e-8d51-2f6c1f7a9b33';
const CONTACT_NAMESPACE = 'a3f0b7c4-8a55-4e0f-9a0b-5c1e6f0d2b71';

export const usagerLink = (id: UsagerId) => `usager-${id}` as LinkName;
export const rdvLink = (id: RdvId) => `rdv-${id}` as LinkName;
export const profileLink = (usager: UsagerId, organisation: OrganisationId) =>
  `profile-${usager}-${organisation}` as LinkName;
export const absenceLink = (id: Absence['id']) => `absence-${id}` as LinkName;
export const plageLink = (id: PlageOuverture['id']) => `plage-${id}` as LinkName;
/** Whether it is the link of an absence; a plage's otherwise, among those of calendars. */
export const isAbsence = (name: LinkName) => name.startsWith('absence-');

/** The usager whose link this is; undefined for a link of another kind of record. */
export function usagerOf(name: LinkName): UsagerId | undefined {
  const [, id] = /^usager-(\d+)$/.exec(name) ?? [];
  return id === undefined ? undefined : (Number(id) as UsagerId);
}

/** What the names of all memberships of a usager begin with. */
export const membershipPrefix = (usager: UsagerId) => `profile-${usager}-`;

/** A link's primary key, derived from its name so that two writers of one record can only meet in one row. */
export const linkId = (name: LinkName) => uuidV5(name, LINK_NAMESPACE) as Guid;

/** The `activityid` of an RDV's appointment. */
export const appointmentId = (id: RdvId) => uuidV5(`rdv-${id}`, APPOINTMENT_NAMESPACE) as Guid;

/**
 * The `activityid` of an occurrence of an absence or a plage.
 *
 * @param day of a recurring one, `2026-01-05`: a series begins once a day at most
 */
export const occurrenceId = (name: LinkName, day?: string) =>
  uuidV5(day === undefined ? name : `${name}/${day}`, APPOINTMENT_NAMESPACE) as Guid;

/** The id of a contact that a notification creates: the same when the notification is applied again after a conflict. */
export const newContactId = (name: LinkName, notificationId: string) =>
  uuidV5(`${name}/${notificationId}`, CONTACT_NAMESPACE) as Guid;
