// What Dynamics has and no list showed: asked for by id, one by one, before anything is concluded.
import type { SnapshotRecord } from '../rdv-solidarites/snapshot.ts';
import { liveAmong, membershipsOf } from './our-records.ts';
import type { Candidate, Run, Target } from './run.ts';
import { type Taking, take } from './take.ts';
import { linkOf } from './visit.ts';

/** More than this part of an organisation is never taken for gone. */
const MOST_GONE = 0.02;
/** In a small organisation two records are more than that part; of very few, half at most. */
const ALWAYS_ALLOWED = 2;

/** Reads again by id what Dynamics knew newer. @returns whether all were read */
export async function readAgain(run: Run, means: Taking): Promise<boolean> {
  for (let target = run.again[0]; target !== undefined; target = run.again[0]) {
    const found = await ask(target, means);
    if (found.kind === 'found') {
      const record: SnapshotRecord = { event: 'snapshot', model: target.model, data: found.record.body };
      await take(run, means, found, [record], { last: true });
    } else run.counts.stale += 1;
    run.again.shift();
    await means.save(run);
    if (means.isLate()) return false;
  }
  return true;
}

const ask = ({ model, id }: Target, { sender }: Taking, witness?: number) =>
  model === 'Rdv' ? sender.readRdv(id, witness) : model === 'User' ? sender.readUsager(id) : sender.readAbsence(id);

/**
 * Leaves out what nothing may be concluded about: of organisations that the account lost meanwhile, and where more would go
 * than can be true.
 */
export function weigh(run: Run, present: ReadonlySet<number>): void {
  const groups = Map.groupBy(run.candidates, ({ model, organisation }) => `${model}-${organisation}`);
  run.candidates = [...groups].flatMap(([key, candidates]) => {
    const [first] = candidates;
    if (first === undefined) return [];
    const isHere = present.has(first.organisation);
    const size = run.sizes[key] ?? 0;
    const most = Math.max(Math.min(ALWAYS_ALLOWED, size / 2), size * MOST_GONE);
    if (isHere && candidates.length <= most) return candidates;
    if (isHere) run.refused.push(key);
    run.counts.outside += candidates.length;
    return [];
  });
}

/** Asks for each candidate by id. @returns whether all were asked for */
export async function conclude(run: Run, means: Taking): Promise<boolean> {
  for (let candidate = run.candidates[0]; candidate !== undefined; candidate = run.candidates[0]) {
    await concludeOne(run, means, candidate);
    run.candidates.shift();
    await means.save(run);
    if (means.isLate()) return false;
  }
  return true;
}

async function concludeOne(run: Run, means: Taking, candidate: Candidate): Promise<void> {
  // Its own notification may have come since the list was read.
  const live = await liveAmong(means.calls, [linkOf(candidate)]);
  const { model, id, motif } = candidate;
  if (!live.has(linkOf(candidate))) return;
  const found = await ask({ model, id }, means, motif === null ? undefined : run.witnesses[motif]);
  if (found.kind === 'found') {
    await take(run, means, found, [{ event: 'snapshot', model, data: found.record.body }], { last: true });
    return;
  }
  if (found.kind === 'outside' && (model === 'Rdv' || (await mayBeHidden(candidate, means)))) {
    run.counts.outside += 1;
    return;
  }
  const forbidden = found.kind === 'outside' ? ({ reason: 'forbidden' } as const) : {};
  await take(run, means, found, [{ event: 'missing', model, data: { id }, ...forbidden }], {
    as: 'missing',
    last: true,
  });
}

/**
 * Whether a usager who is in none of the account's organisations (403) may be in one where it has no role, or no longer:
 * looked at after the answer.
 */
async function mayBeHidden({ id }: Candidate, { calls, sender }: Taking): Promise<boolean> {
  const present = new Set<number>();
  for await (const { records } of sender.readOrganisations()) for (const one of records) present.add(one.id);
  return (await membershipsOf(calls, id)).some((organisation) => !present.has(organisation));
}
