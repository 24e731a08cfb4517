// Reads the series whose window is to be moved, and which users of Dynamics are disabled.
import * as z from 'zod';
import { tables } from '../schema/tables.ts';
import type { Guid } from '../sync/model/link-names.ts';
import type { LinkRow } from '../sync/model/rows.ts';
import type { Calls } from './calls.ts';
import { readLink } from './row-readers.ts';
import { selectOf } from './tables.ts';

const answer = z.object({ value: z.array(z.unknown()) });
const user = z.object({ systemuserid: z.string() });

/**
 * The links of series whose turn has come, the longest overdue first.
 *
 * @param now as `2026-01-05T00:00:00Z`
 * @param most how many at most
 * @throws DataverseError
 */
export async function readDueSeries(calls: Calls, now: string, most: number): Promise<readonly LinkRow[]> {
  const request = {
    collection: tables.rdvs_link.entitySet,
    select: selectOf('rdvs_link', calls.mapped),
    filter: `rdvs_nextturn le ${now}`,
    orderBy: ['rdvs_nextturn asc', 'rdvs_linkid asc'],
    top: most,
  };
  const { value } = answer.parse(await calls.run((api) => api.retrieveMultiple(request)));
  return value.map((row) => readLink(row).link);
}

/**
 * Which of these users are disabled.
 *
 * @throws DataverseError
 */
export async function readDisabledUsers(calls: Calls, users: readonly Guid[]): Promise<ReadonlySet<Guid>> {
  if (users.length === 0) return new Set();
  const request = {
    collection: tables.systemuser.entitySet,
    select: ['systemuserid'],
    filter: `isdisabled eq true and (${users.map((id) => `systemuserid eq ${id}`).join(' or ')})`,
  };
  const { value } = answer.parse(await calls.run((api) => api.retrieveMultiple(request)));
  return new Set(value.map((row) => user.parse(row).systemuserid.toLowerCase() as Guid));
}
