// Erasing one person: what is written so that nothing of theirs is left of ours, and nothing later brings them back.
import type { RdvId, UsagerId } from '../rdv-solidarites/models.ts';
import { type Applied, NOTHING_APPLIED } from './model/applied.ts';
import type { Guid, LinkName } from './model/link-names.ts';
import type { NeedsMore, Write } from './model/plan.ts';
import { needsMore } from './model/record-kind.ts';
import type { AppointmentRow, Known, LinkRow } from './model/rows.ts';
import type { Columns, Reference, Value } from './model/values.ts';
import { draftOf, updateOf } from './people/contact-drafts.ts';
import { applyDeparture, unreadOf } from './people/departure.ts';
import { usagerLink } from './people/people-names.ts';
import { isPresent } from './people/sharers.ts';
import { contactHash } from './rdv/attendees.ts';
import { NAMED } from './rdv/named-people.ts';
import { updateParticipation } from './rdv/participations.ts';
import { REGARDING } from './rdv/rdv-case.ts';
import { ANONYMISED_SUBJECT } from './rdv/rdv-content.ts';
import { appointmentId } from './rdv/rdv-names.ts';
import { updateAppointment } from './rules/appointment-writes.ts';
import { ownColumns } from './rules/fill.ts';
import { linkWrite } from './rules/link-writes.ts';
import { follow } from './rules/merges.ts';
import { withoutDerived } from './rules/parties.ts';
import { hashOf } from './rules/reconcile.ts';

/** What a tombstone remembers: that the person had a contact once, so that none is created again. */
const ERASED: Applied = { ...NOTHING_APPLIED, tied: true };

export interface PersonErasure {
  readonly writes: readonly Write[];
  /** The contact that the usager had. */
  readonly contact: Guid | null;
  /** Columns that are emptied, and those that people filled, which stay. */
  readonly emptied: number;
  readonly kept: number;
  /** Whether somebody else stands for the contact, which is then left as it is. */
  readonly shared: boolean;
  /** The links of those who do. */
  readonly sharers: ReadonlySet<LinkName>;
}

/**
 * The tombstone of a usager, the emptied memory of its memberships, and its contact without what we wrote: one change
 * set, because without the memory nobody can tell any more which values were ours.
 *
 * @param now `2026-11-24T08:00:00Z`
 * @returns which contact must be read first, when the person's was merged into it
 */
export function erasePerson(usager: UsagerId, known: Known, now: string): PersonErasure | NeedsMore {
  const name = usagerLink(usager);
  const link = known.links.get(name) ?? null;
  const row = link?.contactId == null ? null : follow(known, link.contactId);
  if (row !== null && 'unread' in row) return needsMore({ contact: [row.unread] });
  const others = (known.companions.get(usager) ?? []).filter(
    (other) => other.name !== name && other.name.startsWith('usager-'),
  );
  const sharers = new Set(others.filter(isPresent).map((other) => other.name));
  const shared = sharers.size > 0;
  const unread = row === null || shared ? [] : unreadOf(row, [...(link === null ? [] : [link]), ...others]);
  if (row !== null && unread.length > 0) return needsMore({ contact: [row.id], columns: { contact: unread } });
  const before = row === null || shared ? undefined : draftOf(row, usager);
  const applied = link?.applied ?? NOTHING_APPLIED;
  const draft =
    before && applyDeparture('anonymise', { draft: before, applied, scope: name, departed: true, others }).draft;
  // Others who stood for the same person and left before: a hash of a name is still about that person.
  const forgotten = shared ? [] : others.filter(({ applied }) => !isEmpty(applied)).map(forget);
  const links = [...tombstones(usager, known, now), ...forgotten].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const filled = Object.entries(row?.columns ?? {}).filter(
    ([column, value]) => value !== null && draft?.write[column] === undefined,
  );
  return {
    writes: [...links, ...(draft === undefined ? [] : updateOf(draft))],
    contact: row?.id ?? null,
    emptied: Object.keys(draft?.write ?? {}).length,
    kept: filled.length,
    shared,
    sharers,
  };
}

function tombstones(usager: UsagerId, known: Known, now: string): readonly Write[] {
  const name = usagerLink(usager);
  const link = known.links.get(name) ?? null;
  const memberships = known.memberships.get(usager) ?? [];
  const version = link?.version ?? null;
  const isDone = link?.state === 'removed' && link.contactId === null && isEmpty(link.applied);
  const own = linkWrite(link, { name, version, applied: ERASED, state: 'removed', removedOn: link?.removedOn ?? now });
  const untied: Columns = link?.contactId == null ? own.columns : { ...own.columns, rdvs_contact: null };
  return [
    ...(isDone ? [] : [{ ...own, columns: untied }]),
    ...memberships.filter(({ applied }) => !isEmpty(applied)).map(forget),
  ];
}

