// What a user can see in Dynamics, without what differs between two ways to the same end.

import { motifTable } from '../../src/schema/motif-table.ts';
import { schema } from '../../src/schema/schema.ts';
import { decodeApplied } from '../../src/sync/model/applied.ts';
import { PARTY_ROLES } from '../../src/sync/model/rows.ts';
import { CONTACT_COLUMNS } from '../../src/sync/people/contact-mapping.ts';
import { appointmentMapping } from '../../src/sync/rdv/appointment-mapping.ts';

/** A row; a lookup is the id that it points to. */
export interface ShownRow {
  readonly table: string;
  readonly id: string;
  readonly columns: Readonly<Record<string, unknown>>;
  readonly parties: readonly { readonly role: number; readonly id: string }[];
}

const STATES = ['statecode', 'statuscode'];
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  contact: [...CONTACT_COLUMNS, ...STATES],
  appointment: [...Object.keys(appointmentMapping), 'rdvs_calendarentry', 'regardingobjectid', ...STATES],
  rdvs_motif: [...Object.keys(motifTable.columns), 'statecode'],
  rdvs_participation: Object.keys(schema.tables.rdvs_participation.columns),
  rdvs_referent: Object.keys(schema.tables.rdvs_referent.columns),
  rdvs_link: [
    'rdvs_name',
    'rdvs_version',
    'rdvs_state',
    'rdvs_contact',
    'rdvs_removedon',
    'rdvs_applied',
    'rdvs_series',
    'rdvs_nextturn',
  ],
};
/** Of a motif's link: a body that names the motif as its row has it leaves no version, so that depends on the way. */
const OF_THE_WAY: readonly string[] = ['rdvs_version', 'rdvs_applied'];
const ROLES: readonly number[] = [PARTY_ROLES.required, PARTY_ROLES.optional, PARTY_ROLES.organizer];

/**
 * Contacts are called by the usagers that point to them, because their ids depend on who came first. The last
 * notification and the owners of contacts are left out: the first depends on the way, the second on the first arrival.
 *
 * @param owners those of appointments: without a team, the connector cannot take an appointment back
 */
export function comparableState(
  rows: readonly ShownRow[],
  owners: 'with owners' | 'without owners' = 'without owners',
) {
  const names = new Map<unknown, string[]>();
  for (const { table, columns } of rows) {
    const contact = columns['rdvs_contact'];
    if (contact != null && table === 'rdvs_link')
      names.set(contact, [...(names.get(contact) ?? []), String(columns['rdvs_name'])]);
  }
  const called = (id: unknown) => `contact of ${names.get(id)?.sort().join(' and ') ?? 'nobody'}`;
  const isLookup = (column: string) => ['rdvs_contact', 'rdvs_responsible', 'regardingobjectid'].includes(column);
  const isOwn = (column: string) => column.startsWith('cd62_');
  const shown = ({ table, columns }: ShownRow) =>
    [...(SHOWN[table] ?? []), ...Object.keys(columns).filter(isOwn)].toSorted().flatMap((column) => {
      const value = columns[column];
      if (value == null) return [];
      if (OF_THE_WAY.includes(column) && String(columns['rdvs_name']).startsWith('motif-')) return [];
      if (column === 'rdvs_applied') return [[column, withoutContacts(String(value))]];
      return [[column, isLookup(column) ? called(value) : value]];
    });
  const entries = rows.map((row) => {
    const parties = row.parties
      .filter(({ role }) => ROLES.includes(role))
      .map(({ role, id }) => `${role} ${names.has(id) ? called(id) : id}`);
    const key = row.table === 'contact' ? called(row.id) : `${row.table} ${row.id}`;
    const owner = row.table === 'appointment' && owners === 'with owners' ? { owner: row.columns['ownerid'] } : {};
    return [key, { ...Object.fromEntries(shown(row)), ...owner, parties: parties.sort() }] as const;
  });
  return Object.fromEntries<unknown>(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The remembered hashes, without those of contact ids, which depend on who came first. */
function withoutContacts(text: string): unknown {
  const { columns, attendees, pending, agents, bodies } = decodeApplied(text);
  const { rdvs_responsible: _, regardingobjectid: __, ...others } = columns;
  const roles = Object.entries(attendees).map(([usager, { as }]) => `${usager} ${as}`);
  return { others, roles: roles.sort(), pending, agents, bodies };
}
