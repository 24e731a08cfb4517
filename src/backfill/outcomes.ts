// What became of the records of a run, counted where it stands: in the links of Dynamics, and in quarantine.
import * as z from 'zod';
import { type DataverseAccess, openCalls } from '../dataverse/calls.ts';
import { FRESH } from '../dataverse/connection.ts';
import { listHeld } from '../delivery/held.ts';
import { listQuarantine } from '../delivery/quarantine.ts';
import { tables } from '../schema/tables.ts';
import type { Storage } from '../storage/clients.ts';

export interface Outcomes {
  /** Records by which Dynamics changed, and whose change is still the last one there. */
  readonly applied: number;
  /** Records in quarantine. */
  readonly refused: number;
  /** Records that the application holds, because it may not write. */
  readonly held: number;
}

/** The most rows of a page that Dataverse gives. */
const PAGE = 5_000;
const page = z.object({
  value: z.array(z.object({ rdvs_lastnotification: z.string() })),
  oDataNextLink: z.string().optional(),
});

/** Counts them when the queue is empty. @throws DataverseError, and errors of the storage SDK */
export async function countOutcomes(dataverse: DataverseAccess, storage: Storage, run: string): Promise<Outcomes> {
  const prefix = `${run}.`;
  const quarantined = await listQuarantine(storage);
  const held = await listHeld(storage);
  return {
    applied: await countApplied(dataverse, prefix),
    refused: quarantined.filter(({ id }) => id.startsWith(prefix)).length,
    held: held.filter(({ notificationId }) => notificationId.startsWith(prefix)).length,
  };
}

/** One record may be the last notification of several links: in their order, equals stand together. */
async function countApplied(dataverse: DataverseAccess, prefix: string): Promise<number> {
  const calls = openCalls(dataverse);
  const request = {
    collection: tables.rdvs_link.entitySet,
    select: ['rdvs_lastnotification'],
    filter: `startswith(rdvs_lastnotification,'${prefix}')`,
    orderBy: ['rdvs_lastnotification'],
    maxPageSize: PAGE,
    headers: FRESH,
  };
  let applied = 0;
  let last: string | undefined;
  let next: string | undefined;
  do {
    const link = next;
    const answer = page.parse(await calls.run((api, signal) => api.retrieveMultiple({ ...request, signal }, link)));
    for (const { rdvs_lastnotification: name } of answer.value) {
      if (name !== last) applied += 1;
      last = name;
    }
    next = answer.oDataNextLink;
  } while (next !== undefined);
  return applied;
}
