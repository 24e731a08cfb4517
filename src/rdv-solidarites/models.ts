// The records that RDV-Solidarités sends: one schema a model, after the sender's app/blueprints.
// What the connector cannot do without is required; everything else may be absent, null, or new.
import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';
import {
  bool,
  date,
  id,
  instant,
  integer,
  openEnum,
  recurrenceRule,
  string,
  text,
  timeOfDay,
  tolerant,
} from './fields.ts';
import { type RecurrenceRule, startsOf } from './recurrence.ts';
import { attempt, type CalendarDate, PARIS } from './times.ts';

/** Shared by RDV and participation (app/models/rdv.rb); a collective RDV only knows unknown, seen and revoked. */
export const STATUSES = ['unknown', 'seen', 'excused', 'revoked', 'noshow'] as const;

const LOCATION_TYPES = ['public_office', 'home', 'phone', 'visio'] as const;
const CREATORS = ['Agent', 'User', 'Prescripteur', 'FileAttente'] as const;

export const organisation = z.looseObject({
  id: id<'OrganisationId'>(),
  name: text,
  email: text,
  phone_number: text,
  verticale: tolerant(openEnum(['rdv_insertion', 'rdv_solidarites', 'rdv_aide_numerique', 'rdv_mairie'])),
  time_zone: text,
  website: text,
  public_link_id: tolerant(z.union([z.int(), string()])),
});

export const agent = z.looseObject({
  id: id<'AgentId'>(),
  email: text,
  first_name: text,
  last_name: text,
  inclusion_connect_open_id_sub: text,
});

const motifCategory = z.looseObject({ id: id<'MotifCategoryId'>(), name: text, short_name: text });

export const motif = z.looseObject({
  id: id<'MotifId'>(),
  name: text,
  organisation_id: tolerant(id<'OrganisationId'>()),
  service_id: integer,
  location_type: tolerant(openEnum(LOCATION_TYPES)),
  bookable_by: tolerant(
    openEnum(['agents', 'agents_and_prescripteurs', 'agents_and_prescripteurs_and_invited_users', 'everyone']),
  ),
  bookable_publicly: bool,
  collectif: bool,
  follow_up: bool,
  deleted_at: tolerant(instant),
  instruction_for_rdv: text,
  motif_category: tolerant(motifCategory),
  default_duration_in_min: integer,
  min_public_booking_delay: integer,
  max_public_booking_delay: integer,
});

export const lieu = z.looseObject({
  id: id<'LieuId'>(),
  name: text,
  address: text,
  organisation_id: integer,
  phone_number: text,
  single_use: bool,
  enabled: bool,
  latitude: tolerant(z.number()),
  longitude: tolerant(z.number()),
});

/** A usager. `responsible` nests a whole usager: then this one is a proche. */
export const user = z.looseObject({
  id: id<'UsagerId'>(),
  first_name: text,
  last_name: text,
  birth_name: text,
  birth_date: tolerant(date),
  email: text,
  phone_number: text,
  phone_number_formatted: text,
  address: text,
  address_details: text,
  affiliation_number: text,
  responsible_id: tolerant(id<'UsagerId'>()),
  get responsible() {
    return user.nullish();
  },
  notify_by_sms: bool,
  notify_by_email: bool,
  created_at: tolerant(instant),
  user_profiles: tolerant(z.array(z.unknown())),
  caisse_affiliation: tolerant(openEnum(['aucune', 'caf', 'msa'])),
  family_situation: tolerant(openEnum(['single', 'in_a_relationship', 'divorced'])),
  number_of_children: integer,
  case_number: text,
  logement: tolerant(openEnum(['sdf', 'heberge', 'en_accession_propriete', 'proprietaire', 'autre', 'locataire'])),
  notes: text,
  invitation_created_at: tolerant(instant),
  invitation_accepted_at: tolerant(instant),
});

export const participation = z.looseObject({
  id: tolerant(id<'ParticipationId'>()),
  status: tolerant(openEnum(STATUSES)),
  user: user.nullish(),
  send_lifecycle_notifications: bool,
  send_reminder_notification: bool,
  created_by: text,
  created_by_type: tolerant(openEnum(CREATORS)),
  created_by_id: integer,
  created_by_agent_prescripteur: bool,
});

