// Which part of the Web API answers a request. An answer is made in one step; only a transaction may wait before or between steps.

import type { Call } from '../call/call.ts';
import type { ApiContext, ApiRequest, ApiResponse } from '../call/message.ts';
import { done, errorAnswer } from '../call/message.ts';
import { hasDrafts } from '../customization/publication.ts';
import { DataverseError, methodNotAllowed, unknownResource } from '../errors.ts';
import { answerDefinitions, isDefinitionSet } from '../metadata/definitions.ts';
import { parseQuery } from '../odata/options.ts';
import { decode, parsePath } from '../odata/path.ts';
import type { Steps } from '../steps.ts';
import { callOperation, isOperation } from './actions.ts';
import { bulkWrite, isBulk } from './bulk.ts';
import { createEntity, deleteEntity, patchEntity } from './entity-writes.ts';
import { fetchEntities } from './fetch-read.ts';
import { answerMember } from './members.ts';
import { answerMetadata } from './metadata-document.ts';
import { readDrafts, readPublished, readPublishedSet, UNPUBLISHED } from './published-reads.ts';
import { countEntities, readEntities, readEntity } from './reads.ts';
import { transact } from './transact.ts';

/** Answers one request; refusals become error answers, and leave no trace in the rows. */
export function* serve(context: ApiContext, request: ApiRequest): Steps<ApiResponse> {
  const work = () => perform(context, request);
  try {
    if (request.method === 'GET') return context.organization.store.atomically(work);
    const [response = done()] = yield* transact(context, [work]);
    return response;
  } catch (error) {
    if (error instanceof DataverseError) return errorAnswer(error);
    throw error;
  }
}

/** The same for a part of a change set: refusals are thrown, so that the whole set is rolled back. */
export function perform(context: ApiContext, request: ApiRequest): ApiResponse {
  const [path = '', query = ''] = cut(request.target);
  const segments = parsePath(path);
  return route({ context, request, segments, options: parseQuery(query) });
}

function cut(target: string): [string, string] {
  const at = target.indexOf('?');
  return at === -1 ? [target, ''] : [target.slice(0, at), target.slice(at + 1)];
}

function route(call: Call): ApiResponse {
  const [first, second] = call.segments;
  if (first === undefined || first.name === '$metadata') return answerMetadata(call);
  if (isDefinitionSet(first.name)) return answerDefinitions(call);
  if (isOperation(first.name)) return callOperation(call, first);
  const table = call.context.organization.schema.entitySet(first.name);
  if (table === undefined) throw unknownResource(decode(first.name));
  const { method } = call.request;
  if (first.argument === undefined) {
    const { fetchXml } = call.options;
    if (second?.name === UNPUBLISHED && method === 'GET') return readDrafts(call, table);
    if (hasDrafts(table) && second === undefined && method === 'GET') return readPublishedSet(call, table);
    if (second === undefined && method === 'GET')
      return fetchXml === undefined ? readEntities(call, table) : fetchEntities(call, table, fetchXml);
    if (second === undefined && method === 'POST') return createEntity(call, table);
    if (second?.name === '$count' && method === 'GET') return countEntities(call, table);
    if (second !== undefined && isBulk(second.name) && method === 'POST') return bulkWrite(call, table, second.name);
    if (second !== undefined) throw unknownResource(second.name);
    throw methodNotAllowed();
  }
  if (second !== undefined) return answerMember(call, table, first.argument);
  if (method === 'GET' && hasDrafts(table)) return readPublished(call, table, first.argument);
  if (method === 'GET') return readEntity(call, table, first.argument);
  if (method === 'PATCH') return patchEntity(call, table, first.argument);
  if (method === 'DELETE') return deleteEntity(call, table, first.argument);
  throw methodNotAllowed();
}
