// Every exchange with Dataverse goes through here: bounded in time and in number, counted, its failures made uniform.
import type { DynamicsWebApi } from 'dynamics-web-api';
import type { MappedColumns } from '../sync/mapped-columns.ts';
import { type Attendees, attendeesOf } from './attendee-form.ts';
import type { Connection } from './connection.ts';
import { withDeadline } from './deadline.ts';
import { exchangesOf } from './exchange.ts';
import { DataverseError, toFailure } from './failure.ts';
import type { Gate } from './gate.ts';
import { guarded } from './guard.ts';
import type { Operation } from './shared-batch.ts';

export interface Calls {
  /**
   * Runs one exchange on a client of its own.
   *
   * @throws DataverseError, whatever went wrong
   */
  run<T>(exchange: (api: DynamicsWebApi, signal: AbortSignal) => Promise<T>): Promise<T>;
  /**
   * Sends operations in one batch, with the work of others when every place is taken.
   *
   * @param rows those that the operations write, as one change set; none for queries
   * @returns one answer an operation, in order
   * @throws DataverseError, as if it had gone alone
   */
  send(operations: readonly Operation[], rows?: readonly string[]): Promise<readonly unknown[]>;
  /** The columns that rows are read with. */
  readonly mapped: MappedColumns;
  readonly readOnly: boolean;
  /** Exchanges begun so far, those shared with others too. */
  readonly count: number;
  /** How this environment takes attendees. */
  readonly attendees: Attendees;
}

/** How a process reaches Dataverse. */
export interface DataverseAccess {
  readonly connection: Connection;
  /** For one exchange, from its start to the end of its answer, in ms. */
  readonly timeoutMs: number;
  readonly gate: Gate;
  /** The columns that notifications fill here. */
  readonly mapped: MappedColumns;
  /** Nothing may be written: see `performChangeSet`. */
  readonly readOnly?: boolean;
  /** Forgets the token, so that the next exchange asks for another. */
  readonly renewToken: () => void;
}

/**
 * Calls for one piece of work. They are counted, so that a log line can say what the work cost.
 *
 * @param signal of the work: once it is aborted, nothing that still waits is sent
 */
export function openCalls(
  { connection, timeoutMs, gate, mapped, readOnly = false, renewToken }: DataverseAccess,
  signal?: AbortSignal,
): Calls {
  let count = 0;
  const exchangeOnce = async <T>(exchange: (api: DynamicsWebApi, signal: AbortSignal) => Promise<T>): Promise<T> => {
    count += 1;
    const closings = gate.closings();
    try {
      const answer = await withDeadline(timeoutMs, (signal) => guarded(() => exchange(connection(), signal)));
      gate.tell(undefined);
      return answer;
    } catch (error) {
      const failure = toFailure(error);
      gate.tell(failure, closings);
      throw new DataverseError(failure);
    }
  };
  const exchangeRenewing: Calls['run'] = async (exchange) => {
    try {
      return await exchangeOnce(exchange);
    } catch (error) {
      if (!(error instanceof DataverseError) || error.failure.status !== 401) throw error;
      // A token can be refused before its end. It is renewed once; a second refusal is for an administrator to correct.
      renewToken();
      return exchangeOnce(exchange);
    }
  };
  const counted = () => {
    count += 1;
  };
  return {
    mapped,
    readOnly,
    get count() {
      return count;
    },
    attendees: attendeesOf(connection),
    run: (exchange) => gate.pass(() => exchangeRenewing(exchange)),
    send: (operations, rows = []) =>
      exchangesOf(gate).send({ operations, rows, timeoutMs, signal, exchange: exchangeRenewing, counted }),
  };
}
