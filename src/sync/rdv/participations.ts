// Who came: one row of `rdvs_participation` per participation. Attendance belongs to a person, not to the RDV.
import { optionValues } from '../../schema/schema.ts';
import type { Applied } from '../model/applied.ts';
import { derivedId, type Guid, nameOf } from '../model/link-names.ts';
import type { Write } from '../model/plan.ts';
import type { Row } from '../model/rows.ts';
import type { Columns, Reference, Value } from '../model/values.ts';
import { sameValue } from '../rules/reconcile.ts';
import type { Attendee } from './attendees.ts';
import { type Listed, listedIn, participationColumns } from './participation-mapping.ts';
import { contactReference, type RdvCase } from './rdv-case.ts';

const NAMESPACE = 'b0f7c1d4-3a58-4e6b-8c92-7d1e5f0a2b64';
const participationName = (id: number) => nameOf('participation', id);

/** The key of a participation's row. */
export const participationId = (id: number): Guid => derivedId(participationName(id), NAMESPACE);

/** What was decided about the appointment, as far as its participations follow it. */
export interface Followed {
  /** Usager → its contact, of those who are attendees. */
  readonly contacts: ReadonlyMap<number, Guid>;
  /** The columns that are written to the appointment. */
  readonly appointment: Columns;
}

/**
 * The writes that bring the rows to what the newest snapshot says. People correct nothing here: a row is compared by its
 * own columns, one that somebody deleted comes back, and one that the sender no longer lists goes.
 *
 * Rows are looked at and not relied on: they change with the link alone, whose version is a condition. What people did to
 * them within the time of memory is put right by a later notification.
 */
export function writeParticipations(rdv: RdvCase, followed: Followed): readonly Write[] {
  if (!rdv.context.policy.participations) return [];
  const present = presentIn(rdv);
  const listed = rdv.notification.event === 'missing' ? undefined : listedIn(rdv.rdv);
  const wanted = (listed ?? []).map((one): [Guid, Columns] => [participationId(one.id), whole(rdv, one, followed)]);
  if (listed === undefined) wanted.push(...present.map(({ id }): [Guid, Columns] => [id, {}]));
  const left = new Set(wanted.map(([id]) => id));
  const owner = ownerOf(rdv, followed);
  const rows = new Map(present.map((row) => [row.id, row]));
  return [
    ...wanted.flatMap(([id, columns]) => writesTo(rdv, { id, row: rows.get(id), columns: ended(rdv, columns), owner })),
    ...present.filter(({ id }) => !left.has(id)).map(deletion),
  ];
}

/** Those that an appointment takes with it: also where Dataverse made it no parent of theirs. */
export const deleteParticipations = (rdv: RdvCase): readonly Write[] =>
  rdv.context.policy.participations ? presentIn(rdv).map(deletion) : [];

/**
 * The rows of people who were known by an anonymised copy only, and whom an older snapshot brings. It may know them by an
 * earlier participation: the newest one counts.
 */
export function joinParticipations(
  rdv: RdvCase,
  joining: readonly Attendee[],
  pending: Applied['pending'],
): readonly Write[] {
  if (!rdv.context.policy.participations) return [];
  const rows = new Map(presentIn(rdv).map((row) => [row.id, row]));
  return joining.flatMap(({ usager, contact }) => {
    const id = pending[usager]?.participation;
    const row = id === undefined ? undefined : rows.get(participationId(id));
    if (row === undefined || row.columns['rdvs_contact'] != null) return [];
    return [updateParticipation(row, { rdvs_contact: contactReference(contact) })];
  });
}

const presentIn = ({ id, context }: RdvCase) => context.glance.appointment.get(id)?.participations ?? [];

function whole(rdv: RdvCase, one: Listed, { contacts }: Followed): Columns {
  const contact = contacts.get(one.usager);
  return {
    ...participationColumns(rdv.rdv, one),
    rdvs_name: participationName(one.id),
    rdvs_contact: contact === undefined ? null : contactReference(contact),
  };
}

/** What an anonymised participation loses; its status and its start stay. */
const ANONYMISED = { rdvs_contact: null, rdvs_motif: null, rdvs_statustext: null, rdvs_createdby: null } as const;
const DESTROYED = { rdvs_status: optionValues.appointment.rdvs_status.destroyed, rdvs_statustext: null };

function ended({ ending }: RdvCase, columns: Columns): Columns {
  if (ending === 'anonymise') return { ...columns, ...ANONYMISED };
  return ending === 'cancel' ? { ...columns, ...DESTROYED } : columns;
}

interface Wanted {
  readonly id: Guid;
  readonly row: Row | undefined;
  readonly columns: Columns;
  /** Who is to own the row, whether the appointment goes to somebody else, and from whom. */
  readonly owner: { readonly of: Reference | null; readonly changes: boolean; readonly before: Value };
}

function writesTo(rdv: RdvCase, { id, row, columns, owner }: Wanted): readonly Write[] {
  if (row === undefined) return [creation(rdv, { id, columns, owner })];
  // It would follow the appointment to somebody who may not read it, and nobody else is known: only a new row is ours.
  if (owner.changes && owner.of === null && sameValue(row.columns['ownerid'] ?? null, owner.before)) {
    const { ownerid: _, ...others } = row.columns;
    return [deletion(row), creation(rdv, { id, columns: { ...others, ...columns }, owner })];
  }
  const all = owner.changes && owner.of !== null ? { ...columns, ownerid: owner.of } : columns;
  const differs = ([column, value]: readonly [string, Value]) => !sameValue(row.columns[column] ?? null, value);
  const changed = Object.entries(all).filter(differs);
  return changed.length === 0 ? [] : [updateParticipation(row, Object.fromEntries(changed))];
}

/** A new row; one that outlived an appointment which was no parent of it is taken again. */
function creation({ id: appointment }: RdvCase, { id, columns, owner }: Omit<Wanted, 'row'>): Write {
  const parent: Reference = { table: 'appointment', id: appointment };
  const owned = owner.of === null ? {} : { ownerid: owner.of };
  const given = Object.entries(columns).filter(([, value]) => value !== null);
  const all: Columns = { ...Object.fromEntries(given), rdvs_appointment: parent, ...owned };
  return { table: 'rdvs_participation', id, operation: 'create', condition: 'any', columns: all };
}

/** The owner of the appointment, as far as it may read participations; the connector itself is null. */
function ownerOf({ id, context }: RdvCase, { appointment }: Followed): Wanted['owner'] {
  const { glance, policy, refusedAttendance } = context;
  const changes = appointment['ownerid'] !== undefined;
  const before = glance.appointment.get(id)?.columns['ownerid'] ?? null;
  const present = appointment['ownerid'] ?? before;
  const team: Reference | null =
    policy.defaultOwnerTeam === undefined ? null : { table: 'team', id: policy.defaultOwnerTeam as Guid };
  const of = [present, team].find(
    (owner): owner is Reference => typeof owner === 'object' && owner !== null && !refusedAttendance.has(owner.id),
  );
  return { of: of ?? null, changes, before };
}

/** Writes columns of a participation, as it was read. */
export const updateParticipation = ({ id, etag }: Row, columns: Columns): Write => ({
  table: 'rdvs_participation',
  id,
  operation: 'update',
  condition: etag,
  columns,
});

const deletion = ({ id, etag }: Row): Write => ({
  table: 'rdvs_participation',
  id,
  operation: 'delete',
  condition: etag,
  columns: {},
});
