// Somebody else was faster: read, decide and write again.
import { DataverseError } from './failure.ts';

const MAX_CONFLICTS = 5;

/**
 * Does a piece of work, and does it again from the beginning when what it wrote was refused because rows had changed.
 *
 * @param work gets the number of conflicts so far
 * @throws DataverseError; a conflict that does not end comes out as kind `conflict`
 */
export async function untilNoConflict<T>(work: (conflicts: number) => Promise<T>): Promise<T> {
  for (let conflicts = 0; ; conflicts += 1) {
    try {
      return await work(conflicts);
    } catch (error) {
      const isConflict = error instanceof DataverseError && error.failure.kind === 'conflict';
      if (!isConflict || conflicts >= MAX_CONFLICTS) throw error;
    }
  }
}
