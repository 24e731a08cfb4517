// The sender beside the connector.
import type { Ports } from './ports.ts';
import { LOCAL_APPLICATION, SUBSCRIPTION_NAMES, startSender } from './rdv-solidarites/sender/start-sender.ts';
import type { Run } from './run.ts';

export interface LocalSender {
  /** Of the API and of the agenda. */
  readonly url: string;
  /** With which the connector reads its API. */
  readonly settings: Record<string, string>;
  /** Installs its webhooks, as if an administrator had typed them on its screen. */
  notify(connector: { readonly url: string; readonly secret: string }): void;
}

export async function startLocalSender({ SENDER_PORT }: Ports, run: Run): Promise<LocalSender> {
  const sender = await startSender({ port: SENDER_PORT, allowedHosts: ['127.0.0.1', 'localhost'] });
  run.onStop(sender.stop);
  const { store, url } = sender;
  return {
    url,
    settings: {
      SENDER_URL: url,
      SENDER_CLIENT_ID: LOCAL_APPLICATION.clientId,
      SENDER_CLIENT_SECRET: LOCAL_APPLICATION.clientSecret,
    },
    notify: (connector) => {
      for (const { id } of store.organisations.values()) {
        // The screen, unlike the API, replays nothing: Dynamics starts empty.
        store.endpoints.put({
          id: store.nextId(),
          organisation_id: id,
          target_url: `${connector.url}/api/notifications/${id}`,
          secret: connector.secret,
          subscriptions: SUBSCRIPTION_NAMES,
        });
      }
    },
  };
}
