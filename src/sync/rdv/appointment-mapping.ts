// RDV → appointment: one line a column.

import { type Rdv, STATUSES, type Usager } from '../../rdv-solidarites/models.ts';
import { fillTemplate } from '../../rdv-solidarites/subject-template.ts';
import { toSeconds } from '../../rdv-solidarites/times.ts';
import { ONE_FACT } from '../../schema/our-names.ts';
import { type AppointmentColumn, optionValues, schema } from '../../schema/schema.ts';
import { type AppointmentState, appointmentStates, type StandardColumnName } from '../../schema/standard-columns.ts';
import type { Value } from '../model/values.ts';
import { motifRowId } from '../motif/motif-names.ts';
import { namesOf } from '../rules/agents.ts';
import { tidy } from '../rules/fit.ts';
import type { Group } from '../rules/reconcile.ts';
import { bookedBy } from './booked-by.ts';
import { initialsOf, nameOf, namesOfAll } from './subject-names.ts';

export type MappedAppointmentColumn =
  | Exclude<StandardColumnName<'appointment'>, 'statecode' | 'statuscode'>
  | Exclude<AppointmentColumn, 'rdvs_calendarentry'>;

export interface AppointmentContext {
  /** Where RDV-Solidarités is served, without a final slash. */
  readonly rdvSolidaritesUrl: string;
  /** Template of the subject. */
  readonly rdvSubject: string;
  /** Who may be named in it; undefined when the body says nothing about participants. */
  readonly attending: readonly Usager[] | undefined;
}

type AppointmentMapping = Readonly<
  Record<MappedAppointmentColumn, (rdv: Rdv, context: AppointmentContext) => Value | undefined>
>;

export const appointmentMapping: AppointmentMapping = {
  subject: (rdv, { rdvSubject, attending }) =>
    fillTemplate(rdvSubject, {
      motif: tidy(rdv.collectif ? (tidy(rdv.name) ?? rdv.motif?.name) : rdv.motif?.name),
      usagers: namesOfAll(attending, nameOf),
      initiales: namesOfAll(attending, initialsOf),
      organisation: tidy(rdv.organisation?.name),
    }),
  scheduledstart: (rdv) => toSeconds(rdv.starts_at),
  scheduledend: (rdv) => toSeconds(rdv.ends_at),
  location: locationOf,
  rdvs_rdvid: (rdv) => String(rdv.id),
  rdvs_status: (rdv) => statusColumns(rdv.status).rdvs_status,
  rdvs_statustext: (rdv) => statusColumns(rdv.status).rdvs_statustext,
  rdvs_motif: (rdv) => tidy(rdv.motif?.name),
  rdvs_motifid: ({ motif }) => motif && { table: 'rdvs_motif', id: motifRowId(motif.id) },
  rdvs_organisation: (rdv) => tidy(rdv.organisation?.name),
  rdvs_agent: (rdv) => (rdv.agents == null ? rdv.agents : namesOf(rdv.agents)),
  rdvs_url: urlOf,
  rdvs_collective: (rdv) => rdv.collectif ?? undefined,
  rdvs_createdby: bookedBy,
  rdvs_places: ({ max_participants_count: places }) => (places != null && isPlaces(places) ? places : places && null),
  rdvs_cancelledon: (rdv) => (rdv.cancelled_at ? toSeconds(rdv.cancelled_at) : rdv.cancelled_at),
};

const { minimum, maximum } = schema.tables.appointment.columns.rdvs_places;
const isPlaces = (places: number) => places >= minimum && places <= maximum;

export const APPOINTMENT_GROUPS: readonly Group[] = ONE_FACT.appointment;

/** What an appointment is called when the sender names no motif: Dynamics lists rows by their subject. */
export const NAMELESS_SUBJECT = 'RDV';

type Status = (typeof STATUSES)[number];

const isKnown = (status: string): status is Status => STATUSES.some((known) => known === status);

// Renamed by the sender in August 2021 (db/migrate/20210804072701_create_rdv_status_enum.rb).
const FORMER_STATUSES: Readonly<Record<string, Status>> = { notexcused: 'noshow' };

/** The RDV's status in today's words, `undefined` when the body has none. */
const statusOf = (rdv: Rdv) => inTodaysWords(rdv.status);

function inTodaysWords(said: Rdv['status']): string | undefined {
  const status = tidy(said) ?? undefined;
  return status === undefined ? undefined : (FORMER_STATUSES[status] ?? status);
}

/** The status of an RDV or of one participation: its option, or the text of one that is not known yet. */
export function statusColumns(said: Rdv['status']) {
  const status = inTodaysWords(said);
  if (status === undefined) return { rdvs_status: undefined, rdvs_statustext: undefined };
  return isKnown(status)
    ? { rdvs_status: optionValues.appointment.rdvs_status[status], rdvs_statustext: null }
    : { rdvs_status: null, rdvs_statustext: status };
}

const STATES = {
  unknown: 'scheduled',
  seen: 'completed',
  excused: 'canceled',
  revoked: 'canceled',
  noshow: 'canceled',
} as const satisfies Record<Status, AppointmentState>;

/** The state of the appointment; a status that is not known yet leaves it scheduled. */
export function stateOf(rdv: Rdv): (typeof appointmentStates)[AppointmentState] | undefined {
  const status = statusOf(rdv);
  if (status === undefined) return undefined;
  return appointmentStates[isKnown(status) ? STATES[status] : 'scheduled'];
}

/** Whether the RDV itself takes place: a participant who is excused from it is then still of interest, as optional. */
export function goesOn(rdv: Rdv): boolean {
  const status = statusOf(rdv);
  return status !== 'excused' && status !== 'revoked';
}

function locationOf(rdv: Rdv): string | null | undefined {
  const type = rdv.motif?.location_type;
  if (type === 'phone') return 'Téléphone';
  if (type === 'visio') return ['Visioconférence', tidy(rdv.visio_url)].filter(Boolean).join(' : ');
  if (type !== 'home' && rdv.lieu) {
    return [tidy(rdv.lieu.name), tidy(rdv.lieu.address)].filter(Boolean).join(', ') || null;
  }
  return tidy(rdv.address);
}

function urlOf(rdv: Rdv, { rdvSolidaritesUrl }: AppointmentContext): string | null | undefined {
  const given = tidy(rdv.url_for_agents);
  const url = given ? addressAt(given, rdvSolidaritesUrl) : undefined;
  if (url !== undefined) return url;
  // The agents' page of an RDV (config/routes.rb of the sender).
  if (rdv.organisation) return `${rdvSolidaritesUrl}/admin/organisations/${rdv.organisation.id}/rdvs/${rdv.id}`;
  return given ? null : undefined;
}

/** Agents click it and sign in there: an https address at the sender's own host, or none. */
function addressAt(text: string, rdvSolidaritesUrl: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, host, username, password, href } = new URL(text);
  const isOurs = protocol === 'https:' && host === new URL(rdvSolidaritesUrl).host && username + password === '';
  return isOurs ? href : undefined;
}
