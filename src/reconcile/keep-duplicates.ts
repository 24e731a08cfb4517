// The last thing that a night does: the list of possible duplicates, by the contacts as they are now.
import { type DuplicatesFound, searchDuplicates, TooLong } from '../duplicates/find-duplicates.ts';
import type { Run } from './run.ts';
import type { Taking } from './take.ts';

/**
 * Searches once, in an item of its own: the comparison is held in memory, and cannot go on in another item. One that an item has
 * no time for is left to the command `duplicates find`.
 *
 * @throws DataverseError: the next item searches again
 */
export async function keepDuplicates(run: Run, { calls, isLate, save }: Taking): Promise<boolean> {
  if (run.duplicates === 'begun') {
    // The item before died of it.
    run.duplicates = 'unfinished';
    return true;
  }
  run.duplicates = 'begun';
  await save(run);
  try {
    run.duplicates = countsOf(await searchDuplicates(calls, { isLate }));
  } catch (error) {
    run.duplicates = error instanceof TooLong ? 'unfinished' : null;
    if (error instanceof TooLong) return true;
    // Kept: of a step that failed, nothing else is remembered.
    await save(run);
    throw error;
  }
  return true;
}

const countsOf = ({ pairs, created, deleted }: DuplicatesFound) => ({ pairs, created, deleted });
