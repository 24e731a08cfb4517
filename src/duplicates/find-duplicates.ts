// Looks for contacts that may be one person, and keeps the list of them in Dynamics.
import { setImmediate } from 'node:timers/promises';
import { type Calls, type DataverseAccess, openCalls } from '../dataverse/calls.ts';
import { untilNoConflict } from '../dataverse/conflicts.ts';
import { type Progress, readContacts } from '../matching/candidates.ts';
import { type DuplicateWrite, decideDuplicates } from './decide-duplicates.ts';
import { readDuplicates, readMasters, writeDuplicates } from './duplicate-rows.ts';
import { findPairs, type Pair } from './pairs.ts';

export interface DuplicatesOptions {
  readonly dryRun?: boolean;
  readonly progress?: Progress | undefined;
  /** Whether the time for it is over. Asked between two batches of comparisons, before anything is written. */
  readonly isLate?: () => boolean;
}

/** There was no time to compare everybody. Nothing was written. */
export class TooLong extends Error {
  override readonly name = 'TooLong';
}

/** Counts alone: nothing of this tells who anybody is. */
export interface DuplicatesFound {
  readonly contacts: number;
  readonly pairs: number;
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  /** Requests to Dataverse. */
  readonly requests: number;
}

/**
 * Compares all active contacts, tied to usagers or not, and brings the rows of `rdvs_duplicate` up to date. For every night
 * and on demand; an interrupted search can be repeated.
 *
 * @throws DataverseError; the change sets before the failed one stay written
 */
export function findDuplicates(dataverse: DataverseAccess, options?: DuplicatesOptions): Promise<DuplicatesFound> {
  return searchDuplicates(openCalls(dataverse), options);
}

/**
 * The same with calls that are open.
 *
 * @throws DataverseError as above; TooLong
 */
export async function searchDuplicates(
  calls: Calls,
  { dryRun = false, progress, isLate = () => false }: DuplicatesOptions = {},
): Promise<DuplicatesFound> {
  const contacts = await readContacts(calls, progress);
  const pairs: Pair[] = [];
  for (const some of findPairs([...contacts.values()])) {
    pairs.push(...some);
    // Without a break no other work goes on, and connections that the server closes meanwhile are taken for open.
    await setImmediate();
    if (isLate()) throw new TooLong();
  }
  const active = new Set(contacts.keys());
  const writes = await untilNoConflict(async () => {
    const present = { active, masters: await readMasters(calls) };
    const decided = decideDuplicates(pairs, await readDuplicates(calls, progress), present);
    if (!dryRun) await writeDuplicates(calls, decided);
    return decided;
  });
  const count = (kind: DuplicateWrite['kind']) => writes.filter((write) => write.kind === kind).length;
  return {
    contacts: contacts.size,
    pairs: pairs.length,
    created: count('create'),
    updated: count('update'),
    deleted: count('delete'),
    requests: calls.count,
  };
}
