// The order of the sender's webhooks (app/models/concerns/webhook_deliverable.rb): `destroyed` inside the transaction, the others after it.
import type { Clock } from '../records/clock.ts';
import type { Store } from '../records/store.ts';
import type { Deliveries } from '../webhooks/deliveries.ts';
import type { Key, Model } from '../webhooks/models.ts';

export interface ActsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly announce: Deliveries['announce'];
}

export interface Transaction {
  created(model: Model, key: Key): void;
  updated(model: Model, key: Key): void;
  /** Announces the record as it still is: call it before the row goes. */
  destroying(model: Model, key: Key, reason?: 'rgpd'): void;
}

/** A refusal of the sender's own rules; the message is what its screen would say. */
export class Refused extends Error {}

/** One event a record, its first: a row that is created and then touched is only created. */
export function transact<T>({ announce }: ActsParts, work: (transaction: Transaction) => T): T {
  const events = new Map<string, () => void>();
  const once = (model: Model, key: Key, event: 'created' | 'updated') => {
    const name = `${model} ${key}`;
    if (!events.has(name)) events.set(name, () => announce(model, event, key));
  };
  const result = work({
    created: (model, key) => once(model, key, 'created'),
    updated: (model, key) => once(model, key, 'updated'),
    destroying: (model, key, reason) => announce(model, 'destroyed', key, reason ?? null),
  });
  for (const send of events.values()) send();
  return result;
}