const forget = (link: LinkRow) =>
  linkWrite(link, { name: link.name, version: link.version, applied: { ...link.applied, columns: {}, bodies: {} } });

const isEmpty = ({ columns, bodies }: Applied) => Object.keys(columns).length + Object.keys(bodies).length === 0;

export interface RdvErasure {
  readonly writes: readonly Write[];
  /** Whether it was about that person alone: it then becomes a tombstone, and its subject and place go. */
  readonly alone: boolean;
}

/** Whether an RDV's link still remembers the usager. */
export function remembers({ applied }: LinkRow, usager: UsagerId): boolean {
  return applied.attendees[usager] !== undefined || applied.pending[usager] !== undefined;
}

interface RdvOfPerson extends Pick<PersonErasure, 'contact' | 'sharers'> {
  readonly link: LinkRow;
  readonly row: AppointmentRow | null;
  readonly now: string;
}

/**
 * Takes a person out of an RDV: as attendee, as whom it is about, and out of the link's memory. Another participant who
 * stands for the same contact keeps it there.
 */
export function eraseFromRdv(usager: UsagerId, { link, row, contact, sharers, now }: RdvOfPerson): RdvErasure {
  const { [usager]: gone, ...attendees } = link.applied.attendees;
  const { [usager]: _, ...pending } = link.applied.pending;
  const alone = Object.keys(attendees).length + Object.keys(pending).length === 0;
  const isOfOthers = (id: Guid) =>
    Object.entries(attendees).some(
      ([other, { contact: hash }]) =>
        hash === contactHash(link.name, id) || (id === contact && sharers.has(usagerLink(Number(other) as UsagerId))),
    );
  const isPerson = (id: Guid) => (id === contact || contactHash(link.name, id) === gone?.contact) && !isOfOthers(id);
  const nameless = withoutNames(link, row);
  const memory: Applied = alone
    ? NOTHING_APPLIED
    : { ...link.applied, columns: nameless.remembered, attendees, pending, bodies: {} };
  const kept = linkWrite(link, {
    name: link.name,
    version: link.version,
    applied: memory,
    ...(alone ? { state: 'removed', removedOn: link.removedOn ?? now } : {}),
  });
  if (row === null) return { writes: [kept], alone };
  const parties = withoutDerived(row.parties);
  // Whom people added to the appointment themselves stays theirs to take off.
  const left = gone?.theirs
    ? parties
    : parties.filter(({ target }) => target?.table !== 'contact' || !isPerson(target.id));
  const participations = row.participations.filter(
    ({ columns: { rdvs_contact: of } }) => isReference(of) && isPerson(of.id),
  );
  const appointment = updateAppointment(row, {
    columns: { ...(alone ? emptied(link, row) : nameless.columns), ...notRegarding(row, isPerson) },
    parties: left.length === parties.length ? undefined : left,
    state: undefined,
  });
  const attendance = participations.map((one) => updateParticipation(one, { rdvs_contact: null }));
  return { writes: [kept, ...attendance, ...appointment], alone };
}

/** Texts that can tell who came or where, where they are still the sender's. */
function emptied({ name, applied }: LinkRow, { columns }: AppointmentRow): Columns {
  const ours = ['subject', 'location', 'rdvs_url', ...ownColumns('appointment', applied.columns)].filter((column) => {
    const value = columns[column] ?? null;
    return value !== null && applied.columns[column] === hashOf(name, column, value);
  });
  return Object.fromEntries(ours.map((column) => [column, column === 'subject' ? ANONYMISED_SUBJECT : null]));
}

/** Takes away a subject of ours that names people, with its hash: which people, nobody knows any more. */
function withoutNames({ name, applied }: LinkRow, row: AppointmentRow | null) {
  const { [NAMED]: named, ...remembered } = applied.columns;
  if (named === undefined) return { columns: {}, remembered };
  const subject = row?.columns['subject'] ?? null;
  const isOurs = subject !== null && applied.columns['subject'] === hashOf(name, 'subject', subject);
  return {
    columns: isOurs ? { subject: ANONYMISED_SUBJECT } : {},
    remembered: { ...remembered, subject: hashOf(name, 'subject', ANONYMISED_SUBJECT) },
  };
}

function notRegarding({ columns }: AppointmentRow, isPerson: (id: Guid) => boolean): Columns {
  const regarding = columns[REGARDING];
  const isTheirs = isReference(regarding) && isPerson(regarding.id);
  return isTheirs ? { [REGARDING]: null } : {};
}

const isReference = (value: Value | undefined): value is Reference => typeof value === 'object' && value !== null;

/** The appointment of an RDV's link. */
export const appointmentOf = ({ name }: LinkRow): Guid => appointmentId(Number(name.slice('rdv-'.length)) as RdvId);
