// Request 1: everything that a decision needs, in one batch of queries, so that nothing can be "not found".
import * as z from 'zod';
import type { MappedColumns } from '../sync/mapped-columns.ts';
import type { Known, ReadRequest } from '../sync/model/rows.ts';
import type { Calls } from './calls.ts';
import { FRESH } from './connection.ts';
import { DataverseError, UNREADABLE } from './failure.ts';
import { FILTER_VALUES } from './filters.ts';
import { ASK, type Form, nothingOf, type Query } from './queries.ts';

/** Values in the filter of a query that goes alone: dynamics-web-api makes a batch of an address longer than 2,000 characters. */
const VALUES_ALONE = 5;

/**
 * Reads the rows of a request. Rows that do not exist are entered as `null`.
 *
 * One batch; when its answer cannot be read because of a text in one of the rows, each query again in a request of its
 * own, whose answer is not cut at that text.
 *
 * @param mapped the columns that are read of contacts and appointments
 * @throws DataverseError
 */
export async function readRows(calls: Calls, request: ReadRequest, mapped = calls.mapped): Promise<Known> {
  try {
    return await readTogether(calls, request, mapped);
  } catch (error) {
    if (!(error instanceof DataverseError) || error.failure !== UNREADABLE) throw error;
    return readApart(calls, request, mapped);
  }
}

async function readTogether(calls: Calls, request: ReadRequest, mapped: MappedColumns): Promise<Known> {
  const found = nothingOf(request);
  const queries = queriesFor(request, { mapped, values: FILTER_VALUES });
  if (queries.length === 0) return found;
  const answers = await calls.send(queries.map((query) => (api) => api.retrieveMultiple(query.request)));
  queries.forEach(({ take }, at) => {
    take(answer.parse(answers[at]).value, found);
  });
  return found;
}

async function readApart(calls: Calls, request: ReadRequest, mapped: MappedColumns): Promise<Known> {
  const found = nothingOf(request);
  // An address must not name anybody, and requests are logged by their addresses: then nobody is looked for.
  const queries = queriesFor({ ...request, candidates: [] }, { mapped, values: VALUES_ALONE });
  for (const query of queries) query.take(answer.parse(await readAlone(calls, query)).value, found);
  return found;
}

async function readAlone(calls: Calls, { request }: Query): Promise<unknown> {
  try {
    return await calls.run((api) => api.retrieveMultiple(request));
  } catch (error) {
    if (error instanceof DataverseError && error.failure.own) throw new DataverseError(UNREADABLE);
    throw error;
  }
}

const answer = z.object({ value: z.array(z.unknown()) });

function queriesFor(request: ReadRequest, form: Form): readonly Query[] {
  const ask = <K extends keyof ReadRequest>(kind: K) => ASK[kind](request[kind], form);
  const queries = KINDS.flatMap(ask);
  return queries.map(({ request, take }) => ({ request: { ...request, headers: FRESH }, take }));
}

const KINDS = Object.keys(ASK) as (keyof ReadRequest)[];
