// Does what people chose in Dynamics: each choice is taken there, on condition that nobody else took it, and only then done.
import { markDiscarded } from '../delivery/quarantine.ts';
import { type Replayed, replay } from '../delivery/replay.ts';
import { optionValues } from '../schema/schema.ts';
import { type IncidentColumns, RESULTS, toInstant } from './incident-rows.ts';
import { type Case, forEachOf, MOST, type Run, writeEach } from './incident-run.ts';

const states = optionValues.rdvs_incident.rdvs_state;

/**
 * Takes the choices, then acts on those that were taken. A process that ends in between leaves “in progress” in the row:
 * a later run goes on. What was sent and not yet said is said by the next run, which finds it gone from quarantine.
 *
 * @throws DataverseError; RestError when storage cannot be reached
 */
export async function doWhatWasChosen(run: Run, cases: readonly Case[]): Promise<void> {
  const chosen = cases.filter(({ step }) => TAKEN[step.kind] !== undefined);
  run.counts.left += Math.max(0, chosen.length - MOST);
  const taken = await writeEach(run, chosen.slice(0, MOST), ({ row, step }) => ({
    id: row.id,
    condition: row.etag,
    columns: TAKEN[step.kind] ?? {},
  }));
  run.counts.putBack += taken.filter(({ step }) => step.kind === 'put-back').length;
  const replays = await forEachOf(run, taken, async ({ row, step }) => {
    if (step.kind === 'discard') {
      await markDiscarded(run.storage, step.notification, true);
      run.counts.discarded += 1;
    }
    return step.kind === 'replay' ? [{ row, outcome: await send(run, step.notification) }] : [];
  });
  await writeEach(run, replays.flat(), ({ row, outcome }) => ({
    id: row.id,
    condition: 'any',
    columns: sayResult(outcome, run.now()),
  }));
  await forEachOf(run, cases, async ({ step }) => {
    if (step.kind === 'mark') await markDiscarded(run.storage, step.notification, step.discarded);
  });
}

/** What a row says once its choice is taken. */
const TAKEN: Readonly<Record<string, IncidentColumns>> = {
  replay: { rdvs_state: states.replaying, rdvs_result: null },
  discard: { rdvs_state: states.discarded, rdvs_result: RESULTS.discarded },
  'put-back': { rdvs_state: states.tosettle, rdvs_result: RESULTS.choose },
};

async function send({ storage, now, log, counts }: Run, notificationId: string): Promise<Replayed> {
  const outcome = await replay(storage, notificationId, now());
  log('info', 'incidents.replayed', { notificationId, outcome });
  if (outcome === 'sent') counts.replayed += 1;
  return outcome;
}

function sayResult(outcome: Replayed, now: number): IncidentColumns {
  const rdvs_endedon = toInstant(now);
  switch (outcome) {
    case 'sent':
      return { rdvs_state: states.replayed, rdvs_result: RESULTS.sent, rdvs_endedon };
    case 'gone':
      return { rdvs_state: states.gone, rdvs_result: RESULTS.gone, rdvs_endedon };
    case 'not-a-notification':
      return { rdvs_state: states.tosettle, rdvs_result: RESULTS.notANotification };
  }
}
