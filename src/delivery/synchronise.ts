// One notification into Dynamics: read, decide, write; again when somebody else was faster.
import type { Calls } from '../dataverse/calls.ts';
import { DataverseError } from '../dataverse/failure.ts';
import { performChangeSet } from '../dataverse/perform.ts';
import { readRows } from '../dataverse/read.ts';
import { decide, type Question, readsFor } from '../sync/decide.ts';
import type { Plan } from '../sync/plan.ts';
import { addKnown, type Known, NOTHING_KNOWN, type ReadRequest } from '../sync/rows.ts';
import type { AgentCache } from './agent-cache.ts';

export interface Synchronised {
  readonly plan: Plan;
  readonly conflicts: number;
}

export interface Means {
  readonly calls: Calls;
  readonly agents: AgentCache;
}

const MAX_CONFLICTS = 5;
/** Merged contacts can point to merged contacts; more steps than this are a loop. */
const MAX_READS = 5;

/**
 * Applies a notification: two requests when nobody else writes the same rows, two more for each conflict.
 *
 * @throws DataverseError; a conflict that does not end comes out as kind `conflict`
 */
export async function synchronise(question: Question, means: Means): Promise<Synchronised> {
  for (let conflicts = 0; ; conflicts += 1) {
    const plan = await planFor(question, means);
    try {
      for (const changeSet of plan.changeSets) await performChangeSet(means.calls, changeSet);
      return { plan, conflicts };
    } catch (error) {
      const isConflict = error instanceof DataverseError && error.failure.kind === 'conflict';
      if (!isConflict || conflicts >= MAX_CONFLICTS) throw error;
    }
  }
}

/**
 * Reads what the notification needs and decides, without writing.
 *
 * @throws DataverseError
 */
export async function planFor(question: Question, means: Means): Promise<Plan> {
  let request = readsFor(question);
  let known = NOTHING_KNOWN;
  for (let reads = 0; reads < MAX_READS; reads += 1) {
    if (request !== undefined) known = addKnown(known, await read(request, means));
    const decision = decide(question, known);
    if (decision.kind === 'plan') return decision;
    request = decision.request;
  }
  throw new DataverseError({ kind: 'transient', code: 'unsettled-rows' });
}

async function read(request: ReadRequest, { calls, agents }: Means): Promise<Known> {
  const remembered = new Map(
    request.agents.flatMap((email) => {
      const id = agents.get(email);
      return id === undefined ? [] : [[email, id]];
    }),
  );
  const asked = request.agents.filter((email) => !remembered.has(email));
  const known = await readRows(calls, { ...request, agents: asked });
  agents.learn(known.agents);
  return { ...known, agents: new Map([...known.agents, ...remembered]) };
}
