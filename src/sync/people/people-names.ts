// The names of the links of usagers and of their memberships, and the ids of contacts.
import type { OrganisationId, UsagerId } from '../../rdv-solidarites/models.ts';
import { derivedId, type LinkName, nameOf } from '../model/link-names.ts';

const CONTACT_NAMESPACE = 'a3f0b7c4-8a55-4e0f-9a0b-5c1e6f0d2b71';

export const usagerLink = (id: UsagerId) => nameOf('usager', id);
export const profileLink = (usager: UsagerId, organisation: OrganisationId) => nameOf('profile', usager, organisation);

/** The usager whose link this is; undefined for a link of another kind of record. */
export function usagerOf(name: LinkName): UsagerId | undefined {
  const [, id] = /^usager-(\d+)$/.exec(name) ?? [];
  return id === undefined ? undefined : (Number(id) as UsagerId);
}

/** The organisation that the link of a membership is about; undefined for a link of another kind of record. */
export function organisationIn(name: LinkName): OrganisationId | undefined {
  const [, id] = /^profile-\d+-(\d+)$/.exec(name) ?? [];
  return id === undefined ? undefined : (Number(id) as OrganisationId);
}

/** What the names of all memberships of a usager begin with. */
export const membershipPrefix = (usager: UsagerId) => `${nameOf('profile', usager)}-`;

/** The id of a contact that a notification creates: the same when the notification is applied again after a conflict. */
export const newContactId = (name: LinkName, notificationId: string) =>
  derivedId(`${name}/${notificationId}`, CONTACT_NAMESPACE);
