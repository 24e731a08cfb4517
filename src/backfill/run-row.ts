// The run as a row of Dynamics: from its beginning, and with its counts at its end.
import { v5 as uuidV5 } from 'uuid';
import { type DataverseAccess, openCalls } from '../dataverse/calls.ts';
import { optionValues } from '../schema/schema.ts';
import { tables } from '../schema/tables.ts';
import { RUN_NAMESPACE } from '../watch/connector-state.ts';
import { toInstant } from '../watch/incident-rows.ts';
import type { Progress } from './progress.ts';

/** Written again by a backfill that goes on. @throws DataverseError */
export async function writeRun(
  dataverse: DataverseAccess,
  { run, startedAt }: Pick<Progress, 'run' | 'startedAt'>,
  ended?: { readonly at: number; readonly counts: readonly string[] },
): Promise<void> {
  const data = {
    rdvs_name: run,
    rdvs_kind: optionValues.rdvs_run.rdvs_kind.backfill,
    rdvs_started: toInstant(startedAt),
    ...(ended && { rdvs_ended: toInstant(ended.at), rdvs_counts: ended.counts.join('\n') }),
  };
  const target = { collection: tables.rdvs_run.entitySet, key: uuidV5(run, RUN_NAMESPACE), data };
  await openCalls(dataverse).run((api, signal) => api.upsert({ ...target, signal }));
}
