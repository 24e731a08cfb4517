// How this connector reaches one Dataverse environment: address, token and the settings every call shares.

import { DynamicsWebApi } from 'dynamics-web-api';
import manifest from '../../package.json' with { type: 'json' };

const USER_AGENT = `${manifest.name}/${manifest.version}`;

/** Milliseconds of silence on the socket after which a call fails. The total is bounded by `withDeadline`. */
const IDLE_TIMEOUT_MS = 60_000;

/** Headers of a read: collections that it expands may else come from a cache (Microsoft Learn, "Join tables using OData"). */
export const FRESH = { 'If-None-Match': 'null' };

interface ConnectionOptions {
  /** The environment, e.g. `https://contoso.crm12.dynamics.com`; a path prefix is kept. */
  url: string;
  /** Gives a bearer token. Called before every request, so it must keep its own cache, as `@azure/identity` does. */
  token: () => Promise<string>;
  idleTimeoutMs?: number;
}

/** Gives a fresh client: the state of a batch lives on the instance, so each batch needs one of its own. */
export type Connection = () => DynamicsWebApi;

/**
 * Describes a connection; nothing is sent. Clients are cheap, and all of them share the library's sockets.
 *
 * `propagateErrors` matters: without it the library turns a 412 into `false` or `null`.
 * The lower-case `http_proxy` and `https_proxy` variables are obeyed by the library, even for loopback addresses.
 */
export function connect({ url, token, idleTimeoutMs = IDLE_TIMEOUT_MS }: ConnectionOptions): Connection {
  return () =>
    new DynamicsWebApi({
      serverUrl: url.endsWith('/') ? url : `${url}/`, // a path prefix survives only before a slash
      dataApi: { version: '9.2' },
      propagateErrors: true,
      timeout: idleTimeoutMs,
      headers: { 'User-Agent': USER_AGENT },
      onTokenRefresh: token,
    });
}
