// From the parts of a batch to operations and change sets.
// Microsoft Learn, "Execute batch operations": up to 1,000 requests, no batch inside a batch, no GET inside a change set.

import type { ApiRequest } from '../call/message.ts';
import { badRequest } from '../errors.ts';
import { belowServiceRoot } from '../odata/path.ts';
import type { Part } from './multipart.ts';
import { boundaryOf, readHeaders, splitMultipart, unreadable } from './multipart.ts';

export interface Operation {
  readonly request: ApiRequest;
  readonly contentId?: string | undefined;
}

export type BatchItem = { readonly operation: Operation } | { readonly changeSet: readonly Operation[] };

const MAX_OPERATIONS = 1000;

/** Microsoft Learn, "Compose HTTP requests", "URL length": 65,536 characters in a batch, where a plain URL has 32,768. */
const MAX_URL = 65_536;

export function readBatch(body: string, boundary: string): BatchItem[] {
  const items = splitMultipart(body, boundary, 'request').map((part): BatchItem => {
    const inner = boundaryOf(part.headers.get('content-type'));
    if (inner === undefined) return { operation: readOperation(part) };
    return { changeSet: splitMultipart(part.content, inner, 'nested').map(readWrite) };
  });
  const operations = items.flatMap((item) => ('operation' in item ? [item.operation] : item.changeSet));
  if (operations.length > MAX_OPERATIONS) {
    // The limit is documented, the code is an [inference].
    throw badRequest(
      `The maximum number of operations in a batch request is ${MAX_OPERATIONS}; this one has ${operations.length}.`,
    );
  }
  refuseRepeatedIds(operations);
  return items;
}

function readWrite(part: Part): Operation {
  if (boundaryOf(part.headers.get('content-type')) !== undefined)
    throw badRequest('A change set cannot hold another change set.');
  const operation = readOperation(part);
  if (operation.request.method === 'GET')
    throw badRequest('GET requests are not allowed within change sets.', '0x80048d19');
  return operation;
}

function readOperation({ headers, content }: Part): Operation {
  if (!/^application\/http\b/i.test(headers.get('content-type') ?? '')) {
    throw badRequest("A part of a batch needs the header 'Content-Type: application/http'.", '0x80048d19');
  }
  if (headers.get('content-transfer-encoding')?.toLowerCase() !== 'binary') {
    throw badRequest("A part of a batch needs the header 'Content-Transfer-Encoding: binary'.", '0x80048d19');
  }
  const end = content.indexOf('\r\n');
  const line = end === -1 ? content : content.slice(0, end);
  if (line.includes('\n')) throw unreadable();
  const found = /^([A-Z]+) (.+) HTTP\/1\.1\s*$/.exec(line);
  const [, method, url] = found ?? [];
  if (method === undefined || url === undefined)
    throw badRequest('A part of a batch has no valid request line.', '0x80048d19');
  // The limit is documented, the code is an [inference].
  if (url.length > MAX_URL) throw badRequest(`The URL of a part exceeds ${MAX_URL} characters.`, '0x80048d19');
  const message = readHeaders(end === -1 ? '' : content.slice(end + 2));
  const target = belowServiceRoot(url.trim());
  if (target === undefined) throw badRequest(`The URL '${url}' is outside the service.`, '0x80048d19');
  if (/^\$batch\b/.test(target)) throw badRequest('A batch request cannot hold another batch request.');
  return {
    request: { method, target, headers: message.headers, body: message.rest },
    contentId: headers.get('content-id') ?? message.headers.get('content-id'),
  };
}

function refuseRepeatedIds(operations: readonly Operation[]): void {
  const seen = new Set<string>();
  for (const { contentId } of operations) {
    if (contentId === undefined) continue;
    if (seen.has(contentId))
      throw badRequest(
        `The content ID '${contentId}' was found more than once in the same batch request.`,
        '0x80048d19',
      );
    seen.add(contentId);
  }
}
