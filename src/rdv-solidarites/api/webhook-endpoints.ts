// The webhooks of an organisation, as the API lists, makes and changes them. It deletes none.
import * as z from 'zod';
import { fieldsOf } from './answer.ts';
import { SenderError } from './failure.ts';
import { type ListOf, readOne, readPages } from './pages.ts';
import type { SenderRequest, Transport } from './transport.ts';

const webhookEndpoint = z.looseObject({
  id: z.int().positive(),
  target_url: z.string(),
  subscriptions: z.array(z.string()),
});

/** Never with its secret: the sender does not tell it. */
export type WebhookEndpoint = z.infer<typeof webhookEndpoint>;

const ENDPOINTS: ListOf<WebhookEndpoint> = { root: 'webhook_endpoints', schema: webhookEndpoint };

/** May a webhook be made or changed in this organisation? */
export type Permission = 'yes' | 'host-not-allowed' | 'no-right' | 'unknown-organisation';

export interface WebhookEndpoints {
  /** Empty also where the account may not see them. @throws SenderError */
  list(organisation: number): Promise<readonly WebhookEndpoint[]>;
  /** Changes nothing. @param target the id of a webhook, or the address of a new one @throws SenderError */
  may(organisation: number, target: number | string): Promise<Permission>;
  /** Replays everything that is subscribed. @throws SenderError */
  create(organisation: number, endpoint: NewEndpoint): Promise<void>;
  /** Replays everything that is subscribed afterwards. @throws SenderError */
  change(organisation: number, id: number, endpoint: ChangedEndpoint): Promise<void>;
}

export interface ChangedEndpoint {
  readonly subscriptions: readonly string[];
  /** Default: as it is. */
  readonly secret?: string;
}

export interface NewEndpoint {
  readonly targetUrl: string;
  readonly secret: string;
  readonly subscriptions: readonly string[];
}

export function openWebhookEndpoints(transport: Transport): WebhookEndpoints {
  const write = async (request: SenderRequest) => {
    const { value } = readOne(await transport.send(request), { root: 'webhook_endpoint', schema: webhookEndpoint });
    if (value === undefined) throw new SenderError({ kind: 'unreadable', code: 'unexpected-form' });
  };
  return {
    list: async (organisation) => {
      const found: WebhookEndpoint[] = [];
      for await (const { records } of readPages(transport, ENDPOINTS, { path: pathOf(organisation) })) {
        for (const { value } of records) {
          if (value === undefined) throw new SenderError({ kind: 'unreadable', code: 'unexpected-form' });
          found.push(value);
        }
      }
      return found;
    },
    may: (organisation, target) => may(transport, organisation, target),
    create: (organisation, { targetUrl, secret, subscriptions }) =>
      write({ method: 'POST', path: pathOf(organisation), body: { target_url: targetUrl, secret, subscriptions } }),
    change: (organisation, id, endpoint) =>
      write({ method: 'PATCH', path: `${pathOf(organisation)}/${id}`, body: endpoint }),
  };
}

const pathOf = (organisation: number) => `organisations/${organisation}/webhook_endpoints`;

/**
 * Asks for a subscription that does not exist: the refusal names everything else that is wrong as well, because the
 * sender validates all before it saves (app/models/webhook_endpoint.rb).
 */
async function may(transport: Transport, organisation: number, target: number | string): Promise<Permission> {
  const path = pathOf(organisation);
  const subscriptions = ['nothing'];
  const request: SenderRequest =
    typeof target === 'number'
      ? { method: 'PATCH', path: `${path}/${target}`, body: { subscriptions } }
      : { method: 'POST', path, body: { target_url: target, secret: 'never-stored', subscriptions } };
  const { status, json } = await transport.send({ ...request, expected: [403, 404, 422] });
  if (status === 403) return 'no-right';
  // A webhook that was listed and is not found is one that may be seen only.
  if (status === 404) return typeof target === 'number' ? 'no-right' : 'unknown-organisation';
  if (status !== 422) throw new SenderError({ kind: 'unreadable', code: 'invalid-webhook-accepted', status });
  return fieldsOf(json).includes('target_url.host_not_allowed') ? 'host-not-allowed' : 'yes';
}
