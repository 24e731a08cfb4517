// A sender at a fixed time, and what a client asks of it.
import { z } from 'zod';
import {
  type ManualClock,
  manualClock,
  READER,
  type Sender,
  type SenderOptions,
  startSender,
} from '../sender/start-sender.ts';

const NOON = Date.parse('2026-11-24T11:00:00Z');

const page = z.object({
  current_page: z.number(),
  next_page: z.number().nullable(),
  prev_page: z.number().nullable(),
  total_pages: z.number(),
  total_count: z.number(),
});
const row = z.looseObject({ id: z.number() });

export interface Desk {
  readonly sender: Sender;
  readonly clock: ManualClock;
  /** GET, as the reader unless another token is given. */
  get(path: string, token?: string): Promise<Response>;
  send(method: string, path: string, body: object, token?: string): Promise<Response>;
  /** One page of a list. */
  list(
    path: string,
    token?: string,
  ): Promise<{ rows: z.infer<typeof row>[]; ids: number[]; meta: z.infer<typeof page> }>;
}

export async function openDesk(options: SenderOptions = {}): Promise<Desk> {
  const clock = manualClock(NOON);
  const sender = await startSender({ clock, ...options });
  const reader = sender.tokenFor(READER);
  const address = (path: string) => `${sender.url}/api/v1/${path}`;
  const get = (path: string, token = reader) => fetch(address(path), { headers: { Authorization: `Bearer ${token}` } });
  return {
    sender,
    clock,
    get,
    send: (method, path, body, token = reader) =>
      fetch(address(path), {
        method,
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }),
    list: async (path, token) => {
      const read = z.record(z.string(), z.unknown()).parse(await (await get(path, token)).json());
      const meta = page.parse(read['meta']);
      const rows = z.array(row).parse(Object.entries(read).find(([key]) => key !== 'meta')?.[1]);
      return { rows, ids: rows.map(({ id }) => id), meta };
    },
  };
}
