// Hours without Dataverse, on a clock of its own: the lines that the worker and the timer write while notifications wait.
import { putBack } from '../../src/delivery/endings.ts';
import type { Envelope } from '../../src/intake/envelope.ts';
import { jsonLog, type Log } from '../../src/log.ts';
import type { Row } from './kql/evaluate.ts';

const BEGAN = Date.parse('2026-12-01T08:00:00Z');
const FIVE_MINUTES = 300_000;

export interface Outage {
  readonly began: number;
  readonly ended: number;
  readonly traces: readonly Row[];
}

/**
 * @param count notifications that arrive as it begins
 * @returns `settled`: the lines of the same hours, and of a minute after them in which each notification is applied
 */
export async function outage(
  count: number,
  { hours }: { hours: number },
): Promise<Outage & { readonly settled: readonly Row[] }> {
  const ended = BEGAN + hours * 3_600_000;
  const traces: Row[] = [];
  const logAt = (time: number): Log => {
    const keep = (message: string) => traces.push({ timestamp: new Date(time), message });
    return jsonLog({ info: keep, warn: keep, error: keep });
  };
  for (let time = BEGAN; time < ended; time += FIVE_MINUTES) logAt(time)('info', 'watch.depth', hidden(count));
  const notifications = Array.from({ length: count }, (_, n) => `n-${n}`);
  for (const notificationId of notifications) await waitFor({ notificationId, ended, logAt });
  return { began: BEGAN, ended, traces: [...traces], settled: [...traces, ...notifications.map(applied(ended))] };
}

interface Waiting {
  readonly notificationId: string;
  readonly ended: number;
  readonly logAt: (time: number) => Log;
}

async function waitFor({ notificationId, ended, logAt }: Waiting): Promise<void> {
  let time = BEGAN;
  let envelope: Envelope = { v: 1, notificationId, receivedAt: BEGAN, content: { base64: '' } };
  while (time < ended) {
    const log = logAt(time);
    const now = () => time;
    const sendLater = async (later: Envelope, delayMs: number) => {
      envelope = later;
      time += delayMs;
    };
    const worker = { firstDelayMs: 30_000, chance: () => 1, sendLater, now };
    await putBack({ envelope, worker, log }, { kind: 'transient', code: 'http-503', status: 503 });
  }
}

/** Nobody sees them: each waits for its delay. */
const hidden = (count: number) => ({
  queueDepth: count,
  oldestMessageAgeSeconds: 0,
  snapshotDepth: 0,
  oldestSnapshotAgeSeconds: 0,
  heldCount: 0,
  oldestHeldAgeSeconds: 0,
  poisonCount: 0,
  quarantineCount: 0,
  oldestQuarantineAgeSeconds: 0,
});

const applied =
  (time: number) =>
  (notificationId: string): Row => ({
    timestamp: new Date(time + 30_000),
    message: JSON.stringify({ event: 'notification.done', notificationId, outcome: 'applied' }),
  });
