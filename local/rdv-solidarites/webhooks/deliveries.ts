// Webhooks on their way: who is told of what, two pools of workers, retries for six and a half days.
import { type Event, makeNotification } from '../make-notification.ts';
import type { Clock } from '../records/clock.ts';
import type { Dice } from '../records/random.ts';
import type { EndpointRow } from '../records/rows.ts';
import type { Store } from '../records/store.ts';
import { type Era, senderJson } from '../sender-json.ts';
import { type describeModels, type Key, type Model, SUBSCRIPTIONS } from './models.ts';
import { createPool } from './pool.ts';
import { type Job, replay } from './replay.ts';
import { type Delivery, outcomeOf, type Received } from './send.ts';

/** One request that was made, or why it was not. */
export interface Attempt {
  readonly at: number;
  readonly endpoint: number;
  readonly model: Model;
  readonly event: Event;
  readonly key: Key;
  /** From 1. */
  readonly attempt: number;
  readonly queue: 'live' | 'slow';
  /** `gone`: the record or the endpoint is. `not-local`: a sender in development sends to its own machine only. */
  readonly outcome: 'delivered' | 'failed' | 'discarded' | 'gone' | 'not-local' | 'lost';
  readonly status: number;
}

/** What happens to a delivery on its way: nothing, it disappears, it comes late, or more than once. */
export type Weather = (job: { readonly model: Model; readonly key: Key; readonly event: Event }) => {
  readonly lost?: boolean;
  readonly delayMs?: number;
  readonly copies?: number;
};

type Work = { readonly send: Job } | { readonly walk: number; readonly attempt: number };

export interface DeliveriesParts {
  readonly store: Store;
  readonly models: ReturnType<typeof describeModels>;
  readonly clock: Clock;
  readonly dice: Dice;
  readonly era: Era;
  /** The form of `meta`. */
  readonly meta: Era;
  /** The clock of the job workers, ms. */
  readonly now: () => number;
  readonly send: (delivery: Delivery) => Promise<Received>;
}

/** config/initializers/good_job.rb: live webhooks have workers that no replay takes. */
const LIVE_WORKERS = 3;
const SLOW_WORKERS = 2;
const PRIORITY = { first: 0, retry: 20 } as const;
/** `attempts` of Rails counts executions. */
const ATTEMPTS = 20;
const KEPT_ATTEMPTS = 50_000;

/** ActiveJob's polynomial wait after the n-th failure: n⁴ s, up to 15 % more, 2 s. */
export const waitAfter = (failure: number, chance: number): number => (failure ** 4 * (1 + 0.15 * chance) + 2) * 1000;

export type Deliveries = ReturnType<typeof createDeliveries>;

