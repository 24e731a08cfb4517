// Which appointments a view shows, and in which order.

import type { Organization } from '../dataverse/src/organization.ts';
import type { Row } from '../dataverse/src/store/row.ts';
import { dayOf, startOf } from './dates.ts';
import { number, pointingTo, reference, text } from './rows.ts';

/** The appointments that a contact or a user attends or owns, or that are regarding the contact. */
export function appointmentsOf(organization: Organization, table: 'contact' | 'systemuser', id: string): Row[] {
  const parties = pointingTo(organization, { table: 'activityparty', column: 'partyid' }, id);
  const found = parties.flatMap((party) => {
    const activity = reference(party, 'activityid');
    const partyTable = reference(party, 'partyid')?.table;
    const row = activity && partyTable === table ? organization.store.get('appointment', activity.id) : undefined;
    return row === undefined ? [] : [row];
  });
  return [...new Map(found.map((row) => [row.id, row])).values()];
}

export const start = (row: Row): string => text(row, 'scheduledstart') ?? '';
export const end = (row: Row): string => text(row, 'scheduledend') ?? start(row);

/** Dates of Dataverse are UTC in one form: their texts sort by time. */
export const earliestFirst = (a: Row, b: Row): number => (start(a) < start(b) ? -1 : start(a) > start(b) ? 1 : 0);
export const latestFirst = (a: Row, b: Row): number => earliestFirst(b, a);

export interface AppointmentView {
  readonly name: string;
  readonly description: string;
  readonly holds: (row: Row, today: { from: string; to: string }, participations: readonly Row[]) => boolean;
  readonly order: (a: Row, b: Row) => number;
}

/** Who was expected at an appointment, with the status of each. */
const participationsIn = (organization: Organization, { id }: Row): readonly Row[] =>
  pointingTo(organization, { table: 'rdvs_participation', column: 'rdvs_appointment' }, id);

const isFromRdvSolidarites = (row: Row): boolean => text(row, 'rdvs_rdvid') !== undefined;

/** Excused, cancelled by the service, missed. */
const MISSED: readonly (number | undefined)[] = [3, 4, 5];

/** The views that the connector brings to Dynamics, under their names there, and everything else. */
export const appointmentViews = {
  'a-venir': {
    name: 'RDV à venir',
    description: 'Rendez-vous RDV-Solidarités à partir d’aujourd’hui, jour par jour.',
    holds: (row, { from }) => isFromRdvSolidarites(row) && start(row) >= from && number(row, 'statecode') === 3,
    order: earliestFirst,
  },
  aujourdhui: {
    name: "RDV d'aujourd'hui",
    description: 'Rendez-vous RDV-Solidarités du jour.',
    holds: (row, { from, to }) => isFromRdvSolidarites(row) && start(row) >= from && start(row) < to,
    order: earliestFirst,
  },
  annules: {
    name: 'RDV annulés ou manqués',
    description: 'Excusés, annulés par le service, ou auxquels une personne n’est pas venue.',
    holds: (row, _, participations) =>
      isFromRdvSolidarites(row) && [row, ...participations].some((one) => MISSED.includes(number(one, 'rdvs_status'))),
    order: latestFirst,
  },
  tous: {
    name: 'Tous les rendez-vous',
    description: 'Tous ceux de Dataverse, d’où qu’ils viennent.',
    holds: () => true,
    order: latestFirst,
  },
} as const satisfies Record<string, AppointmentView>;

export type AppointmentViewName = keyof typeof appointmentViews;

export function rowsOf(organization: Organization, name: AppointmentViewName): Row[] {
  const { holds, order }: AppointmentView = appointmentViews[name];
  const today = dayOf(organization.clock());
  const instant = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
  const bounds = { from: instant(startOf(today)), to: instant(startOf(today.add({ days: 1 }))) };
  return [...organization.store.rows('appointment')]
    .filter((row) => holds(row, bounds, participationsIn(organization, row)))
    .toSorted(order);
}
