// Dynamics as plain maps: what the pure core needs to be tested thousands of times.

import { makeNotification, type NotificationInput, senderJson } from '../../local/rdv-solidarites/make-notification.ts';
import type { RdvId, UsagerId } from '../../src/rdv-solidarites/models.ts';
import { parseNotification, type Way } from '../../src/rdv-solidarites/notification.ts';
import { type SnapshotRecord, writeSnapshot } from '../../src/rdv-solidarites/snapshot.ts';
import { toUtcInstant } from '../../src/rdv-solidarites/times.ts';
import { optionValues } from '../../src/schema/schema.ts';
import type { Environment } from '../../src/settings.ts';
import { readSettings } from '../../src/settings.ts';
import { inspect } from '../../src/sync/decide.ts';
import { bodyHash, decodeApplied } from '../../src/sync/model/applied.ts';
import { type Guid, type LinkName, linkId } from '../../src/sync/model/link-names.ts';
import type { Plan, Write } from '../../src/sync/model/plan.ts';
import {
  type AppointmentRow,
  addKnown,
  type ContactRow,
  type Etag,
  type Known,
  type LinkRow,
  NOTHING_KNOWN,
  PARTY_ROLES,
  type Party,
  type ReadRequest,
  type Row,
} from '../../src/sync/model/rows.ts';
import { decodeSeries } from '../../src/sync/model/series.ts';
import type { Columns, Value } from '../../src/sync/model/values.ts';
import type { Version } from '../../src/sync/model/version.ts';
import { contactMapping } from '../../src/sync/people/contact-mapping.ts';
import { membershipPrefix, usagerLink } from '../../src/sync/people/people-names.ts';
import { appointmentMapping } from '../../src/sync/rdv/appointment-mapping.ts';
import { appointmentId } from '../../src/sync/rdv/rdv-names.ts';
import { comparableState } from './state.ts';

interface StoredRow {
  readonly version: number;
  readonly columns: Columns;
  readonly parties: readonly Party[];
}

/** Policies by setting name, as an admin sets them. */
export function policyOf(policies: Environment = {}) {
  return readSettings({ DATAVERSE_URL: 'http://127.0.0.1:1', NOTIFICATIONS_STORAGE: 'unused', ...policies }).policy;
}

const parsed = new Map<string, ReturnType<typeof parseNotification>>();

/** Reads a body; those of the last histories, which come again in another order, are remembered. */
function parseOnce(body: string, way: Way) {
  const known = parsed.get(body) ?? parseNotification(Buffer.from(body), way);
  if (parsed.size > 200) parsed.clear();
  parsed.set(body, known);
  return known;
}

export interface Delivery {
  /** The exact text of the body. */
  readonly body: string;
  /** ms since 1970. */
  readonly receivedAt: number;
  /** The label in the webhook's URL. */
  readonly source?: string | undefined;
  /** Read at the sender's API. */
  readonly snapshot?: true;
}

/** The parts of a plan, as `update contact`. */
export function writesIn({ changeSets }: Plan): string[] {
  return changeSets.flat().map(({ operation, table }) => `${operation} ${table}`);
}

/** The states that a plan gives to contacts. */
export function statesIn({ changeSets }: Plan): unknown[] {
  return changeSets.flat().flatMap(({ table, columns }) => (table === 'contact' ? (columns['statecode'] ?? []) : []));
}

/** What became of each record, as `usager-12 applied` or `rdv-77 stale (destroyed)`. */
export function outcomesIn({ records }: Plan): string[] {
  return records.map(({ record, outcome, reason }) => `${record} ${outcome}${reason ? ` (${reason})` : ''}`);
}

/** How each record stands to the sender, as `rdv-77 corrected`. */
export function driftIn({ drift = [] }: Plan): string[] {
  return drift.map(({ record, drift }) => `${record} ${drift}`);
}

export class MemoryDynamics {
  readonly rows = new Map<string, StoredRow>();
  readonly agents = new Map<string, Guid>();
  readonly policy: ReturnType<typeof policyOf>;
  /** ms since 1970. */
  now = Date.parse('2026-11-24T12:00:00Z');
  /** Keys of rows by what they belong to; some may have been removed since. */
  readonly #belonging = new Map<string, Set<string>>();
  #version = 0;
  #arrivals = 0;
  #strangers = 0;

