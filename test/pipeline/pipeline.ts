// The whole connector for tests: real Azurite, the Dataverse emulator provisioned for real, the functions in their host,
// signed in under the role of the connector.
import { createHmac } from 'node:crypto';
import { startAzurite } from '../../local/azurite.ts';
import type { DataverseEmulator, DataverseOptions } from '../../local/dataverse/src/emulator.ts';
import type { RequestRecord } from '../../local/dataverse/src/http/request-log.ts';
import { type FunctionsHost, startHost } from '../../local/functions-host/host.ts';
import { openStorage, type Storage } from '../../src/storage/clients.ts';
import { CONNECTOR_TOKEN, startProvisioned } from '../dataverse/connector-user.ts';

export const SECRET = 'pipeline-secret';

export interface Pipeline {
  readonly host: FunctionsHost;
  readonly dataverse: DataverseEmulator;
  readonly storage: Storage;
  /** The settings by which a command reaches the same storage and Dataverse. */
  readonly environment: Record<string, string>;
  /** Sends a signed body, as the sender does. */
  send(body: string | Buffer, options?: SendOptions): Promise<Response>;
  /** Sends, and waits until the queue is empty; answers what Dataverse was asked in between. */
  deliver(...bodies: readonly (string | Buffer)[]): Promise<readonly RequestRecord[]>;
  /** Reads from the emulator's Web API, as an administrator. */
  query(path: string): Promise<Record<string, unknown>[]>;
  /** The events logged so far, oldest first. */
  events(name: string): Record<string, unknown>[];
  stop(): Promise<void>;
}

export interface SendOptions {
  readonly source?: string;
  readonly secret?: string;
  readonly headers?: Record<string, string>;
}

/** Starts everything on free ports. `settings` are those of the functions. */
export async function startPipeline(
  settings: Record<string, string> = {},
  options: DataverseOptions = {},
): Promise<Pipeline> {
  const [azurite, dataverse] = await Promise.all([startAzurite(), startProvisioned(options)]);
  const host = await startHost({
    port: 0,
    settings: {
      DATAVERSE_URL: dataverse.url,
      DATAVERSE_LOCAL_TOKEN: CONNECTOR_TOKEN,
      NOTIFICATIONS_STORAGE: azurite.connectionString,
      RDV_WEBHOOK_SECRET: SECRET,
      ...settings,
    },
    entries: [
      () => import('../../functions/receive-notification.ts'),
      () => import('../../functions/apply-notification.ts'),
      () => import('../../functions/apply-snapshot.ts'),
      () => import('../../functions/watch-queues.ts'),
      () => import('../../functions/move-calendars.ts'),
      () => import('../../functions/settle-incidents.ts'),
      () => import('../../functions/health.ts'),
    ],
    queueOverrides: { maxPollingInterval: 100, visibilityTimeout: 1000 },
    timers: 'by-hand',
  });
  const storage = await openStorage({ kind: 'connection-string', connectionString: azurite.connectionString });

  const send: Pipeline['send'] = (body, { source, secret = SECRET, headers = {} } = {}) => {
    const bytes = Buffer.from(body);
    return fetch(`${host.url}/api/notifications${source === undefined ? '' : `/${source}`}`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'X-Lapin-Signature': createHmac('sha256', secret).update(bytes).digest('hex'),
        ...headers,
      },
      body: bytes,
    });
  };

  return {
    host,
    dataverse,
    storage,
    environment: {
      DATAVERSE_URL: dataverse.url,
      DATAVERSE_LOCAL_TOKEN: CONNECTOR_TOKEN,
      NOTIFICATIONS_STORAGE: azurite.connectionString,
    },
    send,
    deliver: async (...bodies) => {
      const before = dataverse.requests.length;
      for (const body of bodies) {
        const { status } = await send(body);
        if (status !== 202) throw new Error(`refused with ${status}`);
      }
      await host.idle();
      return dataverse.requests.slice(before);
    },
    query: async (path) => {
      const response = await fetch(`${dataverse.url}/api/data/v9.2/${path}`, {
        headers: { Authorization: 'Bearer local' },
      });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      const answer = (await response.json()) as { value: Record<string, unknown>[] };
      return answer.value;
    },
    events: (name) =>
      host.logs.flatMap(({ message }) => {
        const event = message.startsWith('{') ? (JSON.parse(message) as Record<string, unknown>) : {};
        return event['event'] === name ? [event] : [];
      }),
    stop: async () => {
      await host.stop();
      await Promise.all([azurite.stop(), dataverse.stop()]);
    },
  };
}
