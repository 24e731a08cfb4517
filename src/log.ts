// The log: single JSON objects of a closed set of events. Alerts and workbooks query them.
// Ids, counts, codes and durations only: no personal data.
import manifest from '../package.json' with { type: 'json' };

/** Every event, with the fields it carries. Times are in milliseconds. */
export interface Events {
  'settings.secret-discarded': { secret: string; reason: string };
  'notification.received': {
    notificationId: string;
    source?: string | undefined;
    bytes: number;
    secret: string;
    stored: 'queue' | 'blob';
  };
  'notification.refused': {
    /** Present only when the label is valid, because anybody may call this address. */
    source?: string | undefined;
    status: number;
    reason: string;
    bytes?: number | undefined;
  };
  'notification.done': {
    notificationId: string;
    source?: string | undefined;
    model: string;
    /** `created`, `updated` or `destroyed`. */
    change: string;
    outcome: 'applied' | 'unchanged' | 'stale' | 'ignored';
    reasons: readonly string[];
    applied: number;
    unchanged: number;
    stale: number;
    ignored: number;
    /** Requests made to Dataverse. */
    requests: number;
    /** How often another writer changed a row first. */
    conflicts: number;
    attempt: number;
    /** From the receipt to the end of the work. */
    delayMs: number;
    durationMs: number;
    /** Columns whose text was cut to the column's length. */
    cut: readonly string[];
    /** Columns of the département that cannot hold what the sender says. */
    unfit: readonly string[];
    /** Of a snapshot: records that differed and were written, and those that people changed, deleted, or made newer. */
    healed?: number;
    corrected?: number;
    keptOut?: number;
    outrun?: number;
  };
  'notification.surprise': {
    notificationId: string;
    model: string;
    unknownKeys: readonly string[];
    unknownValues: readonly string[];
    misshapen: readonly string[];
    /**
     * The number of all surprises. The lists name fewer: at most twenty each, and only what looks like a field name.
     */
    count: number;
  };
  'notification.ahead': {
    notificationId: string;
    source?: string | undefined;
    model: string;
    /** How far the date of the body lies after its receipt. The receipt counts instead. */
    aheadMs: number;
  };
  'notification.retried': {
    notificationId: string;
    source?: string | undefined;
    kind: 'transient' | 'configuration' | 'conflict';
    code: string;
    status?: number | undefined;
    attempt: number;
    /** Until it is seen again. */
    delayMs: number;
    /** Since the receipt. A message that was put back is hidden, so that no look at the queue finds its age. */
    ageMs: number;
  };
  'notification.quarantined': {
    notificationId: string;
    source?: string | undefined;
    code: string;
    reason: string;
    attempt: number;
  };
  /** Kept for later, because the connector may not write yet. */
  'notification.held': { notificationId: string; source?: string | undefined };
  'watch.depth': {
    queueDepth: number;
    oldestMessageAgeSeconds: number;
    snapshotDepth: number;
    oldestSnapshotAgeSeconds: number;
    poisonCount: number;
    quarantineCount: number;
    oldestQuarantineAgeSeconds: number;
    heldCount: number;
    oldestHeldAgeSeconds: number;
  };
  /** Messages that storage would have dropped within two days, put on the queue again. */
  'watch.renewed': { renewed: number };
  /** A source sent nothing in hours in which it did a week before; `hours` is how long it is silent, a week at most. */
  'watch.silent': { source?: string | undefined; hours: number };
  'incidents.settled': {
    /** New in Dynamics. */
    shown: number;
    /** Failed again. */
    reopened: number;
    /** Sent again by a choice made in Dynamics. */
    replayed: number;
    discarded: number;
    /** States that people wrote and that are not theirs to write. */
    putBack: number;
    /** Their notification left quarantine. */
    ended: number;
    /** Left for the next run. */
    left: number;
    /** Left for the next run, because somebody else wrote them. */
    conflicts: number;
    failed: number;
    requests: number;
    durationMs: number;
  };
  'incidents.replayed': { notificationId: string; outcome: 'sent' | 'gone' | 'not-a-notification' };
  /** A part of what Dynamics shows of the connector could not be written. */
  'watch.failed': {
    part: 'incidents' | 'state' | 'run';
    kind: 'transient' | 'configuration' | 'conflict' | 'permanent';
    code: string;
    status?: number | undefined;
  };
  'calendars.moved': {
    moved: number;
    /** Left for the next run, because somebody else wrote them. */
    conflicts: number;
    failed: number;
    requests: number;
    durationMs: number;
  };
  'calendars.failed': {
    /** The series, as `plage-9`; none when nothing could be read. */
    record?: string | undefined;
    kind: 'transient' | 'configuration' | 'conflict' | 'permanent';
    code: string;
    status?: number | undefined;
  };
  /** A comparison with the sender is over. */
  'reconcile.done': {
    run: string;
    dryRun: boolean;
    read: number;
    same: number;
    /** Differed, and were sent to be written. */
    healed: number;
    corrected: number;
    keptOut: number;
    stale: number;
    /** At the sender: state `missing` of the link. */
    gone: number;
    outside: number;
    quarantined: number;
    unreadable: number;
    /** Pairs of contacts that may be one person; without it, nobody searched. */
    duplicates?: number | undefined;
    /** Notifications that waited at the end: what was healed may be theirs. */
    waiting: number;
    /** Nothing was written, because the sender's dates could not be trusted. */
    reportOnly?: string | undefined;
    durationMs: number;
  };
  /** A comparison ended before its time, or wrote nothing: the token is gone, nobody answers, or dates cannot be trusted. */
  'reconcile.stopped': { run: string; code: string };
  /** The account sees fewer organisations than in the comparison before. */
  'reconcile.rights-shrunk': { run: string; organisations: readonly number[] };
  /** More records of an organisation are not shown than can be gone. Nothing was concluded. */
  'reconcile.too-many-missing': { run: string; lists: readonly string[] };
  'dataverse.owner-refused': {
    /** `systemuser` or `team`, and its id. */
    table: string;
    owner: string;
    code: string;
  };
  'dataverse.misconfigured': { code: string; status?: number | undefined; missing?: string | undefined };
}

export type EventName = keyof Events;
export type Level = 'info' | 'warn' | 'error';

/** Writes one event. */
export type Log = <E extends EventName>(level: Level, event: E, fields: Events[E]) => void;

/** The part of a Functions context (or of a console) that takes lines. */
export interface LineWriter {
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

/** A log that writes each event as one line of JSON: its name first, which alerts look for, and last what wrote it. */
export function jsonLog(writer: LineWriter): Log {
  return (level, event, fields) => writer[level](JSON.stringify({ event, ...fields, version: manifest.version }));
}