  constructor(policies: Environment = {}) {
    this.policy = policyOf(policies);
  }

  /** Applies one delivery as the worker does, and returns the plan. */
  deliver({ body, receivedAt, source, snapshot }: Delivery): Plan {
    const parsed = parseOnce(body, snapshot ? 'api' : 'webhook');
    if (parsed.kind !== 'notification') throw new Error(`not a notification: ${parsed.kind}`);
    const { notification } = parsed;
    const stamp = {
      snapshotAt: notification.snapshotAt,
      receivedAt,
      body: bodyHash(Buffer.from(body)),
      notificationId: `n-${receivedAt}`,
      ...(snapshot && { snapshot }),
    };
    const question = { notification, stamp, policy: this.policy, source, now: this.now };
    let known = NOTHING_KNOWN;
    const inspected = inspect(question);
    let request = inspected.reads;
    for (let reads = 0; reads < 5; reads += 1) {
      known = addKnown(known, this.read(request));
      const decision = inspected.decide(known);
      if (decision.kind === 'plan') {
        for (const changeSet of decision.changeSets) this.perform(changeSet);
        return decision;
      }
      request = decision.request;
    }
    throw new Error('the decision never settles');
  }

  /** Applies a notification that arrives one millisecond after the one before it. */
  receive(input: NotificationInput<object>, source?: string): Plan {
    this.#arrivals += 1;
    const receivedAt = Date.parse('2026-11-24T10:00:00Z') + this.#arrivals;
    return this.deliver({ body: senderJson(makeNotification(input)), receivedAt, source });
  }

  /** Applies what the sender's API says of a record. @param at its version, an instant in ISO 8601 */
  compare(record: SnapshotRecord, at: string): Plan {
    this.#arrivals += 1;
    const version = toUtcInstant(Date.parse(at));
    const receivedAt = Date.parse('2026-11-24T10:00:00Z') + this.#arrivals;
    return this.deliver({ body: writeSnapshot(record, version).toString(), receivedAt, snapshot: true });
  }

  /** A usager's contact with every mapped column; undefined when there is none. */
  contact(usager: number): Columns | undefined {
    const id = this.link(`usager-${usager}`)?.contactId;
    const columns = id == null ? undefined : this.columns('contact', id);
    return columns && { ...nothingIn(contactMapping), ...columns };
  }

  contactId(usager: number): Guid {
    const id = this.link(`usager-${usager}`)?.contactId;
    if (id == null) throw new Error(`usager-${usager} has no contact`);
    return id;
  }

  /** An RDV's appointment with every mapped column; undefined when there is none. */
  appointment(rdv: number): Columns | undefined {
    const columns = this.columns('appointment', appointmentId(rdv as RdvId));
    return columns && { ...nothingIn(appointmentMapping), regardingobjectid: null, ...columns };
  }

  appointmentId(rdv: number): Guid {
    return appointmentId(rdv as RdvId);
  }

  /** An RDV's parties by role, as `required usager-12`, or by the id of someone who is no usager. */
  attendees(rdv: number): string[] {
    const roles = new Map<number, string>(Object.entries(PARTY_ROLES).map(([name, role]) => [role, name]));
    return this.parties(appointmentId(rdv as RdvId))
      .map(({ role, target, address }) => `${roles.get(role)} ${address ?? this.#called(target?.id)}`)
      .sort();
  }

  link(name: string): LinkRow | null {
    return this.#link(name as LinkName);
  }

  /** The participations of an RDV: each contact, named after its usager, with that person's status. */
  attendance(rdv: number): string[] {
    const rows = this.#participations(appointmentId(rdv as RdvId));
    return rows
      .map(
        ({ columns }) =>
          `${this.#called(idOf(columns['rdvs_contact']) ?? undefined)} ${columns['rdvs_status'] ?? columns['rdvs_statustext']}`,
      )
      .sort();
  }

