// The sender's tables: rows with its own column names. Instants are ms since 1970. A row is replaced, never changed.
import type { Status } from '../make-rdv.ts';

export type { Status };

export interface OrganisationRow {
  readonly id: number;
  readonly name: string;
  readonly email: string | null;
  readonly phone_number: string | null;
  readonly time_zone: string;
}

export interface ServiceRow {
  readonly id: number;
  readonly name: string;
  /** Its agents see the whole of their organisations (app/policies/agent/rdv_policy.rb). */
  readonly secretariat: boolean;
}

export interface AgentRow {
  readonly id: number;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly email: string | null;
  readonly password: string;
  readonly services: readonly number[];
  readonly territory_admin: boolean;
  readonly created_at: number;
}

export type AccessLevel = 'admin' | 'basic' | 'intervenant';

export interface RoleRow {
  readonly id: number;
  readonly agent_id: number;
  readonly organisation_id: number;
  readonly access_level: AccessLevel;
}

export interface MotifRow {
  readonly id: number;
  readonly organisation_id: number;
  readonly service_id: number;
  readonly name: string;
  readonly location_type: 'public_office' | 'home' | 'phone' | 'visio';
  readonly collectif: boolean;
  readonly minutes: number;
  readonly deleted_at: number | null;
}

export interface LieuRow {
  readonly id: number;
  readonly organisation_id: number;
  readonly name: string;
  readonly address: string;
  readonly availability: 'enabled' | 'disabled' | 'single_use';
}

export interface UsagerRow {
  readonly id: number;
  readonly first_name: string;
  readonly last_name: string;
  readonly birth_name: string | null;
  readonly birth_date: string | null;
  readonly email: string | null;
  /** Digits as typed, of a French number. */
  readonly phone_number: string | null;
  readonly address: string | null;
  readonly affiliation_number: string | null;
  readonly responsible_id: number | null;
  readonly created_at: number;
  /** Anonymised: no list shows it, but its RDVs do. */
  readonly deleted_at: number | null;
}

export interface ProfileRow {
  /** `user-organisation`: the table has no id that anybody sees. */
  readonly id: string;
  readonly user_id: number;
  readonly organisation_id: number;
}

export interface ReferentRow {
  /** `user-agent`. */
  readonly id: string;
  readonly user_id: number;
  readonly agent_id: number;
}

export interface ParticipationRow {
  readonly id: number;
  readonly user_id: number;
  readonly status: Status;
  readonly created_by: 'agent' | 'user';
  readonly created_by_id: number;
}

export interface RdvRow {
  readonly id: number;
  readonly organisation_id: number;
  readonly motif_id: number;
  readonly lieu_id: number | null;
  readonly agents: readonly number[];
  readonly participations: readonly ParticipationRow[];
  readonly starts_at: number;
  readonly ends_at: number;
  readonly status: Status;
  readonly cancelled_at: number | null;
  readonly created_at: number;
  readonly created_by: 'agent' | 'user';
  readonly created_by_id: number;
  readonly name: string | null;
  readonly context: string | null;
}

interface AgendaRow {
  readonly id: number;
  readonly agent_id: number;
  readonly title: string;
  /** Dates and times as the clock on the wall shows them. */
  readonly first_day: string;
  readonly start_time: string;
  readonly end_time: string;
  readonly rrule: string | null;
}

export interface AbsenceRow extends AgendaRow {
  readonly end_day: string;
}

export interface PlageRow extends AgendaRow {
  readonly organisation_id: number;
  readonly lieu_id: number | null;
  readonly motifs: readonly number[];
}

export interface EndpointRow {
  readonly id: number;
  readonly organisation_id: number;
  readonly target_url: string;
  readonly secret: string;
  readonly subscriptions: readonly string[];
}
