// What the host reads from `host.json`, with the defaults of Microsoft Learn, "host.json reference for Azure Functions
// 2.x and later".

/** `extensions.queues`; all times in milliseconds. */
export interface QueueSettings {
  /** Messages per receive, 1 to 32. */
  batchSize: number;
  /** The next batch is fetched when no more messages than this are running. */
  newBatchThreshold: number;
  maxDequeueCount: number;
  /** Constant delay before a failed message is visible again. */
  visibilityTimeout: number;
  maxPollingInterval: number;
  messageEncoding: 'base64' | 'none';
  /** How long a running message stays invisible; renewed at half of it. Not a setting of the real host, which has 10 minutes. */
  invisibility: number;
  /** How long a settlement that storage does not take is tried again. Not a setting of the real host, whose client gives up after 23 s. */
  patience: number;
}

export interface HostConfig {
  /** Milliseconds; a function that runs longer fails. */
  functionTimeout: number;
  routePrefix: string;
  queues: QueueSettings;
}

interface HostJson {
  functionTimeout?: string;
  extensions?: {
    http?: { routePrefix?: string };
    queues?: {
      batchSize?: number | string;
      newBatchThreshold?: number | string;
      maxDequeueCount?: number | string;
      visibilityTimeout?: string;
      maxPollingInterval?: string;
      messageEncoding?: string;
    };
  };
}

/** @throws when a value is out of its range, as the start of the real host does. */
export function readHostJson(json: object, overrides: Partial<QueueSettings> = {}): HostConfig {
  const { functionTimeout = '00:30:00', extensions = {} } = json as HostJson;
  const queues = extensions.queues ?? {};
  const batchSize = within('batchSize', queues.batchSize ?? 16, [1, 32]);
  return {
    functionTimeout: milliseconds(functionTimeout),
    routePrefix: extensions.http?.routePrefix ?? 'api',
    queues: {
      batchSize,
      // QueuesOptions.cs: half a batch for each processor; one processor here.
      newBatchThreshold: within('newBatchThreshold', queues.newBatchThreshold ?? Math.floor(batchSize / 2), [0]),
      maxDequeueCount: within('maxDequeueCount', queues.maxDequeueCount ?? 5, [1]),
      visibilityTimeout: milliseconds(queues.visibilityTimeout ?? '00:00:00'),
      maxPollingInterval: milliseconds(queues.maxPollingInterval ?? '00:01:00'),
      messageEncoding: queues.messageEncoding === 'none' ? 'none' : 'base64',
      // QueueListener.cs: DefaultVisibilityTimeout.
      invisibility: 600_000,
      patience: 23_000,
      ...overrides,
    },
  };
}

/** QueuesOptions.cs refuses a value outside of its range. A setting is a text. */
function within(name: string, value: number | string, [least, most = 2 ** 31 - 1]: readonly [number, number?]): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new RangeError(`host.json: ${name} is ${value}; it must be from ${least} to ${most}`);
}

/** A .NET TimeSpan `[d.]hh:mm:ss[.fff]` in milliseconds. `-1` means no limit. */
function milliseconds(timeSpan: string): number {
  if (timeSpan === '-1') return Number.POSITIVE_INFINITY;
  const parts = /^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})(\.\d{1,7})?$/.exec(timeSpan);
  if (!parts) throw new Error(`host.json: "${timeSpan}" is not a time span (hh:mm:ss)`);
  const [days = 0, hours = 0, minutes = 0, seconds = 0, fraction = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds + fraction) * 1000;
}
