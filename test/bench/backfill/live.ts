// Live notifications, one after the other at a steady pace, and how long each took.
import { makeNotification, makeRdv, senderJson } from '../../../local/rdv-solidarites/make-notification.ts';
import type { Workshop } from '../../pipeline/workers.ts';

const EVERY_MS = 500;

/** Sends them until it is stopped: each is an RDV of its own. */
export function keepLive(workshop: Workshop) {
  let sent = 0;
  const timer = setInterval(() => {
    sent += 1;
    const now = Date.now();
    const data = makeRdv({ id: 5_000_000 + sent });
    const at = new Date(now).toISOString();
    void workshop.enqueue(senderJson(makeNotification({ model: 'Rdv', event: 'created', data, at })), now);
  }, EVERY_MS);
  return { sent: () => sent, stop: () => clearInterval(timer) };
}

/** From the receipt of each to its row, in ms, in the order of their ends. */
export const delaysOf = (workshop: Workshop): readonly number[] =>
  workshop
    .events('notification.done')
    .filter(({ change }) => change !== 'snapshot')
    .map(({ delayMs }) => Number(delayMs));
