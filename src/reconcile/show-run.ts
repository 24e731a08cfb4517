// A run as people see it: a row of `rdvs_run` in Dynamics, and lines of the log that alerts query.
import { v5 as uuidV5 } from 'uuid';
import manifest from '../../package.json' with { type: 'json' };
import type { Calls } from '../dataverse/calls.ts';
import { DataverseError } from '../dataverse/failure.ts';
import type { Log } from '../log.ts';
import { optionValues } from '../schema/schema.ts';
import { tables } from '../schema/tables.ts';
import { RUN_NAMESPACE } from '../watch/connector-state.ts';
import type { Counts, Run } from './run.ts';

/** What each number is called in Dynamics, in the order of its lines. */
const LABELS: Readonly<Record<keyof Counts, string>> = {
  read: 'lus',
  same: 'identiques',
  healed: 'rétablis',
  corrected: 'corrigés dans Dynamics',
  keptOut: 'écartés',
  stale: 'plus récents dans Dynamics',
  missing: 'disparus de RDV-Solidarités',
  outside: 'hors de nos droits',
  quarantined: 'en quarantaine',
  unreadable: 'illisibles',
};

/** One line a number; what stopped or limited the run below. */
export function linesOf({ counts, stopped, reportOnly, refused, lost, dryRun, duplicates }: Run): readonly string[] {
  const numbers = Object.entries(LABELS).map(([name, label]) => `${label} : ${counts[name as keyof Counts]}`);
  return [
    ...numbers,
    ...duplicatesLine(duplicates),
    ...(dryRun ? ['à blanc : rien n’a été écrit'] : []),
    ...(stopped === null ? [] : [`arrêté : ${stopped}`]),
    ...(reportOnly === null ? [] : [`rien n’a été écrit : ${reportOnly}`]),
    ...(refused.length === 0 ? [] : [`trop de disparus : ${refused.join(', ')}`]),
    ...(lost.length === 0 ? [] : [`organisations perdues : ${lost.join(', ')}`]),
  ];
}

function duplicatesLine(duplicates: Run['duplicates']): readonly string[] {
  if (duplicates === 'unfinished') return ['doublons : recherche inachevée, lancez `duplicates find`'];
  if (duplicates === null || duplicates === 'begun') return [];
  const { pairs, created, deleted } = duplicates;
  return [`doublons possibles : ${pairs}, dont ${created} nouveaux ; ${deleted} retirés de la liste`];
}

/** Writes the row of a run; again, it is the same row. @throws DataverseError */
async function showInDynamics(run: Run, calls: Calls): Promise<void> {
  const at = (time: number | null) => (time === null ? null : new Date(time).toISOString());
  const data = {
    rdvs_name: `Réconciliation ${run.id}`,
    rdvs_kind: optionValues.rdvs_run.rdvs_kind.reconciliation,
    rdvs_started: at(run.startedAt),
    rdvs_ended: at(run.endedAt),
    rdvs_counts: linesOf(run).join('\n').slice(0, 2000),
    rdvs_version: manifest.version,
  };
  const { entitySet: collection } = tables.rdvs_run;
  await calls.run((api) => api.upsert({ collection, key: uuidV5(run.id, RUN_NAMESPACE), data }));
}

export interface Telling {
  readonly calls: Calls;
  readonly log: Log;
  /** Notifications that wait now, on the queue or held. */
  readonly waiting: () => Promise<number>;
}

/** Tells of a run that is over. Dynamics that cannot be written keeps nobody from the log. */
export async function tellOf(run: Run, { calls, log, waiting }: Telling): Promise<void> {
  const { missing: gone, ...counts } = run.counts;
  const { id, dryRun, stopped, refused, lost, endedAt, startedAt } = run;
  const code = stopped ?? run.reportOnly;
  if (code !== null) log('error', 'reconcile.stopped', { run: id, code });
  if (lost.length > 0) log('warn', 'reconcile.rights-shrunk', { run: id, organisations: lost });
  if (refused.length > 0) log('warn', 'reconcile.too-many-missing', { run: id, lists: refused });
  log('info', 'reconcile.done', {
    run: id,
    dryRun,
    ...counts,
    gone,
    waiting: await waiting(),
    reportOnly: run.reportOnly ?? undefined,
    duplicates: duplicatesOf(run),
    durationMs: (endedAt ?? startedAt) - startedAt,
  });
  if (dryRun || calls.readOnly) return;
  try {
    await showInDynamics(run, calls);
  } catch (error) {
    if (!(error instanceof DataverseError)) throw error;
    log('warn', 'watch.failed', failureOf(error));
  }
}

function duplicatesOf({ duplicates }: Run): number | undefined {
  return duplicates === null || typeof duplicates === 'string' ? undefined : duplicates.pairs;
}

const failureOf = ({ failure: { kind, code, status } }: DataverseError) =>
  ({ part: 'run', kind, code, status }) as const;
