// Keeps recurring absences and plages d'ouverture up to date: moves on each series whose turn has come.
import { openCalls } from '../dataverse/calls.ts';
import { DataverseError } from '../dataverse/failure.ts';
import { performChangeSet } from '../dataverse/perform.ts';
import { readRows } from '../dataverse/read.ts';
import { readDisabledUsers, readDueSeries } from '../dataverse/read-series.ts';
import type { Log } from '../log.ts';
import type { Guid, LinkName } from '../sync/links.ts';
import { moveSeries, type SeriesNow } from '../sync/move-series.ts';
import { type LinkRow, NOTHING_TO_READ } from '../sync/rows.ts';
import type { Worker } from './deliver.ts';

/** Series that are read together: their occurrences stay far below the 5,000 rows of an answer. */
const TOGETHER = 10;

/** Of one run, in ms: below the function's time-out of two minutes (host.json), with room for the last change sets. */
const RUN_MS = 60_000;

/** `away`: Dataverse answers nobody, so that there is no use in going on. */
type Result = 'moved' | 'conflict' | 'failed' | 'away';

/**
 * Moves on all series whose turn has come, or as many as a run has time for: those left are still due in the next one.
 * A series that somebody else writes at the same time is left for the next run as well.
 */
export async function moveCalendars(worker: Worker, log: Log): Promise<void> {
  const startedAt = worker.now();
  const calls = openCalls(worker.line);
  const results: Result[] = [];
  /** Those that stay due. */
  const left = new Set<LinkName>();
  while (!results.includes('away') && worker.now() - startedAt < RUN_MS) {
    const next = await guarded(undefined, async () => {
      const due = await readDueSeries(calls, toText(worker.now()), TOGETHER + left.size);
      return moveAll(
        due
          .map(({ name }) => name)
          .filter((name) => !left.has(name))
          .slice(0, TOGETHER),
      );
    });
    if (next.length === 0) break;
    results.push(...next);
  }
  const count = (...kinds: readonly Result[]) => results.filter((result) => kinds.includes(result)).length;
  log('info', 'calendars.moved', {
    moved: count('moved'),
    conflicts: count('conflict'),
    failed: count('failed', 'away'),
    requests: calls.count,
    durationMs: worker.now() - startedAt,
  });

  async function moveAll(names: readonly LinkName[]): Promise<readonly Result[]> {
    if (names.length === 0) return [];
    return worker.inTurn(names, async () => {
      const known = await readRows(calls, { ...NOTHING_TO_READ, links: names, occurrences: names });
      const links = names.flatMap((name) => known.links.get(name) ?? []);
      const disabled = await readDisabledUsers(calls, [...new Set(links.flatMap(ownerOf))]);
      const series = links.map((link) => ({ link, rows: known.occurrences.get(link.name) ?? [], disabled }));
      return (await Promise.all(series.map(moveOne))).flat();
    });
  }

  async function moveOne(series: SeriesNow): Promise<readonly Result[]> {
    const { name } = series.link;
    const results = await guarded(name, async () => {
      const writes = moveSeries(series, worker.policy, worker.now());
      worker.memory.forget(writes);
      await performChangeSet(calls, writes);
      return ['moved'] as const;
    });
    if (!results.includes('moved')) left.add(name);
    return results;
  }

  async function guarded(
    record: LinkName | undefined,
    work: () => Promise<readonly Result[]>,
  ): Promise<readonly Result[]> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DataverseError)) throw error;
      const { kind, code, status } = error.failure;
      if (kind === 'conflict') return ['conflict'];
      log('error', 'calendars.failed', { record, kind, code, status });
      return [kind === 'permanent' ? 'failed' : 'away'];
    }
  }
}

const toText = (now: number) => `${new Date(now).toISOString().slice(0, 19)}Z`;

function ownerOf({ series }: LinkRow): readonly Guid[] {
  const owner = series?.columns['ownerid'];
  return typeof owner === 'object' && owner !== null && owner.table === 'systemuser' ? [owner.id] : [];
}