  /** Who follows whom, each contact named after its usager: `usager-12 Prénom Nom`. */
  referents(): string[] {
    const rows = [...this.rows].flatMap(([key, { columns }]) => (key.startsWith('rdvs_referent ') ? [columns] : []));
    return rows.map((row) => `${this.#called(idOf(row['rdvs_contact']) ?? undefined)} ${row['rdvs_agent']}`).sort();
  }

  /** Creates a contact as a CRM user does. */
  addContact(columns: Columns): Guid {
    const id = this.#stranger();
    this.#put('contact', id, { columns: { statecode: 0, statuscode: 1, ...columns }, parties: [] });
    return id;
  }

  /** Creates a user of Dynamics who has this e-mail. */
  addUser(email: string): Guid {
    const id = this.#stranger();
    this.agents.set(email, id);
    return id;
  }

  /** Ties a usager to a contact by hand, before or after the sender named the usager. */
  tie(usager: number, contact: Guid): void {
    const id = linkId(`usager-${usager}` as LinkName);
    const before = this.columns('rdvs_link', id) ?? { rdvs_name: `usager-${usager}`, rdvs_state: 1 };
    this.#put('rdvs_link', id, {
      columns: { ...before, rdvs_contact: { table: 'contact', id: contact } },
      parties: [],
    });
  }

  /** Replaces an RDV's parties as a CRM user does. */
  setParties(rdv: number, parties: readonly Party[]): void {
    const id = appointmentId(rdv as RdvId);
    const columns = this.columns('appointment', id);
    if (columns === undefined) throw new Error(`rdv-${rdv} has no appointment`);
    this.#put('appointment', id, { columns, parties });
  }

  columns(table: string, id: string): Columns | undefined {
    return this.rows.get(`${table} ${id}`)?.columns;
  }

  parties(id: string): readonly Party[] {
    return this.rows.get(`appointment ${id}`)?.parties ?? [];
  }

  /** Changes a row as a CRM user does. */
  edit(table: string, id: string, columns: Columns): void {
    const row = this.rows.get(`${table} ${id}`);
    if (row === undefined) throw new Error(`no ${table} ${id}`);
    this.#put(table, id, { ...row, columns: { ...row.columns, ...columns } });
  }

  /**
   * Deletes a contact or an appointment as a CRM user does: the appointments that regard a contact and its referents go
   * with it, and its e-mail stays in the parties of the others.
   */
  remove(table: 'contact' | 'appointment', id: string): void {
    const address = textOf(this.columns(table, id)?.['emailaddress1']);
    const left = { target: null, deleted: true, ...(address === null ? {} : { address }) } as const;
    this.rows.delete(`${table} ${id}`);
    for (const [key, row] of this.rows) {
      const parent = row.columns['rdvs_appointment'] ?? null;
      const followed = key.startsWith('rdvs_referent ') ? (row.columns['rdvs_contact'] ?? null) : null;
      if ([row.columns['regardingobjectid'] ?? null, parent, followed].some((of) => pointsTo(of, id))) {
        this.rows.delete(key);
        continue;
      }
      const columns = Object.entries(row.columns).map(([name, value]) => [name, pointsTo(value, id) ? null : value]);
      const parties = row.parties.map(({ role, ...party }) => ({ role, ...(party.target?.id === id ? left : party) }));
      this.rows.set(key, { ...row, columns: Object.fromEntries(columns), parties });
    }
  }

  read(request: ReadRequest): Known {
    const links = new Map(request.links.map((name) => [name, this.#link(name)]));
    const ids = [...request.contact, ...[...links.values()].flatMap((link) => link?.contactId ?? [])];
    return {
      links,
      contact: new Map(ids.map((id) => [id, this.#contact(id)])),
      rdvs_motif: new Map(request.rdvs_motif.map((id) => [id, this.#plain('rdvs_motif', id)])),
      appointment: new Map(request.appointment.map((id) => [id, this.#appointment(id)])),
      rdvs_participation: new Map(),
      rdvs_referent: new Map(request.rdvs_referent.map((id) => [id, this.#plain('rdvs_referent', id)])),
      occurrences: new Map(request.occurrences.map((name) => [name, this.occurrences(name)])),
      companions: new Map(request.companions.map((usager) => [usager, this.#companions(usager)])),
      candidates: new Map(),
      memberships: new Map(request.memberships.map((usager) => [usager, this.#memberships(usager)])),
      agents: new Map(request.agents.map((email) => [email, this.agents.get(email) ?? null])),
    };
  }

  perform(writes: readonly Write[]): void {
    for (const write of writes) {
      const { table, id, operation, condition, columns } = write;
      const row = this.rows.get(`${table} ${id}`);
      const isThere = row !== undefined;
      if (!isUpsert(write) && isThere === (condition === 'absent')) throw new Error(`precondition of ${table}`);
      if (row !== undefined && condition !== 'any' && condition !== etagOf(row)) throw new Error(`etag of ${table}`);
      for (const value of Object.values(columns)) this.#mustExist(value);
      for (const { target } of write.parties ?? []) this.#mustExist(target as Value);
      if (operation === 'delete') this.rows.delete(`${table} ${id}`);
      else {
        const initial: Columns = { statecode: 0, ...(!table.startsWith('rdvs_') && { statuscode: 1 }) };
        const kept = row?.columns ?? initial;
        if (table === 'appointment' && [1, 2].includes(Number(kept['statecode'])) && !('statecode' in columns)) {
          throw new Error('a closed appointment is read-only');
        }
        this.#put(table, id, { columns: { ...kept, ...columns }, parties: write.parties ?? row?.parties ?? [] });
      }
    }
  }

  /** All that a user can see, without what differs between two ways to the same state. */
  state(): Record<string, unknown> {
    const rows = [...this.rows].map(([key, { columns, parties }]) => {
      const [table = '', id = ''] = key.split(' ');
      const flat = Object.entries(columns).map(([name, value]) => [name, idOf(value) ?? value]);
      const shown = parties.map(({ role, target }) => ({ role, id: String(target?.id) }));
      return { table, id, columns: Object.fromEntries(flat), parties: shown };
    });
    return comparableState(rows, this.policy.defaultOwnerTeam === undefined ? 'without owners' : 'with owners');
  }

  #called(id: Guid | undefined): string {
    const links = [...this.rows].flatMap(([key, { columns }]) =>
      id !== undefined && key.startsWith('rdvs_link ') && pointsTo(columns['rdvs_contact'] ?? null, id)
        ? [String(columns['rdvs_name'])]
        : [],
    );
    return links.sort().join(' and ') || String(id);
  }

  #stranger(): Guid {
    this.#strangers += 1;
    return `00000000-0000-4000-9000-${String(this.#strangers).padStart(12, '0')}` as Guid;
  }

  #put(table: string, id: string, row: Omit<StoredRow, 'version'>): void {
    this.#version += 1;
    const key = `${table} ${id}`;
    this.rows.set(key, { ...row, version: this.#version });
    for (const whole of wholesOf(table, row.columns)) {
      const parts = this.#belonging.get(whole);
      if (parts === undefined) this.#belonging.set(whole, new Set([key]));
      else parts.add(key);
    }
  }

  #partsOf(whole: string): [key: string, row: StoredRow][] {
    return [...(this.#belonging.get(whole) ?? [])].flatMap((key) => {
      const row = this.rows.get(key);
      return row === undefined ? [] : [[key, row]];
    });
  }

  #mustExist(value: Value): void {
    if (typeof value !== 'object' || value === null || value.table !== 'contact') return;
    if (!this.rows.has(`contact ${value.id}`)) throw new Error('a lookup points to a missing contact');
  }

  #link(name: LinkName): LinkRow | null {
    const row = this.rows.get(`rdvs_link ${linkId(name)}`);
    if (row === undefined) return null;
    const { columns } = row;
    return {
      name,
      etag: etagOf(row),
      version: (columns['rdvs_version'] ?? null) as Version | null,
      state: stateIn(columns['rdvs_state']),
      contactId: idOf(columns['rdvs_contact']),
      removedOn: textOf(columns['rdvs_removedon']),
      applied: decodeApplied(textOf(columns['rdvs_applied'])),
      series: decodeSeries(textOf(columns['rdvs_series'])),
    };
  }

  #companions(usager: UsagerId): LinkRow[] {
    const contact = this.#link(usagerLink(usager))?.contactId;
    const names = [...this.rows.values()].flatMap(({ columns }) => textOf(columns['rdvs_name']) ?? []);
    const links = names.flatMap((name) => this.#link(name as LinkName) ?? []);
    return links.filter(({ contactId }) => contactId !== null && contactId === contact);
  }

  #memberships(usager: UsagerId): LinkRow[] {
    const rows = this.#partsOf(membershipPrefix(usager));
    return rows.flatMap(([, { columns }]) => this.#link(textOf(columns['rdvs_name']) as LinkName) ?? []);
  }

  #plain(table: string, id: Guid) {
    const row = this.rows.get(`${table} ${id}`);
    return row === undefined ? null : { id, etag: etagOf(row), columns: row.columns };
  }

  #contact(id: Guid): ContactRow | null {
    const row = this.rows.get(`contact ${id}`);
    if (row === undefined) return null;
    const { columns } = row;
    const active = columns['statecode'] !== 1;
    const { mapping } = this.policy;
    return {
      id,
      etag: etagOf(row),
      active,
      masterId: idOf(columns['masterid']),
      columns: { ...nothingIn(mapping.contact.own), ...columns },
    };
  }

  /** The appointments of an absence or a plage. */
  occurrences(name: string): AppointmentRow[] {
    return this.#partsOf(name).flatMap(([key, { columns }]) => {
      const [table, id = ''] = key.split(' ');
      const is = table === 'appointment' && columns['rdvs_calendarentry'] === name;
      return is ? (this.#appointment(id as Guid) ?? []) : [];
    });
  }

  #participations(appointment: Guid): Row[] {
    return this.#partsOf(appointment).flatMap(([key, row]) => {
      const [table, id = ''] = key.split(' ');
      const is = table === 'rdvs_participation' && pointsTo(row.columns['rdvs_appointment'] ?? null, appointment);
      return is ? [{ id: id as Guid, etag: etagOf(row), columns: row.columns }] : [];
    });
  }

  #appointment(id: Guid): AppointmentRow | null {
    const row = this.rows.get(`appointment ${id}`);
    if (row === undefined) return null;
    const { statecode, statuscode } = row.columns;
    return {
      id,
      etag: etagOf(row),
      statecode: Number(statecode),
      statuscode: Number(statuscode),
      columns: { ...nothingIn(this.policy.mapping.appointment.own), ...row.columns },
      parties: row.parties,
      participations: this.#participations(id),
    };
  }
}

/** What a row is found by: its appointment, its absence or plage, the usager of a membership. */
function wholesOf(table: string, columns: Columns): string[] {
  if (table === 'rdvs_participation') return [idOf(columns['rdvs_appointment'] ?? null)].flatMap((id) => id ?? []);
  if (table === 'appointment') return [textOf(columns['rdvs_calendarentry'])].flatMap((name) => name ?? []);
  const membership = /^profile-\d+-/.exec(textOf(columns['rdvs_name']) ?? '')?.[0];
  return membership === undefined ? [] : [membership];
}

/** A part for a row that the link's version stands for: see `Write`. */
const isUpsert = ({ operation, condition }: Write) => operation === 'create' && condition === 'any';

function stateIn(value: Value | undefined): LinkRow['state'] {
  const { removed, missing } = optionValues.rdvs_link.rdvs_state;
  if (value === missing) return 'missing';
  return value === removed ? 'removed' : 'live';
}

const etagOf = (row: StoredRow) => `W/"${row.version}"` as Etag;
const textOf = (value: Value | undefined) => (typeof value === 'string' ? value : null);
const idOf = (value: Value | undefined) => (typeof value === 'object' && value !== null ? value.id : null);
const pointsTo = (value: Value, id: string) => typeof value === 'object' && value !== null && value.id === id;

const nothingIn = (mapping: object) => Object.fromEntries(Object.keys(mapping).map((column) => [column, null]));
