// A local Dataverse: the Web API v9.2 over HTTP, its rows in memory, faults on demand. See README.md for what it covers.

import type { AddressInfo } from 'node:net';
import type { Rows } from './direct-rows.ts';
import { directRows, takeSnapshot } from './direct-rows.ts';
import { Faults } from './http/faults.ts';
import type { RequestRecord } from './http/request-log.ts';
import { RequestLog } from './http/request-log.ts';
import { createHttpServer } from './http/server.ts';
import { createOrganization } from './organization.ts';

export interface DataverseOptions {
  /** 0 for any free port. */
  port?: number;
  /** The bearer token that clients must send. */
  token?: string;
  /** Does a PATCH of parties replace all attendees or only the masks it names? Not documented; both readings exist. */
  partyReplacement?: 'all' | 'per-mask';
  /** Are column updates of a completed or canceled appointment refused? Not documented for the API; the stricter reading by default. */
  closedRowsRejectUpdates?: boolean;
  clock?: () => Date;
}

export interface DataverseEmulator {
  /** `http://127.0.0.1:PORT`, no slash at the end. */
  readonly url: string;
  /** Requests to the Web API since the start or the last `clearRequests`. */
  readonly requests: readonly RequestRecord[];
  clearRequests(): void;
  readonly faults: Faults;
  /** Rows without HTTP. */
  readonly rows: Rows;
  /** Contacts, appointments and custom tables without versions and times, sorted: equal states give equal snapshots. */
  snapshot(): unknown;
  /** Ends at once, open connections included. */
  stop(): Promise<void>;
}

export async function startDataverse(options: DataverseOptions = {}): Promise<DataverseEmulator> {
  const { port = 0, token = 'local', clock = () => new Date() } = options;
  const { partyReplacement = 'all', closedRowsRejectUpdates = true } = options;
  const organization = createOrganization({ partyReplacement, closedRowsRejectUpdates }, clock);
  const faults = new Faults();
  const log = new RequestLog();
  const server = createHttpServer({ organization, token, faults, log });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    get requests() {
      return log.records;
    },
    clearRequests: () => log.clear(),
    faults,
    rows: directRows(organization),
    snapshot: () => takeSnapshot(organization),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
