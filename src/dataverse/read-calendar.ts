// What an agent's calendar holds in Dynamics: appointments that the user owns, organizes or attends.
import * as z from 'zod';
import { tables } from '../schema/tables.ts';
import type { Guid } from '../sync/model/link-names.ts';
import type { Calls } from './calls.ts';
import { enabledUsersWith } from './filters.ts';

/** An appointment as a calendar shows it. */
export interface CalendarItem {
  readonly id: string;
  readonly subject: string;
  readonly location: string;
  readonly start: Date;
  readonly end: Date;
  readonly statecode: number;
  readonly statuscode: number;
}

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const row = z.object({
  activityid: z.string(),
  subject: text,
  location: text,
  scheduledstart: z.date(),
  scheduledend: z.date(),
  statecode: z.number(),
  statuscode: z.number(),
});
const appointments = z.object({ value: z.array(row) });
const users = z.object({ value: z.array(z.object({ systemuserid: z.string() })) });

/**
 * The enabled users with this e-mail. An agent can be named only when there is exactly one.
 *
 * @throws DataverseError
 */
export async function findUsers(calls: Calls, email: string): Promise<readonly Guid[]> {
  const request = {
    collection: tables.systemuser.entitySet,
    select: ['systemuserid'],
    filter: enabledUsersWith([email]),
  };
  const { value } = users.parse(await calls.run((api) => api.retrieveMultiple(request)));
  return value.map(({ systemuserid }) => systemuserid as Guid);
}

/**
 * The user's appointments that end after `from` and begin before `to`, by their start.
 *
 * @param span instants as `2026-01-05T00:00:00Z`
 * @throws DataverseError
 */
export async function readCalendar(
  calls: Calls,
  user: Guid,
  { from, to }: { from: string; to: string },
): Promise<readonly CalendarItem[]> {
  const request = {
    collection: tables.appointment.entitySet,
    select: Object.keys(row.shape),
    filter: [
      `(_ownerid_value eq ${user} or appointment_activity_parties/any(party:party/_partyid_value eq ${user}))`,
      `scheduledend gt ${from} and scheduledstart lt ${to}`,
    ].join(' and '),
    orderBy: ['scheduledstart asc', 'activityid asc'],
  };
  const { value } = appointments.parse(await calls.run((api) => api.retrieveAll(request)));
  return value.map(({ activityid, scheduledstart, scheduledend, ...others }) => ({
    ...others,
    id: activityid,
    start: scheduledstart,
    end: scheduledend,
  }));
}
