// The attendees of an appointment: the sender's participants, and beside them those that people added in Dynamics.

import { isAnonymised } from '../../rdv-solidarites/anonymisation.ts';
import type { Rdv, UsagerId } from '../../rdv-solidarites/models.ts';
import {
  type Applied,
  type AppliedAttendee,
  type AppliedPending,
  type AttendeeRole,
  shortHash,
} from '../model/applied.ts';
import type { Guid, LinkName } from '../model/link-names.ts';
import { type Known, PARTY_ROLES, type Party, type ReadRequest } from '../model/rows.ts';
import type { Participant } from '../people/people.ts';
import { usagerLink } from '../people/people-names.ts';
import { follow } from '../rules/merges.ts';
import { namesDeleted, withoutDerived } from '../rules/parties.ts';
import { goesOn } from './appointment-mapping.ts';

/** An attendee that the sender wants. */
export interface Attendee {
  readonly usager: UsagerId;
  readonly as: AttendeeRole;
  readonly contact: Guid;
}

export interface Wish {
  readonly attendees: readonly Attendee[];
  /** Participants known by an anonymised copy only, who never were attendees. */
  readonly pending: Readonly<Record<string, AppliedPending>>;
}

/** What is asked of a participant: an excused or revoked one is still of interest while the RDV itself goes on. */
function roleIn(rdv: Rdv, { status }: Participant): AttendeeRole {
  return goesOn(rdv) && (status === 'excused' || status === 'revoked') ? 'optional' : 'required';
}

/**
 * The attendees that a snapshot wants. A person kept out of Dynamics is left out; one that the sender has anonymised
 * stays if it was an attendee before.
 */
export function wishOf(
  rdv: Rdv,
  participants: readonly Participant[],
  applied: Applied,
  contactOf: (usager: UsagerId) => Guid | null | undefined,
): Wish {
  const attendees: Attendee[] = [];
  const pending: Record<string, AppliedPending> = {};
  for (const participant of participants) {
    const usager = participant.usager.id;
    const as = roleIn(rdv, participant);
    const mayJoin = !isAnonymised(participant.usager) || applied.attendees[usager] !== undefined;
    const contact = mayJoin ? contactOf(usager) : undefined;
    if (!mayJoin) pending[usager] = { as, participation: participant.participation };
    else if (contact != null) attendees.push({ usager, as, contact });
  }
  return { attendees, pending };
}

/**
 * Whether the sender's set of attendees is the one applied last: the same people under the same contacts. A usager tied
 * to another contact since is another attendee. Where the link had no room for the contact, the usager alone counts.
 */
export function sameAttendees(rdv: LinkName, attendees: readonly Attendee[], applied: Applied): boolean {
  const isTheSame = ({ usager, as, contact }: Attendee) => {
    const before = applied.attendees[usager];
    return before?.as === as && ['', contactHash(rdv, contact)].includes(before.contact);
  };
  return attendees.length === Object.keys(applied.attendees).length && attendees.every(isTheSame);
}

export interface Merged {
  /** The complete list to write, or `undefined` when the appointment has it already. */
  readonly parties: readonly Party[] | undefined;
  /** The contacts that are, or were, attendees by the sender's word alone. */
  readonly ours: ReadonlySet<Guid>;
  /** The attendees as the link is to remember them. */
  readonly remembered: Record<string, AppliedAttendee>;
  /** Rows to read first: the contact of a former attendee was merged, or taken off by hand. */
  readonly missing: Pick<ReadRequest, 'links' | 'contact'>;
}

/**
 * Replaces the attendees that we added by those that the sender wants now, and keeps all others. Several usagers may
 * share one contact: it is one attendee, required if one of them is.
 */
export function mergeParties(
  present: readonly Party[],
  wanted: readonly Attendee[],
  applied: Applied,
  { rdv, known }: { rdv: LinkName; known: Known },
): Merged {
  const kept = withoutDerived(present);
  const presentContacts = new Map(
    kept.flatMap(({ target }) => (target?.table === 'contact' ? [[contactHash(rdv, target.id), target.id]] : [])),
  );
  const wantedContacts = new Set(wanted.map((attendee) => attendee.contact));
  const former = new Set<Guid>();
  const links: LinkName[] = [];
  const contacts: Guid[] = [];
  for (const [usager, { contact, theirs }] of Object.entries(applied.attendees)) {
    const id = presentContacts.get(contact);
    if (theirs) continue;
    if (id !== undefined) former.add(id);
    else if (!wanted.some((attendee) => String(attendee.usager) === usager)) {
      const name = usagerLink(Number(usager) as UsagerId);
      const link = known.links.get(name);
      if (link === undefined) links.push(name);
      else if (link?.contactId != null) {
        const row = follow(known, link.contactId);
        if (row !== null && 'unread' in row) contacts.push(row.unread);
        else if (row !== null) former.add(row.id);
      }
    }
  }
  const ours = new Set([...former, ...wantedContacts]);
  const others = kept.filter(({ target }) => target?.table !== 'contact' || !ours.has(target.id));
  const parties = [...others, ...toParties(wanted)];
  const contactsThere = new Set(presentContacts.values());
  return {
    parties: sameParties(parties, kept) && !namesDeleted(present) ? undefined : parties,
    ours,
    remembered: rememberAttendees(rdv, wanted, ({ usager, contact }) => {
      const mayBeTheirs = applied.attendees[usager]?.theirs ?? !former.has(contact);
      return mayBeTheirs && contactsThere.has(contact);
    }),
    missing: { links, contact: contacts },
  };
}

/** One party a contact. */
export function toParties(attendees: readonly Attendee[]): readonly Party[] {
  const roles = new Map<Guid, AttendeeRole>();
  for (const { contact, as } of attendees) if (roles.get(contact) !== 'required') roles.set(contact, as);
  return [...roles].map(([id, as]) => ({ role: PARTY_ROLES[as], target: { table: 'contact', id } }));
}

/** What the link remembers of the attendees. */
export function rememberAttendees(
  rdv: LinkName,
  attendees: readonly Attendee[],
  areTheirs: (attendee: Attendee) => boolean = () => false,
): Record<string, AppliedAttendee> {
  return Object.fromEntries(
    attendees.map((attendee) => {
      const { usager, as, contact } = attendee;
      return [usager, { as, contact: contactHash(rdv, contact), theirs: areTheirs(attendee) }];
    }),
  );
}

/** The short hash by which an RDV's link remembers the contact of an attendee. */
export const contactHash = (rdv: LinkName, contact: Guid) => shortHash(rdv, 'attendee', contact);

function sameParties(a: readonly Party[], b: readonly Party[]): boolean {
  const keys = (parties: readonly Party[]) =>
    parties.map(({ role, target, address }) => `${role} ${target?.table} ${target?.id} ${address}`).sort();
  return JSON.stringify(keys(a)) === JSON.stringify(keys(b));
}
