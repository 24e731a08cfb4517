// One notification into Dynamics: read, decide, write; again when somebody else was faster.
import type { Calls } from '../dataverse/calls.ts';
import { untilNoConflict } from '../dataverse/conflicts.ts';
import { DataverseError } from '../dataverse/failure.ts';
import { performChangeSet } from '../dataverse/perform.ts';
import { readWithFormer } from '../dataverse/read-former.ts';
import { settle } from '../dataverse/settle.ts';
import { participationsAfter, rowTables } from '../dataverse/tables.ts';
import type { WrittenTable } from '../schema/tables.ts';
import type { Inspected } from '../sync/decide.ts';
import type { Guid } from '../sync/model/link-names.ts';
import type { FormerColumns, Plan, Write } from '../sync/model/plan.ts';
import type { Known, ReadRequest, Row } from '../sync/model/rows.ts';
import { isProven, type Memory } from './memory.ts';
import { certainlyRefused, ownersRefused, type RefusedOwner } from './refused-owners.ts';

export interface Synchronised {
  readonly plan: Plan;
  readonly conflicts: number;
  /** Owners whom Dataverse refused: the plan gave their rows to others. */
  readonly refused: readonly RefusedOwner[];
}

export interface SynchroniseWith {
  readonly calls: Calls;
  readonly memory: Memory;
  /** Whether memory may spare the reading: not for a replay, which somebody asked for because something was wrong. */
  readonly trustMemory?: boolean;
}

interface Decided {
  readonly plan: Plan;
  readonly known: Known;
}

/** An agent and the default team as owners of participations; an agent, the team of the organisation, the default team. */
const MAX_REFUSALS = 6;

/**
 * Applies a notification: two requests when nobody else writes the same rows, one when memory holds them, none when
 * memory proves that there is nothing to do; two more for each conflict, and for each owner who is refused: the rows go
 * to the next one, and that owner is not asked for again while memory lasts.
 *
 * @throws DataverseError; a conflict that does not end comes out as kind `conflict`
 */
export async function synchronise(inspected: Inspected, means: SynchroniseWith): Promise<Synchronised> {
  const trusts = means.trustMemory !== false;
  const refused: RefusedOwner[] = [];
  return untilNoConflict(async (conflicts) => {
    for (;;) {
      const isFirst = conflicts === 0 && refused.length === 0;
      const remembers = (of: RefusedOwner['of']) => (trusts ? means.memory.refusedOwners(of) : []);
      const refusedOf = (of: RefusedOwner['of']): Owners =>
        new Set([...remembers(of), ...refused.filter((owner) => owner.of === of).map(({ id }) => id)]);
      const passedOver = { rows: refusedOf('rows'), participations: refusedOf('participations') };
      const remembered = isFirst && trusts ? fromMemory(inspected, passedOver, means) : undefined;
      // What is merely named may be a minute old; what a notification is about may not.
      const trustMemory = isFirst && trusts && inspected.named.length > 0;
      const decided = remembered ?? (await fromRows(inspected, passedOver, { ...means, trustMemory }));
      const lost = await write(decided, means, MAX_REFUSALS - refused.length);
      refused.push(...lost);
      if (lost.length > 0) continue;
      means.memory.learnRefused(certainlyRefused(refused));
      return { plan: decided.plan, conflicts, refused };
    }
  });
}

/**
 * Reads what the notification needs and decides, without writing.
 *
 * @throws DataverseError
 */
export async function planFor(inspected: Inspected, means: SynchroniseWith): Promise<Plan> {
  return (await fromRows(inspected, NOBODY, means)).plan;
}

type Owners = ReadonlySet<Guid>;
/** Who is refused, by what they would own. */
type Refused = Readonly<Record<RefusedOwner['of'], Owners>>;

const NOBODY: Refused = { rows: new Set(), participations: new Set() };

function fromMemory(inspected: Inspected, refused: Refused, { memory }: SynchroniseWith): Decided | undefined {
  const known = memory.recall(inspected.reads);
  if (known === undefined) return undefined;
  const plan = inspected.decide(known, refused.rows, refused.participations);
  return plan.kind === 'plan' && isProven(plan) ? { plan, known } : undefined;
}

async function fromRows(inspected: Inspected, refused: Refused, means: SynchroniseWith): Promise<Decided> {
  const decide = (known: Known) => inspected.decide(known, refused.rows, refused.participations);
  const { decided, known } = await settle<Plan>(
    inspected.reads,
    (request, columns) => read(request, means, columns),
    decide,
  );
  return { plan: decided, known };
}

/**
 * Writes a plan.
 *
 * @param refusalsLeft how often rows may still go to somebody else when their owner is refused
 * @returns the owners who were refused: then nothing of that change set was written
 */
async function write(
  { plan, known }: Decided,
  means: SynchroniseWith,
  refusalsLeft: number,
): Promise<readonly RefusedOwner[]> {
  try {
    for (const changeSet of plan.changeSets) await perform(changeSet, known, means);
    // What was read is not what a later change set found: nothing is remembered of a plan that was split.
    if (plan.changeSets.length > 1) means.memory.forget(plan.changeSets.flat());
    return [];
  } catch (error) {
    const refused =
      error instanceof DataverseError && refusalsLeft > 0 ? ownersRefused(error.failure, plan.changeSets.flat()) : [];
    if (refused.length === 0) throw error;
    return refused;
  }
}

const NO_MOTIFS: ReadonlyMap<Guid, Row> = new Map();

async function read(
  request: ReadRequest,
  { calls, memory, trustMemory }: SynchroniseWith,
  columns: FormerColumns = {},
): Promise<Known> {
  const users = memory.recallAgents(request.agents);
  const motifs = trustMemory === false ? NO_MOTIFS : memory.recallMotifs(request.rdvs_motif);
  const asked = {
    ...request,
    agents: request.agents.filter((email) => !users.has(email)),
    rdvs_motif: request.rdvs_motif.filter((id) => !motifs.has(id)),
  };
  const known = await readWithFormer(calls, asked, columns);
  memory.learn(known);
  return {
    ...known,
    agents: new Map([...known.agents, ...users]),
    rdvs_motif: new Map([...known.rdvs_motif, ...motifs]),
  };
}

async function perform(writes: readonly Write[], known: Known, { calls, memory }: SynchroniseWith): Promise<void> {
  // Until the answer is there, nobody knows what the rows hold.
  memory.forget(writes);
  const answers = await performChangeSet(calls, writes);
  const written = writes.map((write, at) => ({ write, answer: answers[at] }));
  for (const { write, answer } of written) {
    if (write.operation !== 'delete' && typeof answer === 'object') learn(write.table, answer);
  }
  // Participations are remembered with their appointment, which need not have been written itself.
  if (!writes.some(({ table }) => table === 'rdvs_participation')) return;
  for (const row of known.appointment.values()) {
    if (row === null || writes.some(({ id }) => id === row.id)) continue;
    memory.learnWritten('appointment', { ...row, participations: participationsAfter(row, written) });
  }

  function learn<T extends WrittenTable>(table: T, answer: unknown): void {
    const { read, complete } = rowTables[table];
    const answered = read(answer, calls.mapped);
    const row = complete === undefined ? answered : complete(answered, known, written);
    if (row !== undefined) memory.learnWritten(table, row);
  }
}
