// One `$batch` request over dynamics-web-api.
import type { DynamicsWebApi } from 'dynamics-web-api';
import type { Calls } from './calls.ts';
import { DataverseError, UNREADABLE } from './failure.ts';

/**
 * Sends what `fill` calls on a client as one batch: queries one by one, writes as one change set.
 *
 * @returns one answer a call, in order
 * @throws DataverseError, also when an answer is missing; marked `own` when the answer came and cannot be read, which a
 * text in a row can bring about: dynamics-web-api cuts answers at `--changesetresponse_`, wherever that stands
 */
export async function inBatch(
  calls: Calls,
  fill: (api: DynamicsWebApi) => readonly Promise<unknown>[],
): Promise<readonly unknown[]> {
  let sent = false;
  const exchange = async (api: DynamicsWebApi, signal: AbortSignal): Promise<readonly unknown[]> => {
    api.startBatch();
    const parts = fill(api);
    // A part that the library refuses rejects alone, and the batch would leave without it.
    const refused = Promise.all(parts);
    refused.catch(() => undefined);
    await refused;
    sent = true;
    const answers: unknown = await api.executeBatch({ signal });
    // A whole answer without any part is no Dataverse's, but of something before it, such as a page in HTML.
    if (!Array.isArray(answers)) throw new DataverseError({ kind: 'transient', code: 'not-dataverse' });
    if (answers.length !== parts.length) throw new DataverseError(UNREADABLE);
    const failed = answers.find((answer) => answer instanceof Error);
    if (failed !== undefined) throw failed;
    return answers;
  };
  try {
    return await calls.run(exchange);
  } catch (error) {
    // What the library throws once the batch has left, it throws while it reads the answer.
    if (sent && error instanceof DataverseError && error.failure.own) throw new DataverseError(UNREADABLE);
    throw error;
  }
}
