// Requests and answers of the Web API, the same for a plain request and for a part of a batch.
// Microsoft Learn: "Compose HTTP requests and handle errors".

import { randomUUID } from 'node:crypto';
import { badRequest, DataverseError } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import { isObject } from '../json.ts';
import type { Organization } from '../organization.ts';

export interface ApiRequest {
  readonly method: string;
  /** Path and query below the service root, still encoded. */
  readonly target: string;
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface ApiContext {
  readonly organization: Organization;
  /** Service root with its final slash. */
  readonly root: string;
  /** Runs at the end of a write or of a change set, inside its transaction; a throw rolls it back. */
  readonly beforeCommit?: (() => void) | undefined;
}

const JSON_TYPE = 'application/json; odata.metadata=minimal';

export function answer(status: number, headers: Record<string, string> = {}, body?: Json): ApiResponse {
  const common = { 'OData-Version': '4.0', ...headers };
  if (body === undefined) return { status, headers: common };
  return { status, headers: { 'Content-Type': JSON_TYPE, ...common }, body: JSON.stringify(body) };
}

/** 204 without a body. */
export function done(): ApiResponse {
  return answer(204);
}

export function errorAnswer(error: DataverseError): ApiResponse {
  const body = { error: { code: error.code, message: error.message } };
  return answer(error.status, { REQ_ID: randomUUID() }, body);
}

/** 204 with the row's URL, as after a create or an update. */
export function entityAnswer(url: string): ApiResponse {
  return answer(204, { Location: url, 'OData-EntityId': url });
}

export function readJson(request: ApiRequest): JsonObject {
  const type = request.headers.get('content-type');
  if (type !== undefined && !/^application\/json\b/i.test(type)) {
    throw new DataverseError(415, '0x80060888', `The content type '${type}' is not supported.`);
  }
  let json: Json;
  try {
    json = JSON.parse(request.body);
  } catch {
    throw badRequest('A valid JSON object is expected in the request body.', '0x80048d19');
  }
  if (!isObject(json)) throw badRequest('The request body must be a JSON object.', '0x80048d19');
  return json;
}
