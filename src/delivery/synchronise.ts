// One notification into Dynamics: read, decide, write; again when somebody else was faster.
import type { Calls } from '../dataverse/calls.ts';
import { DataverseError } from '../dataverse/failure.ts';
import { performChangeSet } from '../dataverse/perform.ts';
import { readRows } from '../dataverse/read.ts';
import { readAppointment, readContact, readLink } from '../dataverse/row-readers.ts';
import { decide, type Question, readsFor } from '../sync/decide.ts';
import type { Guid } from '../sync/model/link-names.ts';
import type { Plan, Write } from '../sync/model/plan.ts';
import {
  type AppointmentRow,
  addKnown,
  type Known,
  NOTHING_KNOWN,
  type Party,
  type ReadRequest,
} from '../sync/model/rows.ts';
import { isProven, type Memory, type WrittenRow } from './memory.ts';
import { certainlyRefused, ownersRefused, type RefusedOwner } from './refused-owners.ts';

export interface Synchronised {
  readonly plan: Plan;
  readonly conflicts: number;
  /** Owners whom Dataverse refused: the plan gave their rows to others. */
  readonly refused: readonly RefusedOwner[];
}

export interface Means {
  readonly calls: Calls;
  readonly memory: Memory;
  /** Whether memory may spare the reading: not for a replay, which somebody asked for because something was wrong. */
  readonly trustMemory?: boolean;
}

interface Decided {
  readonly plan: Plan;
  readonly known: Known;
}

const MAX_CONFLICTS = 5;
/** An agent, the team of the organisation, the default team. */
const MAX_REFUSALS = 3;
/** Merged contacts can point to merged contacts; more steps than this are a loop. */
const MAX_READS = 5;

/**
 * Applies a notification: two requests when nobody else writes the same rows, one when memory holds them, none when
 * memory proves that there is nothing to do; two more for each conflict, and for each owner who is refused: the rows go
 * to the next one, and that owner is not asked for again while memory lasts.
 *
 * @throws DataverseError; a conflict that does not end comes out as kind `conflict`
 */
export async function synchronise(asked: Question, means: Means): Promise<Synchronised> {
  const trusts = means.trustMemory !== false;
  const refused: RefusedOwner[] = [];
  let conflicts = 0;
  for (let attempt = 0; ; attempt += 1) {
    const before = trusts ? means.memory.refusedOwners() : [];
    const question = { ...asked, refusedOwners: new Set([...before, ...refused.map(({ id }) => id)]) };
    const remembered = attempt === 0 && trusts ? fromMemory(question, means) : undefined;
    const decided = remembered ?? (await fromRows(question, means));
    try {
      for (const changeSet of decided.plan.changeSets) await perform(changeSet, decided.known, means);
      means.memory.learnRefused(certainlyRefused(refused));
      return { plan: decided.plan, conflicts, refused };
    } catch (error) {
      if (!(error instanceof DataverseError)) throw error;
      const owners = refused.length < MAX_REFUSALS ? ownersRefused(error.failure, decided.plan.changeSets.flat()) : [];
      refused.push(...owners);
      if (owners.length > 0) continue;
      if (error.failure.kind !== 'conflict' || conflicts >= MAX_CONFLICTS) throw error;
      conflicts += 1;
    }
  }
}

/**
 * Reads what the notification needs and decides, without writing.
 *
 * @throws DataverseError
 */
export async function planFor(question: Question, means: Means): Promise<Plan> {
  return (await fromRows(question, means)).plan;
}

function fromMemory(question: Question, { memory }: Means): Decided | undefined {
  const request = readsFor(question);
  const known = request === undefined ? NOTHING_KNOWN : memory.recall(request);
  if (known === undefined) return undefined;
  const plan = decide(question, known);
  return plan.kind === 'plan' && isProven(plan) ? { plan, known } : undefined;
}

async function fromRows(question: Question, means: Means): Promise<Decided> {
  let request = readsFor(question);
  let known = NOTHING_KNOWN;
  for (let reads = 0; reads < MAX_READS; reads += 1) {
    if (request !== undefined) known = addKnown(known, await read(request, means));
    const decision = decide(question, known);
    if (decision.kind === 'plan') return { plan: decision, known };
    request = decision.request;
  }
  throw new DataverseError({ kind: 'transient', code: 'unsettled-rows' });
}

async function read(request: ReadRequest, { calls, memory }: Means): Promise<Known> {
  const remembered = memory.recallAgents(request.agents);
  const asked = request.agents.filter((email) => !remembered.has(email));
  const known = await readRows(calls, { ...request, agents: asked });
  memory.learn(known);
  return { ...known, agents: new Map([...known.agents, ...remembered]) };
}

async function perform(writes: readonly Write[], known: Known, { calls, memory }: Means): Promise<void> {
  // Until the answer is there, nobody knows what the rows hold.
  memory.forget(writes);
  const answers = await performChangeSet(calls, writes);
  memory.learnWritten(writes.flatMap((write, at) => readWritten(write, answers[at], partiesAfter(write.id))));

  /** The answer to a write carries no attendees: they are what was written, or what was read. */
  function partiesAfter(id: Guid): readonly Party[] | undefined {
    const written = writes.findLast((write) => write.id === id && write.parties !== undefined);
    return written?.parties ?? known.appointments.get(id)?.parties;
  }
}

function readWritten(
  { table, operation }: Write,
  answer: unknown,
  parties: readonly Party[] | undefined,
): readonly WrittenRow[] {
  if (operation === 'delete' || typeof answer !== 'object') return [];
  switch (table) {
    case 'rdvs_link':
      return [{ table, row: readLink(answer).link }];
    case 'contact':
      return [{ table, row: readContact(answer) }];
    case 'appointment':
      return parties === undefined ? [] : rememberable({ ...readAppointment(answer), parties });
  }
}

/** Occurrences are read by the name of their series, never by their ids: they would only push RDV out of memory. */
function rememberable(row: AppointmentRow): readonly WrittenRow[] {
  return row.columns['rdvs_calendarentry'] == null ? [{ table: 'appointment', row }] : [];
}
