// The sender beside the connector: its webhooks are installed, as if an administrator had typed them on its screen.
import type { Ports } from './ports.ts';
import { SUBSCRIPTION_NAMES, startSender } from './rdv-solidarites/sender/start-sender.ts';
import type { Run } from './run.ts';

/** @returns the address of the agenda */
export async function startLocalSender(
  { SENDER_PORT }: Ports,
  run: Run,
  connector: { readonly url: string; readonly secret: string },
): Promise<string> {
  const sender = await startSender({ port: SENDER_PORT, allowedHosts: ['127.0.0.1', 'localhost'] });
  run.onStop(sender.stop);
  for (const { id } of sender.store.organisations.values()) {
    // The screen, unlike the API, replays nothing: Dynamics starts empty.
    sender.store.endpoints.put({
      id: sender.store.nextId(),
      organisation_id: id,
      target_url: `${connector.url}/api/notifications/${id}`,
      secret: connector.secret,
      subscriptions: SUBSCRIPTION_NAMES,
    });
  }
  return sender.url;
}
