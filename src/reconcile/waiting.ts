// Notifications that wait explain what a night heals: none was lost.
import { listHeld } from '../delivery/held.ts';
import { lookInto } from '../delivery/waiting.ts';
import type { Storage } from '../storage/clients.ts';
import { NOTIFICATIONS_QUEUE } from '../storage/names.ts';

/** How many notifications wait, on the queue or held. @throws an error of the storage SDK */
export async function countWaiting(storage: Storage): Promise<number> {
  const [{ count }, held] = await Promise.all([lookInto(storage, NOTIFICATIONS_QUEUE), listHeld(storage)]);
  return count + held.length;
}
