// What Dynamics has and no list showed: asked for by id, one by one, before anything is concluded.
import * as z from 'zod';
import type { OrganisationId, UsagerId } from '../rdv-solidarites/models.ts';
import type { SnapshotRecord } from '../rdv-solidarites/snapshot.ts';
import type { LinkName } from '../sync/model/link-names.ts';
import { profileLink } from '../sync/people/people-names.ts';
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
  const { model, id, motif } = candidate;
  if (!(await isStillLive(candidate, means))) return;
  const found = await ask({ model, id }, means, motif === null ? undefined : run.witnesses[motif]);
  if (found.kind === 'found') {
    const { body } = found.record;
    if (model === 'User' && (await hasLeft(candidate, body, means))) {
      const data = { user: body, organisation: { id: candidate.organisation } };
      await take(run, means, found, [{ event: 'missing', model: 'UserProfile', data }], { as: 'missing', last: true });
    } else await take(run, means, found, [{ event: 'snapshot', model, data: body }], { last: true });
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

/** The notification of a record or of a membership may have come since the list was read. */
async function isStillLive(candidate: Candidate, { calls }: Taking): Promise<boolean> {
  const { model, id, organisation } = candidate;
  const names: LinkName[] = [linkOf(candidate)];
  if (model === 'User') names.push(profileLink(id as UsagerId, organisation as OrganisationId));
  const live = await liveAmong(calls, names);
  return names.every((name) => live.has(name));
}

const profiles = z.object({
  user_profiles: z.array(z.object({ organisation: z.object({ id: z.int() }) })).min(1),
});

/**
 * Whether a usager is in others of the account's organisations, and not in this one any more. The answer names only
 * organisations where the account has a role: whether it still has one in this is looked at after the answer.
 */
async function hasLeft({ organisation }: Candidate, body: unknown, { sender }: Taking): Promise<boolean> {
  const named = profiles.safeParse(body).data?.user_profiles;
  if (named === undefined || named.some((one) => one.organisation.id === organisation)) return false;
  return (await organisationsNow(sender)).has(organisation);
}

/**
 * Whether a usager who is in none of the account's organisations (403) may be in one where it has no role, or no longer:
 * looked at after the answer.
 */
async function mayBeHidden({ id }: Candidate, { calls, sender }: Taking): Promise<boolean> {
  const present = await organisationsNow(sender);
  return (await membershipsOf(calls, id)).some((organisation) => !present.has(organisation));
}

async function organisationsNow(sender: Taking['sender']): Promise<ReadonlySet<number>> {
  const present = new Set<number>();
  for await (const { records } of sender.readOrganisations()) for (const { id } of records) present.add(id);
  return present;
}