export function createDeliveries(parts: DeliveriesParts) {
  const { store, models, clock, dice, era } = parts;
  const attempts: Attempt[] = [];
  const timers = new Set<() => void>();
  let weather: Weather = () => ({});
  let paused: Work[] | undefined;
  let stopped = false;

  const record = (job: Job, outcome: Attempt['outcome'], status = 0): void => {
    const { endpoint, model, event, key, attempt, queue } = job;
    attempts.push({ at: clock.now(), endpoint, model, event, key, attempt, queue, outcome, status });
    if (attempts.length > KEPT_ATTEMPTS) attempts.splice(0, KEPT_ATTEMPTS / 10);
  };

  const textOf = (job: Pick<Job, 'model' | 'event' | 'reason' | 'occurredAt'>, data: object): string => {
    const [at, occurredAt] = [parts.now(), job.occurredAt].map((ms) => new Date(ms).toISOString());
    const { model, event, reason } = job;
    const times = { ...(at && { at }), ...(occurredAt && { occurredAt }) };
    return senderJson(makeNotification({ model, event, data, reason, era: parts.meta, ...times }));
  };

  const later = (wait: number, work: Work): void => {
    const cancel = clock.at(clock.now() + wait, () => {
      timers.delete(cancel);
      enqueue(work, PRIORITY.retry);
    });
    timers.add(cancel);
  };

  /** Undefined when the record is gone, or names one that a fail-over lost. */
  const rendered = (job: Job): string | undefined => {
    try {
      const data = models[job.model].body(job.key);
      return data && textOf(job, data);
    } catch {
      return undefined;
    }
  };

  const perform = async (job: Job): Promise<void> => {
    const endpoint = store.endpoints.get(job.endpoint);
    const body = job.body ?? rendered(job);
    if (endpoint === undefined || body === undefined) return record(job, 'gone');
    if (!isLocal(endpoint.target_url)) return record(job, 'not-local');
    const received = await parts.send({ url: endpoint.target_url, secret: endpoint.secret, body });
    if (outcomeOf(received) === 'delivered') return record(job, 'delivered', received.status);
    const last = job.attempt >= ATTEMPTS;
    record(job, last ? 'discarded' : 'failed', received.status);
    if (!last) later(waitAfter(job.attempt, dice.next()), { send: { ...job, attempt: job.attempt + 1 } });
  };

  const walk = (id: number, attempt: number): void => {
    const endpoint = store.endpoints.get(id);
    if (endpoint === undefined) return;
    const jobs = replay(endpoint, { models, occurredAt: parts.now(), textOf });
    if (jobs !== undefined) for (const send of jobs) enqueue({ send }, PRIORITY.first);
    else if (attempt < ATTEMPTS) later(waitAfter(attempt, dice.next()), { walk: id, attempt: attempt + 1 });
  };

  const work = async (one: Work): Promise<void> => {
    if (stopped) return;
    if ('walk' in one) walk(one.walk, one.attempt);
    else await perform(one.send);
  };
  const pools = { live: createPool(LIVE_WORKERS, work), slow: createPool(SLOW_WORKERS, work) };

  const enqueue = (one: Work, priority: number): void => {
    if (stopped) return;
    if (paused !== undefined) paused.push(one);
    else pools['walk' in one ? 'slow' : one.send.queue].add(one, priority);
  };

  const endpointsOf = (model: Model, key: Key): EndpointRow[] =>
    models[model]
      .organisations(key)
      .flatMap((organisation) => store.endpoints.where('organisation_id', organisation))
      .filter(({ subscriptions }) => subscriptions.includes(SUBSCRIPTIONS[model]));

  return {
    attempts: attempts as readonly Attempt[],
    /** Announces one event to the endpoints of every organisation that the record belongs to. */
    announce: (model: Model, event: Event, key: Key, reason: 'rgpd' | null = null): void => {
      for (const { id } of endpointsOf(model, key)) {
        const { lost = false, delayMs = 0, copies = 1 } = weather({ model, key, event });
        const job: Job = {
          endpoint: id,
          model,
          event,
          key,
          reason,
          occurredAt: parts.now(),
          queue: 'live',
          attempt: 1,
        };
        // Since 2026 a body is rendered when its job runs; that of a record that goes, before it goes.
        const early = era === '2024' || event === 'destroyed';
        const data = early ? models[model].body(key) : undefined;
        const send = data === undefined ? job : { ...job, body: textOf(job, data) };
        if (lost) record(send, 'lost');
        for (let copy = 0; copy < copies && !lost; copy += 1) {
          if (delayMs > 0) later(delayMs, { send });
          else enqueue({ send }, PRIORITY.first);
        }
      }
    },
    /** A replay of one endpoint, on the slow pool. */
    trigger: (endpoint: number): void => enqueue({ walk: endpoint, attempt: 1 }, PRIORITY.first),
    setWeather: (next: Weather): void => {
      weather = next;
    },
    /** The job workers stop taking jobs, as during a deployment. */
    pause: (): void => {
      paused ??= [];
    },
    resume: (): void => {
      const held = paused ?? [];
      paused = undefined;
      for (const one of held) enqueue(one, PRIORITY.first);
    },
    /** Jobs that wait for a worker or are being done. */
    pending: (): number => pools.live.pending + pools.slow.pending,
    /** Jobs that wait for their next try. */
    retrying: (): number => timers.size,
    stop: (): void => {
      stopped = true;
      for (const cancel of timers) cancel();
    },
  };
}

const isLocal = (url: string) => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i.test(URL.parse(url)?.hostname ?? '');
