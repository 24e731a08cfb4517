// Moves the window of each recurring absence and plage d'ouverture whose turn has come.
import { openCalls } from '../dataverse/calls.ts';
import { DataverseError } from '../dataverse/failure.ts';
import { performChangeSet } from '../dataverse/perform.ts';
import { readRows } from '../dataverse/read.ts';
import { readDisabledUsers, readDueSeries } from '../dataverse/read-series.ts';
import type { Events, Log } from '../log.ts';
import { moveSeries, type SeriesNow } from '../sync/calendar/move-series.ts';
import type { Guid, LinkName } from '../sync/model/link-names.ts';
import { type LinkRow, NOTHING_TO_READ } from '../sync/model/rows.ts';
import { ownersRefused } from './refused-owners.ts';
import { FIRST } from './turns.ts';
import type { Worker } from './worker.ts';

/** How many series are read, and then written, at the same time. */
const TOGETHER = 10;

/** The time of one run, in ms: below the function's time-out of two minutes (host.json), with room for the last change sets. */
const RUN_MS = 60_000;

type Result = 'moved' | 'conflict' | 'failed';

/**
 * Moves the window of all series whose turn has come, or of as many as a run has time for. The others are still due in
 * the next run, and so is a series that somebody else writes at the same time or that cannot be written.
 */
export async function moveCalendars(worker: Worker, log: Log): Promise<void> {
  if (worker.holding !== undefined) return;
  const startedAt = worker.now();
  const calls = openCalls(worker.dataverse);
  const results: Result[] = [];
  /** Series that stay due for the next run. */
  const left = new Set<LinkName>();
  try {
    while (worker.now() - startedAt < RUN_MS) {
      const due = await readDueSeries(calls, toText(worker.now()), TOGETHER + left.size);
      const next = due.map(({ name }) => name).filter((name) => !left.has(name));
      if (next.length === 0) break;
      results.push(...(await moveAll(next.slice(0, TOGETHER))));
    }
  } catch (error) {
    // Without the list of due series there is nothing to do in this run.
    log('error', 'calendars.failed', failureOf(error));
  }
  const count = (wanted: Result) => results.filter((result) => result === wanted).length;
  log('info', 'calendars.moved', {
    moved: count('moved'),
    conflicts: count('conflict'),
    failed: count('failed'),
    requests: calls.count,
    durationMs: worker.now() - startedAt,
  });

  /** Moves several series together. When a row of one of them cannot be read, each is moved alone, so that only that one fails. */
  async function moveAll(names: readonly LinkName[]): Promise<readonly Result[]> {
    try {
      return await readAndMove(names);
    } catch (error) {
      if (error instanceof DataverseError && !error.failure.own) throw error;
      const [first, ...others] = names;
      if (first !== undefined && others.length === 0) return [failed(first, error)];
      const results: Result[] = [];
      for (const name of names) results.push(...(await moveAll([name])));
      return results;
    }
  }

  async function readAndMove(names: readonly LinkName[]): Promise<readonly Result[]> {
    return worker.inTurn({ keys: names, unseen: [], rank: FIRST }, async () => {
      const known = await readRows(calls, { ...NOTHING_TO_READ, links: names, occurrences: names });
      const links = names.flatMap((name) => known.links.get(name) ?? []);
      const disabled = await readDisabledUsers(calls, [...new Set(links.flatMap(userOwning))]);
      const unfit = new Set([...disabled, ...worker.memory.refusedOwners('rows')]);
      const series = links.map((link) => ({ link, rows: known.occurrences.get(link.name) ?? [], unfit }));
      return Promise.all(series.map(moveOne));
    });
  }

  async function moveOne(series: SeriesNow): Promise<Result> {
    const writes = moveSeries(series, worker.policy, worker.now());
    try {
      worker.memory.forget(writes);
      await performChangeSet(calls, writes);
      return 'moved';
    } catch (error) {
      const refused = error instanceof DataverseError ? ownersRefused(error.failure, writes) : [];
      const lost = refused.filter(({ id }) => !series.unfit.has(id));
      for (const { table, id, code } of lost) log('warn', 'dataverse.owner-refused', { table, owner: id, code });
      // The rows go to the next owner. Nobody is asked again who was refused once, so this ends.
      if (lost.length > 0)
        return moveOne({ ...series, unfit: new Set([...series.unfit, ...lost.map(({ id }) => id)]) });
      return failed(series.link.name, error);
    }
  }

  function failed(record: LinkName, error: unknown): Result {
    left.add(record);
    const failure = failureOf(error);
    if (failure.kind === 'conflict') return 'conflict';
    log('error', 'calendars.failed', { record, ...failure });
    return 'failed';
  }
}

const toText = (now: number) => `${new Date(now).toISOString().slice(0, 19)}Z`;

/** An error that does not come from Dataverse is our own. Its message is not logged, because it may quote a row. */
function failureOf(error: unknown): Omit<Events['calendars.failed'], 'record'> {
  if (!(error instanceof DataverseError)) {
    return { kind: 'permanent', code: `unexpected-${error instanceof Error ? error.name : typeof error}` };
  }
  const { kind, code, status } = error.failure;
  return { kind, code, status };
}

function userOwning({ series }: LinkRow): readonly Guid[] {
  return series?.owner?.table === 'systemuser' ? [series.owner.id] : [];
}
