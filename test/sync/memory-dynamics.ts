// Dynamics as plain maps: what the pure core needs to be tested thousands of times.
import { optionValues } from '../../src/dataverse/schema.ts';
import type { UsagerId } from '../../src/rdv-solidarites/models.ts';
import { parseNotification } from '../../src/rdv-solidarites/notification.ts';
import type { Environment } from '../../src/settings.ts';
import { readSettings } from '../../src/settings.ts';
import { decide, readsFor } from '../../src/sync/decide.ts';
import { decodeApplied, type Guid, type LinkName, linkId, membershipPrefix, shortHash } from '../../src/sync/links.ts';
import type { Plan, Write } from '../../src/sync/plan.ts';
import {
  type AppointmentRow,
  addKnown,
  type Columns,
  type ContactRow,
  type Etag,
  type Known,
  type LinkRow,
  NOTHING_KNOWN,
  type Party,
  type ReadRequest,
  type Value,
} from '../../src/sync/rows.ts';
import type { Version } from '../../src/sync/version.ts';

interface Row {
  readonly version: number;
  readonly columns: Columns;
  readonly parties: readonly Party[];
}

/** Policies by setting name, as an admin sets them. */
export function policyOf(policies: Environment = {}) {
  return readSettings({ DATAVERSE_URL: 'http://127.0.0.1:1', NOTIFICATIONS_STORAGE: 'unused', ...policies }).policy;
}

export interface Delivery {
  /** The exact text of the body. */
  readonly body: string;
  /** ms since 1970. */
  readonly receivedAt: number;
}

export class MemoryDynamics {
  readonly rows = new Map<string, Row>();
  readonly agents = new Map<string, Guid>();
  readonly policy: ReturnType<typeof policyOf>;
  #version = 0;

  constructor(policies: Environment = {}) {
    this.policy = policyOf(policies);
  }

