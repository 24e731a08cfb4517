// The replay of an endpoint (webhook_endpoint.rb:15-30), and the job that every delivery is.
import type { Event } from '../make-notification.ts';
import type { EndpointRow } from '../records/rows.ts';
import { type describeModels, type Key, MODELS, type Model, SUBSCRIPTIONS } from './models.ts';

export interface Job {
  readonly endpoint: number;
  readonly model: Model;
  readonly event: Event;
  readonly key: Key;
  readonly reason: 'rgpd' | null;
  readonly occurredAt: number;
  readonly queue: 'live' | 'slow';
  /** Absent: rendered when the job runs. */
  readonly body?: string;
  readonly attempt: number;
}

interface Walk {
  readonly models: ReturnType<typeof describeModels>;
  /** The time of the walk, ms. */
  readonly occurredAt: number;
  readonly textOf: (job: Pick<Job, 'model' | 'event' | 'reason' | 'occurredAt'>, data: object) => string;
}

/**
 * All records by subscription, then id, rendered now, and announced as created: nothing tells them from real ones.
 *
 * @returns undefined when it fails, and then wholly: an organisation has no absences (NoMethodError), and the walk is one
 *   transaction
 */
export function replay(endpoint: EndpointRow, { models, occurredAt, textOf }: Walk): readonly Job[] | undefined {
  const jobs: Job[] = [];
  for (const subscription of endpoint.subscriptions) {
    const model = MODELS.find((name) => SUBSCRIPTIONS[name] === subscription);
    const records = model && models[model].ofOrganisation;
    if (model === undefined || records === undefined) return undefined;
    const of = { endpoint: endpoint.id, model, event: 'created', reason: null, queue: 'slow', attempt: 1 } as const;
    for (const key of records(endpoint.organisation_id)) {
      const data = models[model].body(key);
      if (data !== undefined) jobs.push({ ...of, key, occurredAt, body: textOf({ ...of, occurredAt }, data) });
    }
  }
  return jobs;
}
