// One `$batch` request over dynamics-web-api, of one load or of several.
import type { DynamicsWebApi } from 'dynamics-web-api';
import { DataverseError, UNREADABLE } from './failure.ts';
import { answersOf, layOut, type Operation } from './shared-batch.ts';

/** What one piece of work sends at once: queries, or the writes of one change set. */
export interface Load {
  readonly operations: readonly Operation[];
  /** The rows that the change set writes; none for queries. Two loads about one row never travel together. */
  readonly rows: readonly string[];
  /** The time limit of an exchange, in ms. */
  readonly timeoutMs: number;
  /** Aborted when nobody waits for the answers any more. */
  readonly signal: AbortSignal | undefined;
  /** Runs an exchange that already has a place. */
  readonly exchange: <T>(work: (api: DynamicsWebApi, signal: AbortSignal) => Promise<T>) => Promise<T>;
  /** Called for each exchange in which the load takes part and that it does not run itself. */
  readonly counted: () => void;
}

/**
 * Sends loads as one batch: queries one by one, the writes of each load as one change set.
 *
 * @returns for each load one answer an operation, in order, or its own failure
 * @throws DataverseError when the exchange fails as a whole; marked `own` when the answer came and cannot be read, which a
 * text in a row can bring about: dynamics-web-api cuts answers at `--changesetresponse_`, wherever that stands
 */
export async function sendTogether(
  loads: readonly [Load, ...Load[]],
): Promise<readonly (readonly unknown[] | DataverseError)[]> {
  const [first, ...others] = loads;
  for (const { counted } of others) counted();
  let sent = false;
  const exchange = async (api: DynamicsWebApi, signal: AbortSignal) => {
    const places = layOut(loads.map(({ operations, rows }) => ({ operations, isChangeSet: rows.length > 0 })));
    api.startBatch();
    // A part that the library refuses rejects alone, and the batch would leave without it.
    const parts = places.flatMap(({ operations }) => operations).map((add, at) => add(api, String(at + 1)));
    const refused = Promise.all(parts);
    refused.catch(() => undefined);
    await refused;
    sent = true;
    // Alone, a batch ends at its first failure: its queries after that one would be for nothing.
    const answers: unknown = await api.executeBatch({ signal, ...(others.length > 0 && { continueOnError: true }) });
    // A whole answer without any part is no Dataverse's, but of something before it, such as a page in HTML.
    if (!Array.isArray(answers)) throw new DataverseError({ kind: 'transient', code: 'not-dataverse' });
    return answersOf(places, answers, loads.length);
  };
  try {
    return await first.exchange(exchange);
  } catch (error) {
    // What the library throws once the batch has left, it throws while it reads the answer.
    if (sent && error instanceof DataverseError && error.failure.own) throw new DataverseError(UNREADABLE);
    throw error;
  }
}
