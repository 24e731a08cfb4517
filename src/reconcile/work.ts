// One work item of a run: stage by stage until its time is over. Each step is kept, so that an item may be repeated.
import * as z from 'zod';
import { DataverseError } from '../dataverse/failure.ts';
import { isSenderFailure, SenderError } from '../rdv-solidarites/api/failure.ts';
import { conclude, readAgain, weigh } from './conclude.ts';
import { keepDuplicates } from './keep-duplicates.ts';
import { recordsInQuarantine } from './our-records.ts';
import type { Run } from './run.ts';
import type { Taking } from './take.ts';
import { visitAbsences, visitRdvs, visitUsagers } from './visit.ts';

/** Items in a row that may fail, a minute apart and more. */
const MOST_FAILURES = 10;

/**
 * Works until the run is over or its time is. What passes by itself is left to the next item; what does not ends the run.
 *
 * @throws an error of the storage SDK
 */
export async function work(run: Run, means: Taking): Promise<void> {
  const { save } = means;
  let kept = structuredClone(run);
  const saving = {
    ...means,
    save: async (next: Run) => {
      await save(next);
      kept = structuredClone(next);
    },
  };
  try {
    await begin(run, saving);
    await goOn(run, saving);
    run.failures = 0;
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    // What a step had counted before it failed is counted when it is repeated.
    Object.assign(run, kept);
    run.failures += 1;
    if (isSenderFailure(error, 'consent') || run.failures >= MOST_FAILURES) end(run, means, code);
  }
  run.touchedAt = means.now();
  await save(run);
}

const OWN = [TypeError, RangeError, z.ZodError] as const;

function codeOf(error: unknown): string | undefined {
  if (error instanceof SenderError) return `${error.failure.kind}-${error.failure.code}`;
  if (error instanceof DataverseError) return `dataverse-${error.failure.code}`;
  // An error of our own comes again with every delivery of the message: only a run that ends is told of.
  if (OWN.some((kind) => error instanceof kind)) return 'internal';
  return undefined;
}

/** Every item begins with a question of its own: the date of its answer dates what is read next. */
async function begin(run: Run, means: Taking): Promise<void> {
  const account = (await means.sender.readMe())?.id ?? null;
  if (run.stage !== 'begin') {
    if (account !== run.account) end(run, means, 'account-changed');
    return;
  }
  run.account = account;
  run.organisations = await organisationsOf(means);
  run.withheld = [...(await recordsInQuarantine(means.calls))];
  run.lost = lostSince(run, new Set(run.organisations.map(({ id }) => id)));
  if (run.organisations.length === 0) end(run, means, 'no-organisation');
  else run.stage = 'usagers';
  await means.save(run);
}

async function organisationsOf({ sender }: Taking): Promise<Run['organisations']> {
  const found: Run['organisations'] = [];
  for await (const { records } of sender.readOrganisations()) {
    found.push(...records.map(({ id, value }) => ({ id, name: value?.name ?? '' })));
  }
  return found.toSorted((a, b) => a.id - b.id);
}

const lostSince = ({ former, lost }: Run, present: ReadonlySet<number>) => [
  ...new Set([...lost, ...former.filter((id) => !present.has(id))]),
];

/** One step at least, although the first question took the whole time of the item: else no item would ever come further. */
async function goOn(run: Run, means: Taking): Promise<void> {
  while (run.endedAt === null) {
    const done = await STAGES[run.stage](run, means);
    if (!done) return;
    if (run.stage === 'end') end(run, means, null);
    else run.stage = followingOf(run);
    await means.save(run);
    // The duplicates begin with the whole time of an item before them.
    if (run.stage === 'duplicates' || means.isLate()) return;
  }
}

const STAGES: Readonly<Record<Run['stage'], (run: Run, means: Taking) => Promise<boolean>>> = {
  begin: async () => true,
  usagers: visitUsagers,
  absences: visitAbsences,
  rdvs: visitRdvs,
  again: async (run, means) => (await readAgain(run, means)) && (await lookAtRights(run, means)),
  conclude,
  duplicates: keepDuplicates,
  end: async () => true,
};

const FOLLOWING = {
  begin: 'usagers',
  usagers: 'absences',
  absences: 'rdvs',
  rdvs: 'again',
  again: 'conclude',
  conclude: 'duplicates',
  duplicates: 'end',
} as const satisfies Partial<Record<Run['stage'], Run['stage']>>;

/** The command compares records alone: `duplicates find` is another. */
function followingOf({ stage, kind }: Run): Run['stage'] {
  if (stage === 'end' || (stage === 'conclude' && kind === 'command')) return 'end';
  return FOLLOWING[stage];
}

/** Only what the account sees at the end, as at the beginning, may be missed. */
async function lookAtRights(run: Run, means: Taking): Promise<boolean> {
  const present = new Set((await organisationsOf(means)).map(({ id }) => id));
  const before = run.organisations.map(({ id }) => id).filter((id) => !present.has(id));
  run.lost = [...new Set([...run.lost, ...before])];
  weigh(run, present);
  return true;
}

function end(run: Run, { now }: Taking, stopped: string | null): void {
  run.endedAt = now();
  run.stopped = stopped;
  // Ids of people are needed no longer.
  run.seen = [];
  run.candidates = [];
  run.again = [];
}
