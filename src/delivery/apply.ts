// Applies a notification to Dynamics, in its turn and within its time limit, and logs the result.
import { openCalls } from '../dataverse/calls.ts';
import { withDeadline } from '../dataverse/deadline.ts';
import { matchFor } from '../matching/match-newcomers.ts';
import type { Notification } from '../rdv-solidarites/notification.ts';
import { inspect } from '../sync/decide.ts';
import { bodyHash } from '../sync/model/applied.ts';
import type { Drift, Outcome, Plan, RecordDrift } from '../sync/model/plan.ts';
import { versionOf } from '../sync/model/version.ts';
import { type Delivery, identify, NO_OUTCOMES } from './endings.ts';
import { type Synchronised, synchronise } from './synchronise.ts';

/** The whole of one delivery, waiting included, in ms: below the function's time-out of two minutes (host.json). */
const DELIVERY_MS = 100_000;

/**
 * Applies a notification.
 *
 * @throws DataverseError; DeadlineError when the delivery takes too long
 */
export async function apply(notification: Notification, body: Buffer, delivery: Delivery): Promise<void> {
  const { envelope, worker, begunAt } = delivery;
  const startedAt = worker.now();
  const inspected = inspect({
    notification,
    policy: worker.policy,
    match: matchFor(worker.policy),
    source: envelope.source,
    now: startedAt,
    stamp: {
      snapshotAt: notification.snapshotAt,
      receivedAt: envelope.receivedAt,
      body: bodyHash(body),
      notificationId: envelope.notificationId,
      ...(envelope.kind === 'snapshot' && { snapshot: true }),
    },
  });
  const means = {
    memory: worker.memory,
    trustMemory: envelope.replayedAt === undefined && envelope.kind === undefined,
  };
  const turn = {
    keys: inspected.turns,
    unseen: inspected.named.filter((name) => !worker.memory.remembers(name)),
    rank: versionOf(notification.snapshotAt, envelope.receivedAt),
  };
  const done = await withDeadline(DELIVERY_MS - (worker.now() - begunAt), (signal) =>
    worker.inTurn(turn, async () => {
      // Given up while it waited for its turn: the message is on the queue again by now.
      signal.throwIfAborted();
      const calls = openCalls(worker.dataverse, signal);
      return { ...(await synchronise(inspected, { ...means, calls })), requests: calls.count };
    }),
  );
  logDone(notification, done, { delivery, startedAt });
}

function logDone(
  { model, event }: Notification,
  { plan, conflicts, refused, requests }: Synchronised & { readonly requests: number },
  { delivery, startedAt }: { delivery: Delivery; startedAt: number },
): void {
  const { envelope, worker, log } = delivery;
  const endedAt = worker.now();
  const tied = plan.records.filter((record) => record.tied).length;
  for (const { table, id, code } of refused) log('warn', 'dataverse.owner-refused', { table, owner: id, code });
  log('info', 'notification.done', {
    ...identify(envelope),
    model,
    change: event,
    outcome: plan.outcome,
    reasons: reasonsOf(plan),
    ...countOutcomes(plan),
    requests,
    conflicts,
    attempt: envelope.attempt ?? 0,
    delayMs: endedAt - envelope.receivedAt,
    durationMs: endedAt - startedAt,
    cut: plan.cut,
    unfit: plan.unfit,
    ...(tied > 0 && { tied }),
    ...(plan.drift && countDrift(plan.drift)),
  });
}

function countDrift(drift: readonly RecordDrift[]) {
  const count = (wanted: Drift) => drift.filter((one) => one.drift === wanted).length;
  return {
    healed: count('would-write'),
    corrected: count('corrected'),
    keptOut: count('kept-out'),
    outrun: count('stale'),
  };
}

function countOutcomes({ records, outcome }: Plan): Record<Outcome, number> {
  const counts = { ...NO_OUTCOMES };
  if (records.length === 0) counts[outcome] += 1;
  for (const { outcome } of records) counts[outcome] += 1;
  return counts;
}

function reasonsOf({ records, reason: own }: Plan): readonly string[] {
  return [...new Set([own ?? [], records.flatMap(({ reason }) => reason ?? [])].flat())];
}
