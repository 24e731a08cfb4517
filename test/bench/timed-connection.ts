// A connection whose batches take virtual time: the way there and back, and so long for each operation.
import type { DynamicsWebApi } from 'dynamics-web-api';
import type { DataverseEmulator } from '../../local/dataverse/src/emulator.ts';
import type { Connection } from '../../src/dataverse/connection.ts';
import { toFailure } from '../../src/dataverse/failure.ts';
import { LIMITS } from './defaults.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface Exchange {
  /** When it began, ms since 1970. */
  readonly at: number;
  readonly refused: boolean;
  readonly operations: number;
}

export interface Cost {
  /** Of any request: network, and what Dataverse does before and after the operations, in ms. */
  readonly requestMs: number;
  /** In ms. */
  readonly operationMs: number;
}

/**
 * Batches are sent for real one at a time, so the emulator never sees two at once: the limit of requests at the same
 * moment is kept here.
 */
export function timed(dataverse: DataverseEmulator, time: VirtualTime, { requestMs, operationMs }: Cost) {
  const exchanges: Exchange[] = [];
  let inFlight = 0;
  let last: Promise<unknown> = Promise.resolve();

  const one = async (execute: () => Promise<unknown[]>): Promise<unknown[]> => {
    const at = time.now();
    if (inFlight >= LIMITS.concurrent) {
      exchanges.push({ at, refused: true, operations: 0 });
      await time.sleep(requestMs);
      throw Object.assign(new Error(), { status: 429, code: '0x80072326', headers: { 'retry-after': '1' } });
    }
    inFlight += 1;
    const before = last;
    const sent = time.real(async () => {
      await before;
      const settled = await Promise.allSettled([execute()]);
      return { settled, operations: dataverse.requests.at(-1)?.parts ?? 1 };
    });
    last = sent;
    const { settled, operations } = await sent;
    const [answer] = settled;
    const refused = answer.status === 'rejected' && toFailure(answer.reason).status === 429;
    exchanges.push({ at, refused, operations: refused ? 0 : operations });
    await time.sleep(requestMs + (refused ? 0 : operations * operationMs));
    inFlight -= 1;
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value;
  };
  const over =
    (connection: Connection): Connection =>
    (): DynamicsWebApi => {
      const api = connection();
      const execute = api.executeBatch.bind(api);
      api.executeBatch = (request) => one(() => execute(request));
      return api;
    };
  return { over, exchanges };
}
