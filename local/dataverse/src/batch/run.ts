// Running a batch and writing its answer.
// Microsoft Learn, "Execute batch operations", "Handling errors": a change set is atomic and fails as one part; without
// `Prefer: odata.continue-on-error` the first failure ends the batch and gives the whole answer an error status. Change sets
// that were committed before stay. The shape of a failed one: MicrosoftDocs/powerapps-docs #2843 shows the envelope of a
// change set with the Content-ID of what failed, with the preference; the page shows a flat error, without it.

import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { readPreferences } from '../api/preferences.ts';
import { perform, serve } from '../api/service.ts';
import { transact } from '../api/transact.ts';
import type { ApiContext, ApiRequest, ApiResponse } from '../call/message.ts';
import { errorAnswer } from '../call/message.ts';
import { badRequest, DataverseError } from '../errors.ts';
import type { Steps } from '../steps.ts';
import { resolveContentIds } from './content-ids.ts';
import { boundaryOf } from './multipart.ts';
import type { BatchItem, Operation } from './operations.ts';
import { readBatch } from './operations.ts';

interface BatchResult {
  readonly response: ApiResponse;
  /** Operations in the batch; undefined when it could not be read. */
  readonly operations?: number | undefined;
}

export function* runBatch(context: ApiContext, request: ApiRequest): Steps<BatchResult> {
  let items: BatchItem[];
  try {
    const boundary = boundaryOf(request.headers.get('content-type'));
    if (boundary === undefined)
      throw badRequest("A batch needs the content type 'multipart/mixed' with a boundary.", '0x80048d19');
    items = readBatch(request.body, boundary);
  } catch (error) {
    if (error instanceof DataverseError) return { response: errorAnswer(error) };
    throw error;
  }
  const operations = items.reduce((count, item) => count + ('operation' in item ? 1 : item.changeSet.length), 0);
  return { response: yield* runItems(context, items, request), operations };
}

function* runItems(context: ApiContext, items: readonly BatchItem[], request: ApiRequest): Steps<ApiResponse> {
  const { continueOnError } = readPreferences(request);
  const urls = new Map<string, string>();
  const parts: string[] = [];
  let failure: ApiResponse | undefined;
  const { failedChangeSet: wanted } = context.organization.settings.current;
  const shape = wanted !== 'as-seen' ? wanted : continueOnError ? 'nested-content-id' : 'flat';
  for (const item of items) {
    const ran = yield* 'operation' in item
      ? runOperation(context, item.operation, urls)
      : runChangeSet(context, item.changeSet, { urls, shape });
    parts.push(ran.part);
    if (ran.failure !== undefined && !continueOnError) {
      failure = ran.failure;
      break;
    }
  }
  const boundary = `batchresponse_${randomUUID()}`;
  const body = `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`;
  // A failed part of 4xx makes the whole 400, one of 5xx makes it 500 [inference: the sample shows 400 only].
  const status = failure === undefined ? 200 : failure.status >= 500 ? 500 : 400;
  const headers = { 'Content-Type': `multipart/mixed; boundary=${boundary}`, 'OData-Version': '4.0' };
  return { status, headers, body };
}

interface Ran {
  readonly part: string;
  readonly failure?: ApiResponse | undefined;
}

function* runOperation(context: ApiContext, operation: Operation, urls: Map<string, string>): Steps<Ran> {
  let response: ApiResponse;
  try {
    response = yield* serve(context, resolveContentIds(operation.request, urls));
  } catch (error) {
    if (!(error instanceof DataverseError)) throw error;
    response = errorAnswer(error);
  }
  remember(operation, response, urls);
  return { part: writePart(response, operation.contentId), ...(response.status >= 400 && { failure: response }) };
}

interface ChangeSetAnswer {
  readonly urls: Map<string, string>;
  readonly shape: 'flat' | 'nested' | 'nested-content-id';
}

function* runChangeSet(
  context: ApiContext,
  operations: readonly Operation[],
  { urls, shape }: ChangeSetAnswer,
): Steps<Ran> {
  let last: Operation | undefined;
  try {
    const works = operations.map((operation) => () => {
      last = operation;
      const response = perform(context, resolveContentIds(operation.request, urls));
      remember(operation, response, urls);
      return writePart(response, operation.contentId);
    });
    const parts = yield* transact(context, works);
    return { part: envelope(parts) };
  } catch (error) {
    if (!(error instanceof DataverseError)) throw error;
    const failure = errorAnswer(error);
    if (shape === 'flat') return { part: writePart(failure, undefined), failure };
    const contentId = shape === 'nested' ? undefined : last?.contentId;
    return { part: envelope([writePart(failure, contentId)]), failure };
  }
}

function envelope(parts: readonly string[]): string {
  const boundary = `changesetresponse_${randomUUID()}`;
  const body = `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--`;
  return `Content-Type: multipart/mixed; boundary=${boundary}\r\n\r\n${body}`;
}

function remember({ contentId }: Operation, response: ApiResponse, urls: Map<string, string>): void {
  const url = response.headers['OData-EntityId'];
  if (contentId !== undefined && url !== undefined) urls.set(contentId, url);
}

function writePart(response: ApiResponse, contentId: string | undefined): string {
  const head = ['Content-Type: application/http', 'Content-Transfer-Encoding: binary'];
  if (contentId !== undefined) head.push(`Content-ID: ${contentId}`);
  const lines = Object.entries(response.headers).map(([name, value]) => `${name}: ${value}`);
  const status = `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ''}`;
  return `${[...head, '', status, ...lines, '', response.body ?? ''].join('\r\n')}`;
}