export const rdv = z.looseObject({
  id: id<'RdvId'>(),
  address: text,
  agents: tolerant(z.array(agent)),
  cancelled_at: tolerant(instant),
  collectif: bool,
  context: text,
  created_at: tolerant(instant),
  created_by: text,
  created_by_id: integer,
  created_by_type: tolerant(openEnum(CREATORS)),
  duration_in_min: integer,
  ends_at: instant,
  lieu: tolerant(lieu),
  max_participants_count: integer,
  motif: tolerant(motif),
  name: text,
  organisation: tolerant(organisation),
  participations: z.array(participation).nullish(),
  starts_at: instant,
  status: tolerant(openEnum(STATUSES)),
  time_zone: text,
  url_for_agents: text,
  users: z.array(user).nullish(),
  users_count: integer,
  uuid: text,
  visio_url: text,
});

export const userProfile = z.looseObject({ user, organisation });
export const referentAssignation = z.looseObject({ user, agent });

export const agentRole = z.looseObject({
  id: tolerant(id<'AgentRoleId'>()),
  access_level: tolerant(openEnum(['basic', 'admin', 'intervenant'])),
  agent,
  organisation,
});

const calendarEntry = {
  agent,
  end_time: timeOfDay,
  first_day: date,
  ical: text,
  ical_uid: text,
  organisation: organisation.nullish(),
  rrule: recurrenceRule.nullish(),
  start_time: timeOfDay,
  title: text,
};

interface Span {
  readonly first_day: CalendarDate;
  readonly start_time: string;
  readonly end_day?: CalendarDate | null | undefined;
  readonly end_time: string;
  readonly rrule?: RecurrenceRule | null | undefined;
}

// Both are fixed-width: text order is time order.
const endsAfterStart = ({ first_day, start_time, end_day, end_time }: Span) =>
  `${end_day ?? first_day}T${end_time}` >= `${first_day}T${start_time}`;
const END_BEFORE_START = { error: 'ends before it starts', path: ['end_time'] };

/**
 * A first day outside these limits is a mistake. A rule is followed from its first day on, so a very early one would be
 * slow.
 */
const RECURS = { from: '1990-01-01', to: '2100-01-01' };

/**
 * A recurring event lasts a day at most (the sender requires it: app/models/absence.rb), and the library can follow its
 * rule.
 */
function canRecur({ first_day, start_time, end_day, rrule }: Span): boolean {
  if (rrule == null) return true;
  if ((end_day ?? first_day) !== first_day || first_day < RECURS.from || first_day > RECURS.to) return false;
  const first = Temporal.PlainDateTime.from(`${first_day}T${start_time}`);
  return attempt(() => startsOf(rrule, { first, zone: PARIS }).next()) !== undefined;
}
const CANNOT_RECUR = { error: 'cannot recur like this', path: ['rrule'] };

export const absence = z
  .looseObject({ id: id<'AbsenceId'>(), ...calendarEntry, end_day: date.nullish() })
  .refine(endsAfterStart, END_BEFORE_START)
  .refine(canRecur, CANNOT_RECUR);

export const plageOuverture = z
  .looseObject({
    id: id<'PlageOuvertureId'>(),
    ...calendarEntry,
    lieu: tolerant(lieu),
    motifs: tolerant(z.array(motif)),
  })
  .refine(endsAfterStart, END_BEFORE_START)
  .refine(canRecur, CANNOT_RECUR);

/** What must be left of a record that is gone. */
const remnant = z.object({ id: z.int().positive() });

/** The schemas of destroyed records that need fewer fields, because nothing of them is shown any more. */
export const REMNANTS: Partial<Record<ModelName, z.ZodType>> = { Absence: remnant, PlageOuverture: remnant };

/** The schemas of records that the sender's API was asked for and has no more. A usager needs no more than its id anyway. */
export const LOST: Partial<Record<ModelName, z.ZodType>> = { Rdv: remnant };

/** Every model that the sender announces (app/models/webhook_endpoint.rb), by the name in `meta.model`. */
export const MODELS = {
  Rdv: rdv,
  User: user,
  UserProfile: userProfile,
  Absence: absence,
  PlageOuverture: plageOuverture,
  Organisation: organisation,
  Motif: motif,
  Lieu: lieu,
  Agent: agent,
  AgentRole: agentRole,
  ReferentAssignation: referentAssignation,
} as const;

export type ModelName = keyof typeof MODELS;

export type Organisation = z.infer<typeof organisation>;
export type Usager = z.infer<typeof user>;
export type Participation = z.infer<typeof participation>;
export type Rdv = z.infer<typeof rdv>;
export type Agent = z.infer<typeof agent>;
export type Lieu = z.infer<typeof lieu>;
export type Absence = z.infer<typeof absence>;
export type PlageOuverture = z.infer<typeof plageOuverture>;

export type UsagerId = Usager['id'];
export type RdvId = Rdv['id'];
export type OrganisationId = Organisation['id'];
