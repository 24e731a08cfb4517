// One `$batch` request over dynamics-web-api.
import type { DynamicsWebApi } from 'dynamics-web-api';
import type { Calls } from './calls.ts';
import { DataverseError } from './failure.ts';

/**
 * Sends what `fill` calls on a client as one batch: queries one by one, writes as one change set.
 *
 * @returns one answer a call, in order
 * @throws DataverseError, also when an answer is missing
 */
export async function inBatch(
  calls: Calls,
  fill: (api: DynamicsWebApi) => readonly Promise<unknown>[],
): Promise<readonly unknown[]> {
  return calls.run(async (api, signal) => {
    api.startBatch();
    const parts = fill(api);
    // A part that the library refuses rejects alone, and the batch would leave without it.
    const refused = Promise.all(parts);
    refused.catch(() => undefined);
    await refused;
    const answers: unknown = await api.executeBatch({ signal });
    if (!Array.isArray(answers) || answers.length !== parts.length) {
      throw new DataverseError({ kind: 'transient', code: 'unreadable-answer' });
    }
    const failed = answers.find((answer) => answer instanceof Error);
    if (failed !== undefined) throw failed;
    return answers;
  });
}
