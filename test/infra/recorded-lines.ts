// Two days as Azure Monitor keeps them: the lines that the application writes, and what the host says by itself.
import { type Events, jsonLog } from '../../src/log.ts';
import type { Row, Tables } from './kql/evaluate.ts';

function day(write: (log: Recorder) => void): Tables {
  const traces: Row[] = [];
  const requests: Row[] = [];
  const operations: Row[] = [];
  const recorder: Recorder = {
    event: (time, event, fields) => {
      const keep = (message: string) => traces.push({ timestamp: new Date(time), message });
      jsonLog({ info: keep, warn: keep, error: keep })('info', event, fields);
    },
    host: (time, message) => traces.push({ timestamp: new Date(time), message }),
    request: (time, name, resultCode) => requests.push({ timestamp: new Date(time), name, resultCode }),
    operation: (time, Detail) =>
      operations.push({ TimeGenerated: new Date(time), OperationCategory: 'Ingestion', Detail }),
  };
  write(recorder);
  return { traces, requests, Operation: operations };
}

interface Recorder {
  event<E extends keyof Events>(time: string, event: E, fields: Events[E]): void;
  host(time: string, message: string): void;
  request(time: string, name: string, resultCode: string): void;
  operation(time: string, detail: string): void;
}

const times = (count: number, write: (index: number) => void) =>
  Array.from({ length: count }, (_, index) => write(index));

const RECEIVED = { notificationId: 'n', bytes: 3024, secret: 'RDV_WEBHOOK_SECRET', stored: 'queue' } as const;
const DONE = {
  notificationId: 'n',
  model: 'Rdv',
  change: 'updated',
  outcome: 'applied',
  reasons: [],
  applied: 2,
  unchanged: 0,
  stale: 0,
  ignored: 0,
  requests: 2,
  conflicts: 0,
  attempt: 0,
  delayMs: 1_000,
  durationMs: 60,
  cut: [],
  unfit: [],
} as const;
const NOTHING_WAITS = {
  queueDepth: 0,
  oldestMessageAgeSeconds: 0,
  snapshotDepth: 0,
  oldestSnapshotAgeSeconds: 0,
  poisonCount: 0,
  quarantineCount: 0,
  oldestQuarantineAgeSeconds: 0,
  heldCount: 0,
  oldestHeldAgeSeconds: 0,
};

const NIGHT = {
  run: 'night-2026-12-01',
  dryRun: false,
  read: 1200,
  same: 1190,
  healed: 0,
  corrected: 8,
  keptOut: 2,
  stale: 0,
  gone: 0,
  outside: 0,
  quarantined: 0,
  unreadable: 0,
  waiting: 0,
  durationMs: 600_000,
} as const;

export const GOOD_DAY = day((log) => {
  log.event('2026-12-01T03:40:00Z', 'reconcile.done', NIGHT);
  log.event('2026-12-01T03:41:00Z', 'reconcile.done', { ...NIGHT, healed: 3, waiting: 5 });
  log.event('2026-12-01T03:42:00Z', 'reconcile.done', { ...NIGHT, healed: 3, dryRun: true });
  log.host('2026-12-01T08:00:00Z', "Executing 'Functions.receiveNotification'");
  log.request('2026-12-01T08:00:00Z', 'receiveNotification', '202');
  log.event('2026-12-01T08:00:00Z', 'notification.received', RECEIVED);
  log.event('2026-12-01T08:00:01Z', 'notification.done', DONE);
  log.event('2026-12-01T08:05:00Z', 'notification.refused', { status: 401, reason: 'missing or wrong signature' });
  log.event('2026-12-01T08:05:00Z', 'watch.depth', NOTHING_WAITS);
});

