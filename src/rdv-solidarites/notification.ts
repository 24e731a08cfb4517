// A notification: `data`, a full snapshot of one record, and `meta`, what happened to it and when.
import * as z from 'zod';
import { string, text } from './fields.ts';
import { findSurprises, type Surprises } from './inspect.ts';
import { LOST, MODELS, type ModelName, REMNANTS } from './models.ts';
import { parseInstant, type UtcInstant } from './times.ts';

/** Which events come by which way: the sender announces changes; what we read at its API is ours to name. */
const EVENTS = {
  webhook: ['created', 'updated', 'destroyed'],
  api: ['snapshot', 'missing'],
} as const;

/** The way by which a body came. */
export type Way = keyof typeof EVENTS;

/** `snapshot`: the record as the sender's API shows it. `missing`: the API was asked for it by id, and has it no more. */
export type NotificationEvent = (typeof EVENTS)[Way][number];

interface Common {
  readonly event: NotificationEvent;
  /** When the sender rendered the snapshot: the order of notifications. */
  readonly snapshotAt: UtcInstant;
  /**
   * `rgpd` when the sender purges its own copy after its retention time (app/jobs/cron_job.rb). Of a missing usager:
   * `forbidden` when it is alive, but in none of our organisations.
   */
  readonly reason: string | null;
  readonly surprises: Surprises;
}

/** A notification of model `M`. */
export type NotificationOf<M extends ModelName> = Common & {
  readonly model: M;
  readonly data: z.infer<(typeof MODELS)[M]>;
};

/** A notification that the connector understands. */
export type Notification = { [M in ModelName]: NotificationOf<M> }[ModelName];

/** What a signed body turned out to be. Reasons name fields and kinds of error, never values. */
export type Parsed =
  | { readonly kind: 'notification'; readonly notification: Notification }
  | { readonly kind: 'unknown'; readonly reason: 'unknown-model' | 'unknown-event' }
  | { readonly kind: 'invalid'; readonly code: InvalidCode; readonly reason: string; readonly model?: ModelName };

export type InvalidCode = 'not-json' | 'not-a-notification' | 'no-snapshot-time' | 'invalid-data';

// `timestamp` until 2025; `event_occurred_at` and `payload_computed_at` since. Only the time of rendering says how
// fresh the body is.
const meta = z.looseObject({
  model: string(),
  event: string(),
  payload_computed_at: text,
  timestamp: text,
  event_occurred_at: text,
  webhook_reason: text,
});

const envelope = z.looseObject({ data: z.looseObject({}), meta });

const isModel = (name: string): name is ModelName => Object.hasOwn(MODELS, name);
const isEventOf = (way: Way, name: string): name is NotificationEvent => EVENTS[way].some((event) => event === name);

/** Reads the body of a notification: any bytes, signed or not. Never throws. */
export function parseNotification(body: Uint8Array, way: Way = 'webhook'): Parsed {
  const json = parseJson(body);
  if (json === undefined) return { kind: 'invalid', code: 'not-json', reason: 'the body is not JSON' };
  try {
    return parse(json, way);
  } catch (error) {
    if (error instanceof RangeError) {
      return { kind: 'invalid', code: 'invalid-data', reason: 'nested too deeply' };
    }
    throw error;
  }
}

function parse(json: unknown, way: Way): Parsed {
  const read = envelope.safeParse(json);
  if (!read.success) return { kind: 'invalid', code: 'not-a-notification', reason: reasonOf(read.error) };
  const { meta, data } = read.data;
  if (!isModel(meta.model)) return { kind: 'unknown', reason: 'unknown-model' };
  if (!isEventOf(way, meta.event)) return { kind: 'unknown', reason: 'unknown-event' };

  const snapshotAt = [meta.payload_computed_at, meta.timestamp, meta.event_occurred_at]
    .map((value) => (value == null ? undefined : parseInstant(value)))
    .find((value) => value !== undefined);
  if (snapshotAt === undefined) {
    const reason = 'meta names no time in a known form';
    return { kind: 'invalid', code: 'no-snapshot-time', reason, model: meta.model };
  }

  const schema = MODELS[meta.model];
  const whole = schema.safeParse(data);
  const rest = whole.success ? undefined : lesserSchema(meta.event, meta.model)?.safeParse(data);
  const record = rest?.success ? rest : whole;
  if (!record.success) {
    return { kind: 'invalid', code: 'invalid-data', reason: reasonOf(record.error, 'data'), model: meta.model };
  }
  const notification = {
    model: meta.model,
    event: meta.event,
    snapshotAt,
    reason: meta.webhook_reason ?? null,
    data: record.data,
    surprises: findSurprises(schema, { received: data, record: record.data }, meta.model),
  } as Notification;
  return { kind: 'notification', notification };
}

/** The schema of a record that is gone, of which fewer fields are needed. */
function lesserSchema(event: NotificationEvent, model: ModelName): z.ZodType | undefined {
  if (event === 'destroyed') return REMNANTS[model];
  return event === 'missing' ? LOST[model] : undefined;
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

const FIRST_ISSUES = 5;

/** The fields at fault and the kind of fault, without the values, at most five of them. */
function reasonOf(error: z.ZodError, ...prefix: string[]): string {
  return error.issues
    .slice(0, FIRST_ISSUES)
    .map((issue) => `${[...prefix, ...issue.path.map(fieldName)].join('.') || 'body'}: ${describe(issue)}`)
    .join('; ');
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `expected ${issue.expected}`;
  return issue.code === 'custom' ? issue.message : issue.code.replaceAll('_', ' ');
}

function fieldName(key: PropertyKey): string {
  return typeof key === 'number' || /^[a-z0-9_]{1,40}$/.test(String(key)) ? String(key) : '(unprintable)';
}
