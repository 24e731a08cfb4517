// Writes incidents: a hundred in one change set, and fewer when one of them is refused.
import type { Calls } from '../dataverse/calls.ts';
import { DataverseError } from '../dataverse/failure.ts';
import type { Operation } from '../dataverse/shared-batch.ts';
import { tables } from '../schema/tables.ts';
import { chunks } from '../sync/model/chunks.ts';
import type { IncidentColumns } from './incident-rows.ts';

export interface IncidentWrite {
  readonly id: string;
  readonly columns: IncidentColumns;
  /** The etag that the row must have; `absent` for a new one, `any` for one that is ours to finish. */
  readonly condition: string;
}

export interface Written<W> {
  readonly done: readonly W[];
  /** Somebody else wrote first: the next run reads them again. */
  readonly conflicts: number;
  /** Refused for good, with the code. */
  readonly refused: readonly { readonly write: W; readonly code: string }[];
}

/** Rows of one change set. */
const TOGETHER = 100;

/**
 * Writes rows, each on its condition. One that is refused keeps back no other: its change set goes again in halves.
 *
 * @throws DataverseError when Dataverse cannot be reached or is not set up; what was written until then stays
 */
export async function writeIncidents<W extends IncidentWrite>(calls: Calls, writes: readonly W[]): Promise<Written<W>> {
  const results = [];
  for (const some of chunks(writes, TOGETHER)) results.push(await writeTogether(calls, some));
  return sum(results);
}

async function writeTogether<W extends IncidentWrite>(calls: Calls, writes: readonly W[]): Promise<Written<W>> {
  try {
    await calls.send(
      writes.map(send),
      writes.map(({ id }) => `rdvs_incident ${id}`),
    );
    return { done: writes, conflicts: 0, refused: [] };
  } catch (error) {
    if (!(error instanceof DataverseError)) throw error;
    const { kind, code } = error.failure;
    if (kind !== 'conflict' && kind !== 'permanent') throw error;
    const [first, ...others] = writes;
    if (first !== undefined && others.length === 0) {
      if (kind === 'conflict') return { done: [], conflicts: 1, refused: [] };
      return { done: [], conflicts: 0, refused: [{ write: first, code }] };
    }
    const half = Math.ceil(writes.length / 2);
    return sum([await writeTogether(calls, writes.slice(0, half)), await writeTogether(calls, writes.slice(half))]);
  }
}

function send({ id, columns, condition }: IncidentWrite): Operation {
  const target = { collection: tables.rdvs_incident.entitySet, key: id, data: { ...columns } };
  if (condition === 'absent') return (api, contentId) => api.upsert({ ...target, contentId, ifnonematch: '*' });
  return (api, contentId) => api.update({ ...target, contentId, ifmatch: condition === 'any' ? '*' : condition });
}

const sum = <W>(results: readonly Written<W>[]): Written<W> => ({
  done: results.flatMap(({ done }) => done),
  conflicts: results.reduce((total, { conflicts }) => total + conflicts, 0),
  refused: results.flatMap(({ refused }) => refused),
});