export const BAD_DAY = day((log) => {
  times(3, () => log.event('2026-12-01T08:00:00Z', 'notification.received', RECEIVED));
  log.event('2026-12-01T08:01:00Z', 'notification.received', { ...RECEIVED, source: 'mds-test' });
  log.event('2026-12-01T08:02:00Z', 'notification.done', { ...DONE, delayMs: 2_000 });
  log.event('2026-12-01T08:03:00Z', 'notification.done', {
    ...DONE,
    source: 'mds-test',
    delayMs: 90_000,
    conflicts: 1,
  });
  log.event('2026-12-01T08:03:30Z', 'notification.done', { ...DONE, outcome: 'unchanged', delayMs: 500, requests: 2 });
  log.event('2026-12-01T08:04:00Z', 'notification.done', {
    ...DONE,
    outcome: 'stale',
    requests: 1,
    delayMs: 9_000_000,
  });
  times(21, (attempt) =>
    log.event('2026-12-01T08:10:00Z', 'notification.retried', {
      notificationId: 'n',
      kind: 'transient',
      code: '0x80072322',
      status: 429,
      attempt,
      delayMs: 30_000,
      ageMs: 1_000,
    }),
  );
  log.event('2026-12-01T08:11:00Z', 'notification.retried', {
    notificationId: 'n',
    kind: 'configuration',
    code: '0x80040220',
    status: 403,
    attempt: 1,
    delayMs: 30_000,
    ageMs: 1_000,
  });
  log.event('2026-12-01T08:11:00Z', 'dataverse.misconfigured', {
    code: '0x80040220',
    status: 403,
    missing: 'prvReadContact',
  });
  log.event('2026-12-01T08:12:00Z', 'notification.quarantined', {
    notificationId: 'n',
    source: 'mds-test',
    code: 'not-json',
    reason: 'the body is no JSON',
    attempt: 0,
  });
  times(12, () =>
    log.event('2026-12-01T08:20:00Z', 'notification.refused', { status: 401, reason: 'missing or wrong signature' }),
  );
  log.event('2026-12-01T08:20:00Z', 'notification.refused', {
    status: 413,
    reason: 'body too large',
    bytes: 3_000_000,
  });
  const { run } = NIGHT;
  log.event('2026-12-01T03:40:00Z', 'reconcile.done', { ...NIGHT, healed: 3 });
  log.event('2026-12-01T03:40:00Z', 'reconcile.stopped', { run, code: 'consent-not-connected' });
  log.event('2026-12-01T03:40:00Z', 'reconcile.rights-shrunk', { run, organisations: [7] });
  log.event('2026-12-01T03:40:00Z', 'reconcile.too-many-missing', { run, lists: ['Rdv-7'] });
  log.event('2026-12-01T08:20:00Z', 'calendars.failed', { record: 'plage-9', kind: 'permanent', code: '0x80040203' });
  log.event('2026-12-01T08:20:00Z', 'watch.silent', { source: 'mds-test', hours: 4 });
  times(11, () =>
    log.event('2026-12-01T08:20:00Z', 'watch.failed', { part: 'incidents', kind: 'configuration', code: '0x80040220' }),
  );
  times(21, () =>
    log.event('2026-12-01T08:20:00Z', 'notification.surprise', {
      notificationId: 'n',
      model: 'Rdv',
      unknownKeys: ['new_field'],
      unknownValues: [],
      misshapen: [],
      count: 1,
    }),
  );
  log.event('2026-12-01T08:20:00Z', 'settings.secret-discarded', {
    secret: 'RDV_WEBHOOK_SECRET_PREVIOUS',
    reason: 'unresolved Key Vault reference',
  });
  log.request('2026-12-01T08:20:00Z', 'receiveNotification', '503');
  log.host(
    '2026-12-01T08:21:00Z',
    "Message has reached MaxDequeueCount of 10. Moving message to queue 'notifications-poison'.",
  );
  log.operation('2026-12-01T08:22:00Z', 'The data volume threshold has been reached: OverQuota');
  log.event('2026-12-01T08:30:00Z', 'watch.depth', {
    queueDepth: 40,
    oldestMessageAgeSeconds: 2_400,
    snapshotDepth: 4_000,
    oldestSnapshotAgeSeconds: 90_000,
    poisonCount: 1,
    quarantineCount: 3,
    oldestQuarantineAgeSeconds: 8 * 86_400,
    heldCount: 12,
    oldestHeldAgeSeconds: 15 * 86_400,
  });
  log.event('2026-12-01T09:00:00Z', 'notification.received', { ...RECEIVED, secret: 'RDV_WEBHOOK_SECRET_PREVIOUS' });
  log.event('2026-12-01T09:00:01Z', 'notification.done', { ...DONE, outcome: 'ignored', requests: 0 });
});

/** What a rule sees of an application that is down. */
export const SILENCE: Tables = { traces: [], requests: [], Operation: [] };
