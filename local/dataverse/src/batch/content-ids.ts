// `$1` stands for the row of the part whose Content-ID is 1, in a URL or as a bound value.
// Microsoft Learn, "Execute batch operations", "Reference URIs in an operation".

import type { ApiRequest } from '../call/message.ts';
import { badRequest } from '../errors.ts';
import type { Json } from '../json.ts';
import { isObject } from '../json.ts';
import { belowServiceRoot } from '../odata/path.ts';

/** The request with its references replaced by the URLs known so far. */
export function resolveContentIds(request: ApiRequest, urls: ReadonlyMap<string, string>): ApiRequest {
  const target = request.target.replace(/^\$([^/?]+)/, (found, id: string) => {
    if (found === '$metadata') return found;
    return belowServiceRoot(urlOf(id, urls)) ?? '';
  });
  // Bodies without a reference are the rule: nothing is parsed for them.
  const body = /"\/?\$/.test(request.body) ? replaceInBody(request.body, urls) : request.body;
  return { ...request, target, body };
}

function replaceInBody(body: string, urls: ReadonlyMap<string, string>): string {
  let json: Json;
  try {
    json = JSON.parse(body);
  } catch {
    return body;
  }
  return JSON.stringify(replaceIn(json, urls));
}

function replaceIn(json: Json, urls: ReadonlyMap<string, string>): Json {
  if (Array.isArray(json)) return json.map((item) => replaceIn(item, urls));
  if (!isObject(json)) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, value = null]): [string, Json] => {
      const id = typeof value === 'string' ? /^\/?\$([^/?]+)$/.exec(value)?.[1] : undefined;
      const refers = name.endsWith('@odata.bind') || name === '@odata.id';
      return [name, refers && id !== undefined ? urlOf(id, urls) : replaceIn(value, urls)];
    }),
  );
}

function urlOf(id: string, urls: ReadonlyMap<string, string>): string {
  const url = urls.get(id);
  if (url === undefined) throw badRequest(`Content-ID Reference: '$${id}' does not exist in the batch context.`);
  return url;
}
