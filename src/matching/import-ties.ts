// Ties many usagers to their contacts: reads, decides and writes, a hundred usagers at a time.
import { type Calls, type DataverseAccess, openCalls } from '../dataverse/calls.ts';
import { untilNoConflict } from '../dataverse/conflicts.ts';
import { performChangeSet } from '../dataverse/perform.ts';
import { readRows } from '../dataverse/read.ts';
import { settle } from '../dataverse/settle.ts';
import { chunks } from '../sync/model/chunks.ts';
import { inOrder } from '../sync/model/parts.ts';
import type { NeedsMore } from '../sync/model/plan.ts';
import { needsMore } from '../sync/model/record-kind.ts';
import { type Known, NOTHING_TO_READ } from '../sync/model/rows.ts';
import { usagerLink } from '../sync/people/people-names.ts';
import type { Decision } from './sheet-reading.ts';
import { decideTie, type Tie, type TieRefusal, type WantedTie } from './tie.ts';

/** Links written in one change set. */
const AT_ONCE = 100;

export interface ImportOptions {
  readonly whenTied: WantedTie['whenTied'];
  readonly dryRun: boolean;
}

export interface RefusedLine {
  readonly line: number;
  readonly usager: number;
  readonly reason: TieRefusal | 'several-contacts';
}

export interface Imported {
  readonly tied: number;
  readonly unchanged: number;
  readonly refused: readonly RefusedLine[];
  /** Requests to Dataverse. */
  readonly requests: number;
}

/**
 * Ties usagers to contacts. An interrupted run can be repeated: usagers that are already tied are left as they are.
 *
 * @throws DataverseError; the change sets before the failed one stay written
 */
export async function importTies(
  dataverse: DataverseAccess,
  decisions: readonly Decision[],
  options: ImportOptions,
): Promise<Imported> {
  const calls = openCalls(dataverse);
  const { single, refused } = separate(decisions);
  let tied = 0;
  let unchanged = 0;
  for (const some of chunks(single, AT_ONCE)) {
    const ties = await tieTogether(calls, some, options);
    ties.forEach((tie, place) => {
      if (tie.kind === 'write') tied += 1;
      if (tie.kind === 'unchanged') unchanged += 1;
      const decision = some[place];
      if (tie.kind === 'refused' && decision !== undefined) refused.push(refusal(decision, tie.reason));
    });
  }
  return { tied, unchanged, refused: refused.sort((a, b) => a.line - b.line), requests: calls.count };
}

function refusal({ line, usager }: Decision, reason: RefusedLine['reason']): RefusedLine {
  return { line, usager, reason };
}

/** One decision for each usager. A usager for whom the sheet names several contacts is tied to none of them. */
function separate(decisions: readonly Decision[]): { single: readonly Decision[]; refused: RefusedLine[] } {
  const byUsager = [...Map.groupBy(decisions, ({ usager }) => usager).values()];
  const agrees = (lines: readonly Decision[]) => new Set(lines.map(({ contact }) => contact)).size === 1;
  return {
    single: byUsager.filter(agrees).flatMap(([first]) => first ?? []),
    refused: byUsager
      .filter((lines) => !agrees(lines))
      .flat()
      .map((decision) => refusal(decision, 'several-contacts')),
  };
}

async function tieTogether(
  calls: Calls,
  decisions: readonly Decision[],
  { whenTied, dryRun }: ImportOptions,
): Promise<readonly Tie[]> {
  const wanted = decisions.map(({ usager, contact }) => ({ usager, contact, whenTied }));
  return untilNoConflict(async () => {
    const ties = await decideAll(calls, wanted);
    // Links are written in the worker's order, so that the two cannot deadlock.
    const writes = inOrder(ties.flatMap((tie) => (tie.kind === 'write' ? tie.write : [])));
    if (writes.length > 0 && !dryRun) await performChangeSet(calls, writes);
    return ties;
  });
}

async function decideAll(calls: Calls, wanted: readonly WantedTie[]): Promise<readonly Tie[]> {
  const links = wanted.map(({ usager }) => usagerLink(usager));
  const contacts = [...new Set(wanted.map(({ contact }) => contact))];
  const first = { ...NOTHING_TO_READ, contact: contacts, links };
  const decide = (known: Known): readonly Tie[] | NeedsMore => {
    const ties = wanted.map((one) => decideTie(one, known));
    const needed = ties.flatMap((tie) => (tie.kind === 'needs' ? tie.contact : []));
    return needed.length === 0 ? ties : needsMore({ contact: [...new Set(needed)] });
  };
  return (await settle<readonly Tie[]>(first, (request) => readRows(calls, request), decide)).decided;
}
