// A local Dataverse: the Web API v9.2 over HTTP, its rows in memory, faults on demand. See README.md for what it covers.

import type { AddressInfo } from 'node:net';
import { createOrganization } from './create-organization.ts';
import type { Rows } from './direct-rows.ts';
import { directRows, takeSnapshot } from './direct-rows.ts';
import { Faults } from './http/faults.ts';
import { NetworkDelay } from './http/network-delay.ts';
import { plainPage } from './http/plain-page.ts';
import type { RequestRecord } from './http/request-log.ts';
import { RequestLog } from './http/request-log.ts';
import { createHttpServer } from './http/server.ts';
import type { Page } from './http/server-parts.ts';
import { ServiceProtection } from './http/service-protection.ts';
import { type ApplicationTokens, signInDesk } from './http/sign-in.ts';
import type { SettingsInput } from './settings.ts';
import { Settings } from './settings.ts';
import type { Stats } from './stats.ts';

export interface DataverseOptions extends SettingsInput {
  /** 0 for any free port. */
  port?: number;
  /** The bearer token of an administrator. */
  token?: string;
  /** Does a PATCH of parties replace all attendees or only the masks it names? Not documented; both readings exist. */
  partyReplacement?: 'all' | 'per-mask';
  /** Are column updates of a completed or canceled appointment refused? Not documented for the API; the stricter reading by default. */
  closedRowsRejectUpdates?: boolean;
  /** Further tokens, each of an application: it may do what the roles of its application user allow, and no more. */
  applications?: ApplicationTokens;
  /** Answers what is not for the Web API, such as `GET /`. By default a line that says where the Web API is. */
  page?: Page;
  /** The time of rows, filters and limits. Delays and lock time-outs are real time whatever it says. */
  clock?: () => Date;
}

export interface DataverseEmulator {
  /** `http://127.0.0.1:PORT`, no slash at the end. */
  readonly url: string;
  /** Requests to the Web API since the start or the last `clearRequests`. */
  readonly requests: readonly RequestRecord[];
  clearRequests(): void;
  readonly faults: Faults;
  readonly stats: Stats;
  /** Locks, limits and delay, now and by `change`. */
  readonly settings: Settings;
  /** Rows without HTTP. */
  readonly rows: Rows;
  /** Contacts, appointments and custom tables without versions and times, sorted: equal states give equal snapshots. */
  snapshot(): unknown;
  /** Ends at once, open connections included. */
  stop(): Promise<void>;
}

export async function startDataverse(options: DataverseOptions = {}): Promise<DataverseEmulator> {
  const { port = 0, token = 'local', clock = () => new Date(), page = plainPage, ...rules } = options;
  const { partyReplacement = 'all', closedRowsRejectUpdates = true, applications = {}, ...input } = rules;
  const settings = new Settings(input);
  const organization = createOrganization({ partyReplacement, closedRowsRejectUpdates }, settings, clock);
  const signIn = signInDesk(organization, token, applications);
  const faults = new Faults();
  const log = new RequestLog();
  const { stats } = organization;
  const protection = new ServiceProtection({ settings, stats, clock, virtual: options.clock !== undefined });
  const delay = new NetworkDelay(settings);
  const server = createHttpServer({ organization, signIn, faults, log, protection, delay, page });
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
    stats,
    settings,
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
