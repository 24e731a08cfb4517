// Every exchange with Dataverse goes through here: bounded in time and in number, counted, its failures made uniform.
import type { DynamicsWebApi } from 'dynamics-web-api';
import type { Connection } from './connection.ts';
import { withDeadline } from './deadline.ts';
import { DataverseError, toFailure } from './failure.ts';

export interface Calls {
  /**
   * Runs one exchange on a client of its own.
   *
   * @throws DataverseError, whatever went wrong
   */
  run<T>(exchange: (api: DynamicsWebApi, signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Exchanges begun so far. */
  readonly count: number;
}

export interface CallLimits {
  /** For one exchange, from its start to the end of its answer, in ms. */
  readonly timeoutMs: number;
  /** Takes a place among the process's exchanges, and gives it back. */
  readonly slot: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Calls for one piece of work: its count tells what that work cost. */
export function openCalls(connection: Connection, { timeoutMs, slot }: CallLimits): Calls {
  let count = 0;
  return {
    get count() {
      return count;
    },
    run: (exchange) =>
      slot(async () => {
        count += 1;
        try {
          return await withDeadline(timeoutMs, (signal) => exchange(connection(), signal));
        } catch (error) {
          throw new DataverseError(toFailure(error));
        }
      }),
  };
}
