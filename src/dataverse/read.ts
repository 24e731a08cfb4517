// Request 1: everything that a decision needs, in one batch of queries, so that nothing can be "not found".
import type { DynamicsWebApi } from 'dynamics-web-api';
import * as z from 'zod';
import type { Known, ReadRequest } from '../sync/model/rows.ts';
import { inBatch } from './batch.ts';
import type { Calls } from './calls.ts';
import { ASK, nothingOf, type Query } from './queries.ts';

/**
 * Reads the rows of a request. Rows that do not exist are entered as `null`.
 *
 * @throws DataverseError
 */
export async function readRows(calls: Calls, request: ReadRequest): Promise<Known> {
  const found = nothingOf(request);
  const queries = queriesFor(request, calls);
  if (queries.length === 0) return found;
  const ask = (api: DynamicsWebApi) => queries.map((query) => api.retrieveMultiple(query.request));
  const answers = await inBatch(calls, ask);
  queries.forEach(({ take }, at) => {
    take(answer.parse(answers[at]).value, found);
  });
  return found;
}

const answer = z.object({ value: z.array(z.unknown()) });

function queriesFor(request: ReadRequest, { mapped }: Calls): readonly Query[] {
  const ask = <K extends keyof ReadRequest>(kind: K) => ASK[kind](request[kind], mapped);
  return KINDS.flatMap(ask);
}

const KINDS = Object.keys(ASK) as (keyof ReadRequest)[];
