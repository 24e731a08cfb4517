// What receives webhooks: keeps them, and answers as the test says.
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { matchingSecret } from '../../../src/rdv-solidarites/signature.ts';
import { listen } from '../../functions-host/listen.ts';

export interface Reply {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
  /** No answer at all. */
  readonly silent?: boolean;
}

const notification = z.object({
  data: z.looseObject({ id: z.number().optional() }),
  meta: z.looseObject({ model: z.string(), event: z.string() }),
});

export interface Webhook extends z.infer<typeof notification> {
  readonly text: string;
  readonly path: string;
  /** With the secret `secret`. */
  readonly signed: boolean;
}

export type Receiver = Awaited<ReturnType<typeof openReceiver>>;

export async function openReceiver() {
  const webhooks: Webhook[] = [];
  let reply: (webhook: Webhook) => Reply = () => ({ status: 202 });
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const header = request.headers['x-lapin-signature'];
    const signed = matchingSecret(['secret'], Buffer.from(body), typeof header === 'string' ? header : undefined) === 0;
    const webhook = { ...notification.parse(JSON.parse(body)), text: body, path: request.url ?? '', signed };
    webhooks.push(webhook);
    const { status, headers = {}, body: said = '{}', silent = false } = reply(webhook);
    if (!silent) response.writeHead(status, headers).end(said);
  });
  const cut = new AbortController();
  const { url } = await listen(server, 0, cut.signal);
  return {
    url,
    webhooks,
    /** `Rdv updated` and so on, in the order of arrival. */
    told: () => webhooks.map(({ meta }) => `${meta.model} ${meta.event}`),
    answerWith: (next: (webhook: Webhook) => Reply): void => {
      reply = next;
    },
    stop: (): void => cut.abort(),
  };
}
