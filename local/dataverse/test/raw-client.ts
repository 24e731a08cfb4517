// A bare client for the emulator's own tests: fetch, and batches written by hand.

import type { Json, JsonObject } from '../src/json.ts';
import { isObject } from '../src/json.ts';

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as an object; empty when it is none. */
  readonly json: JsonObject;
  /** Code of an error answer. */
  readonly code: string | undefined;
}

export interface Part {
  readonly method: string;
  readonly path: string;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentId?: string;
}

interface BatchAnswer extends Answer {
  readonly parts: readonly { readonly status: number; readonly json: JsonObject; readonly code: string | undefined }[];
}

export type RawClient = ReturnType<typeof rawClient>;

export function rawClient(url: string, token = 'local') {
  const root = `${url}/api/data/v9.2/`;
  const send = async (
    method: string,
    path: string,
    body?: Json,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const response = await fetch(root + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return toAnswer(response, await response.text());
  };
  return {
    root,
    send,
    get: (path: string, headers?: Record<string, string>) => send('GET', path, undefined, headers),
    post: (path: string, body: Json, headers?: Record<string, string>) => send('POST', path, body, headers),
    patch: (path: string, body: Json, headers?: Record<string, string>) => send('PATCH', path, body, headers),
    remove: (path: string, headers?: Record<string, string>) => send('DELETE', path, undefined, headers),
    batch: async (
      items: readonly (Part | readonly Part[])[],
      headers: Record<string, string> = {},
    ): Promise<BatchAnswer> => {
      const answer = await send('POST', '$batch', batchBody(items), {
        'content-type': 'multipart/mixed;boundary=batch_1',
        ...headers,
      });
      return { ...answer, parts: readParts(answer.text) };
    },
  };
}

function toAnswer(response: Response, text: string): Answer {
  const json = readObject(text);
  return { status: response.status, headers: response.headers, text, json, code: codeOf(json) };
}

function readObject(text: string): JsonObject {
  try {
    const json: Json = JSON.parse(text);
    return isObject(json) ? json : {};
  } catch {
    return {};
  }
}

function codeOf(json: JsonObject): string | undefined {
  const error = json['error'];
  const code = isObject(error) ? error['code'] : undefined;
  return typeof code === 'string' ? code : undefined;
}

const CRLF = '\r\n';

/** A part alone, or an array of parts as a change set. */
export function batchBody(items: readonly (Part | readonly Part[])[]): string {
  const written = items.map((item, index) => {
    if (!isChangeSet(item)) return writePart(item);
    const boundary = `changeset_${index}`;
    const parts = item.map((part) => `--${boundary}${CRLF}${writePart(part)}`).join('');
    return `Content-Type: multipart/mixed;boundary=${boundary}${CRLF}${CRLF}${parts}--${boundary}--${CRLF}`;
  });
  return `${written.map((part) => `--batch_1${CRLF}${part}`).join('')}--batch_1--${CRLF}`;
}

function isChangeSet(item: Part | readonly Part[]): item is readonly Part[] {
  return Array.isArray(item);
}

function writePart({ method, path, body, headers = {}, contentId }: Part): string {
  const head = ['Content-Type: application/http', 'Content-Transfer-Encoding: binary'];
  if (contentId !== undefined) head.push(`Content-ID: ${contentId}`);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const type = body === undefined ? [] : ['Content-Type: application/json'];
  const text = body === undefined ? '' : JSON.stringify(body);
  return [...head, '', `${method} ${path} HTTP/1.1`, ...type, ...lines, '', text, ''].join(CRLF);
}

function readParts(text: string): BatchAnswer['parts'] {
  return text
    .split(/^HTTP\/1\.1 /m)
    .slice(1)
    .map((part) => {
      const json = readObject(/\{.*\}/s.exec(part)?.[0] ?? '');
      return { status: Number(part.slice(0, 3)), json, code: codeOf(json) };
    });
}
