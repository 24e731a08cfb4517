// How definitions are named in a URL, and what answers a change of one.

import type { ApiResponse } from '../call/message.ts';
import { answer } from '../call/message.ts';
import { DataverseError } from '../errors.ts';
import { guidKey, keyValues } from '../odata/path.ts';

/** `LogicalName='x'`, `SchemaName='x'` or a metadata id. */
export function isNamed(argument: string | undefined, name: string, metadataId: string): boolean {
  if (argument === undefined) return false;
  const id = guidKey(argument);
  if (id !== undefined) return id === metadataId;
  return keyValues(argument).every((pair) =>
    pair.name === 'MetadataId' ? pair.text === metadataId : pair.text === name,
  );
}

/** MetadataEntityNotFound / MetadataNotFound: both are 404 with this code [inference for the code of a column]. */
export function notFound(what: string, argument: string | undefined): DataverseError {
  return new DataverseError(404, '0x80060888', `Could not find an ${what} with specified key: ${argument ?? ''}.`);
}

export function created(url: string): ApiResponse {
  return answer(204, { 'OData-EntityId': url, Location: url });
}

export function changed(work: () => void): ApiResponse {
  work();
  return answer(204);
}