  /** Applies one delivery as the worker does, and returns the plan. */
  deliver({ body, receivedAt }: Delivery): Plan {
    const parsed = parseNotification(Buffer.from(body));
    if (parsed.kind !== 'notification') throw new Error(`not a notification: ${parsed.kind}`);
    const { notification } = parsed;
    const stamp = {
      snapshotAt: notification.snapshotAt,
      receivedAt,
      body: shortHash(body),
      notificationId: `n-${receivedAt}`,
    };
    const question = { notification, stamp, policy: this.policy };
    let known = NOTHING_KNOWN;
    let request = readsFor(question);
    for (let reads = 0; reads < 5; reads += 1) {
      if (request !== undefined) known = addKnown(known, this.read(request));
      const decision = decide(question, known);
      if (decision.kind === 'plan') {
        for (const changeSet of decision.changeSets) this.perform(changeSet);
        return decision;
      }
      request = decision.request;
    }
    throw new Error('the decision never settles');
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

  /** Deletes a contact or an appointment as a CRM user does. */
  remove(table: 'contact' | 'appointment', id: string): void {
    this.rows.delete(`${table} ${id}`);
    for (const [key, row] of this.rows) {
      const columns = Object.entries(row.columns).map(([name, value]) => [name, pointsTo(value, id) ? null : value]);
      const parties = row.parties.filter(({ target }) => target?.id !== id);
      this.rows.set(key, { ...row, columns: Object.fromEntries(columns), parties });
    }
  }

  read(request: ReadRequest): Known {
    const links = new Map(request.links.map((name) => [name, this.#link(name)]));
    const ids = [...request.contacts, ...[...links.values()].flatMap((link) => link?.contactId ?? [])];
    return {
      links,
      contacts: new Map(ids.map((id) => [id, this.#contact(id)])),
      appointments: new Map(request.appointments.map((id) => [id, this.#appointment(id)])),
      memberships: new Map(request.memberships.map((usager) => [usager, this.#memberships(usager)])),
      agents: new Map(request.agents.map((email) => [email, this.agents.get(email) ?? null])),
    };
  }

  perform(writes: readonly Write[]): void {
    for (const write of writes) {
      const { table, id, operation, condition, columns } = write;
      const row = this.rows.get(`${table} ${id}`);
      if (condition === 'absent' ? row !== undefined : row === undefined) throw new Error(`precondition of ${table}`);
      if (row !== undefined && condition !== 'any' && condition !== etagOf(row)) throw new Error(`etag of ${table}`);
      for (const value of Object.values(columns)) this.#mustExist(value);
      for (const { target } of write.parties ?? []) this.#mustExist(target as Value);
      if (operation === 'delete') this.rows.delete(`${table} ${id}`);
      else {
        const initial: Columns = table === 'rdvs_link' ? {} : { statecode: 0, statuscode: 1 };
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
    const entries = [...this.rows].map(([key, { columns, parties }]) => {
      const shown = Object.entries(columns).filter(
        ([name, value]) => value !== null && !['rdvs_lastnotification', 'ownerid'].includes(name),
      );
      return [this.#alias(key), { ...this.#aliased(Object.fromEntries(shown.sort())), parties: this.#named(parties) }];
    });
    return Object.fromEntries(entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
  }

  #named(parties: readonly Party[]): string[] {
    return parties.map(({ role, target }) => `${role} ${this.#alias(`contact ${target?.id}`)}`).sort();
  }

  /** Contacts are called by the usagers that point to them: their ids depend on who came first. */
  #alias(key: string): string {
    if (!key.startsWith('contact ')) return key;
    const id = key.slice('contact '.length);
    const links = [...this.rows].flatMap(([link, { columns }]) =>
      link.startsWith('rdvs_link') && pointsTo(columns['rdvs_contact'] ?? null, id) ? [columns['rdvs_name']] : [],
    );
    return `contact of ${links.sort().join(' and ') || 'nobody'}`;
  }

  #aliased(columns: Columns): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(columns).map(([name, value]) => {
        if (name === 'rdvs_applied') return [name, withoutContacts(String(value))];
        return [name, typeof value === 'object' && value !== null ? this.#alias(`contact ${value.id}`) : value];
      }),
    );
  }

  #put(table: string, id: string, row: Omit<Row, 'version'>): void {
    this.#version += 1;
    this.rows.set(`${table} ${id}`, { ...row, version: this.#version });
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
      state: columns['rdvs_state'] === optionValues.rdvs_link.rdvs_state.removed ? 'removed' : 'live',
      contactId: idOf(columns['rdvs_contact']),
      removedOn: textOf(columns['rdvs_removedon']),
      applied: decodeApplied(textOf(columns['rdvs_applied'])),
    };
  }

  #memberships(usager: UsagerId): LinkRow[] {
    const names = [...this.rows.values()].flatMap(({ columns }) => textOf(columns['rdvs_name']) ?? []);
    const own = names.filter((name) => name.startsWith(membershipPrefix(usager)));
    return own.flatMap((name) => this.#link(name as LinkName) ?? []);
  }

  #contact(id: Guid): ContactRow | null {
    const row = this.rows.get(`contact ${id}`);
    if (row === undefined) return null;
    const { columns } = row;
    const active = columns['statecode'] !== 1;
    return { id, etag: etagOf(row), active, masterId: idOf(columns['masterid']), columns };
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
      columns: row.columns,
      parties: row.parties,
    };
  }
}

const etagOf = (row: Row) => `W/"${row.version}"` as Etag;
const textOf = (value: Value | undefined) => (typeof value === 'string' ? value : null);
const idOf = (value: Value | undefined) => (typeof value === 'object' && value !== null ? value.id : null);
const pointsTo = (value: Value, id: string) => typeof value === 'object' && value !== null && value.id === id;

/** The remembered hashes, without those of contact ids, which depend on who came first. */
function withoutContacts(text: string): unknown {
  const { columns, attendees, pending, bodies } = decodeApplied(text);
  const { rdvs_responsible: _, regardingobjectid: __, ...others } = columns;
  const roles = Object.entries(attendees).map(([usager, { as }]) => `${usager} ${as}`);
  return { others, roles: roles.sort(), pending, bodies };
}
