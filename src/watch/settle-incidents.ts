// Keeps incidents in Dynamics and notifications in quarantine alike, and does what people choose there.
import { openCalls } from '../dataverse/calls.ts';
import { DataverseError } from '../dataverse/failure.ts';
import { listQuarantine, type QuarantineEntry } from '../delivery/quarantine.ts';
import { doWhatWasChosen } from './incident-choices.ts';
import { decideIncident } from './incident-decision.ts';
import { incidentId, readOpenIncidents } from './incident-rows.ts';
import type { Case, Counts, Run, Settling } from './incident-run.ts';
import { notifyFollowers } from './notify-followers.ts';
import { endIncidents, showIncidents } from './show-incidents.ts';

/**
 * One run: what people chose is done first, then what is new is shown, the newest first, then what is gone is ended.
 * It may be interrupted anywhere: the next run reads both sides again, and quarantine is the truth.
 *
 * @throws when storage cannot be reached; failures of Dataverse are logged
 */
export async function settleIncidents(settling: Settling): Promise<void> {
  const startedAt = settling.now();
  const run: Run = { ...settling, calls: openCalls(settling.dataverse), counts: nothingCounted() };
  try {
    await settleAll(run);
  } catch (error) {
    if (!(error instanceof DataverseError)) throw error;
    const { kind, code, status, missing } = error.failure;
    run.log('warn', 'watch.failed', { part: 'incidents', kind, code, status });
    if (kind === 'configuration') run.log('error', 'dataverse.misconfigured', { code, status, missing });
  }
  const durationMs = settling.now() - startedAt;
  run.log('info', 'incidents.settled', { ...run.counts, requests: run.calls.count, durationMs });
}

async function settleAll(run: Run): Promise<void> {
  const { calls, storage, self, now } = run;
  // Rows before the list: what the later list lacks has left quarantine.
  const rows = await readOpenIncidents(calls);
  const asking = { self: await self(calls), now: now() };
  const entries = new Map<string, QuarantineEntry>();
  for (const entry of await listQuarantine(storage)) entries.set(incidentId(entry.id), entry);
  const cases = rows.map((row): Case => ({ row, step: decideIncident(row, entries.get(row.id), asking) }));
  await doWhatWasChosen(run, cases);
  await showIncidents(run, cases, entries);
  await endIncidents(run, cases);
  if (run.notify && run.counts.shown + run.counts.reopened > 0) await notifyFollowers(run);
}

function nothingCounted(): Counts {
  return {
    shown: 0,
    reopened: 0,
    replayed: 0,
    discarded: 0,
    putBack: 0,
    ended: 0,
    left: 0,
    conflicts: 0,
    failed: 0,
  };
}
