// Which webhook an organisation is to have, and what stands in the way: decided from what it has.
import type { WebhookEndpoint } from './webhook-endpoints.ts';

/**
 * What a webhook replays, in this order: what others refer to comes first. Without `absence`: the sender's replay of it
 * fails, and then sends nothing at all (app/models/organisation.rb has no `absences`).
 */
export const SUBSCRIPTIONS = [
  'organisation',
  'agent',
  'agent_role',
  'motif',
  'lieu',
  'user',
  'user_profile',
  'referent_assignation',
  'plage_ouverture',
  'rdv',
] as const;

export const ABSENCE = 'absence';

export type Step =
  | { readonly kind: 'same'; readonly duplicates: number }
  | { readonly kind: 'create'; readonly targetUrl: string; readonly subscriptions: readonly string[] }
  | {
      readonly kind: 'change';
      readonly endpoint: WebhookEndpoint;
      readonly subscriptions: readonly string[];
      readonly duplicates: number;
    };

interface Wanted {
  /** The address of the connector, without a source. */
  readonly webhookUrl: string;
  /** The label of the organisation. */
  readonly source: string;
  readonly absences: boolean;
}

/** Whether a webhook leads to this connector, under whatever label. */
export const isOurs = (webhookUrl: string) => {
  const own = webhookUrl.toLowerCase();
  return ({ target_url }: WebhookEndpoint) => {
    const url = target_url.toLowerCase();
    return url === own || url.startsWith(`${own}/`) || url.startsWith(`${own}?`);
  };
};

/** What to do for an organisation that has these webhooks. Nothing that somebody subscribed is taken away. */
export function stepFor(endpoints: readonly WebhookEndpoint[], { webhookUrl, source, absences }: Wanted): Step {
  const wanted = absences ? [ABSENCE, ...SUBSCRIPTIONS] : SUBSCRIPTIONS;
  const ours = endpoints.filter(isOurs(webhookUrl));
  const active = ours.filter(({ subscriptions }) => subscriptions.length > 0);
  const [endpoint] = [...active, ...ours];
  if (endpoint === undefined) return { kind: 'create', targetUrl: `${webhookUrl}/${source}`, subscriptions: wanted };
  const duplicates = Math.max(active.length - 1, 0);
  const has = new Set(endpoint.subscriptions);
  if (wanted.every((one) => has.has(one))) return { kind: 'same', duplicates };
  // Absences first: a replay that must fail then fails before it has walked through everything else.
  const kept = endpoint.subscriptions.filter((one) => !wanted.some((other) => other === one));
  const subscriptions = [...new Set([...kept.filter((one) => one === ABSENCE), ...wanted, ...kept])];
  return { kind: 'change', endpoint, subscriptions, duplicates };
}
