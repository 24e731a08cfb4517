// HTTP requests and answers in the form the worker gets and gives (azure-functions-host,
// `GrpcMessageConversionExtensions.cs`).
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RpcCookie, RpcHttp } from './rpc.ts';

/**
 * Reads the body only when the request has a Content-Length above zero: a **chunked** request reaches the function
 * with an empty body (azure-functions-host issues 4926 and 7930).
 * @throws when the body is above the limit.
 */
export async function readRequest(
  request: IncomingMessage,
  params: Record<string, string>,
  bodyLimit: number,
): Promise<RpcHttp> {
  const length = Number(request.headers['content-length'] ?? 0);
  if (length > bodyLimit) throw new Error(`A body of ${length} bytes is above the limit of ${bodyLimit}`);
  const url = new URL(`http://${request.headers.host ?? '127.0.0.1'}${request.url ?? '/'}`);
  return {
    url: url.href,
    method: request.method ?? 'GET',
    nullableHeaders: values(
      Object.entries(request.headersDistinct).map(([name, all]) => [name.toLowerCase(), (all ?? []).join(',')]),
    ),
    nullableQuery: values(
      [...new Set(url.searchParams.keys())].map((name) => [name, url.searchParams.getAll(name).join(',')]),
    ),
    nullableParams: values(Object.entries(params)),
    body: length > 0 ? { bytes: await readAll(request) } : null,
  };
}

const values = (entries: [string, string][]) => Object.fromEntries(entries.map(([name, value]) => [name, { value }]));

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A function that returned nothing answers 204. */
export function writeAnswer(response: ServerResponse, answer: RpcHttp | undefined): void {
  if (!answer) return void response.writeHead(204).end();
  const status = Number(answer.statusCode ?? 200);
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  const cookies = (answer.cookies ?? []).map(setCookie);
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  const body = answer.body?.bytes ?? Buffer.from(answer.body?.string ?? '');
  response.writeHead(status, status === 204 || status === 304 ? {} : { 'content-length': body.byteLength }).end(body);
}

function setCookie(cookie: RpcCookie): string {
  const seconds = cookie.expires?.value?.seconds;
  const sameSite = { none: undefined, lax: 'lax', strict: 'strict', explicitNone: 'none' }[cookie.sameSite ?? 'none'];
  const attributes: [name: string, value: string | number | undefined][] = [
    ['expires', seconds === undefined ? undefined : new Date(seconds * 1000).toUTCString()],
    ['max-age', cookie.maxAge?.value],
    ['domain', cookie.domain?.value],
    // CookieOptions.Path is "/" unless it is set.
    ['path', cookie.path?.value ?? '/'],
    ['samesite', sameSite],
  ];
  return [
    `${cookie.name}=${encodeURIComponent(cookie.value ?? '')}`,
    ...attributes.filter(([, value]) => value !== undefined).map(([name, value]) => `${name}=${value}`),
    ...(cookie.secure?.value ? ['secure'] : []),
    ...(cookie.httpOnly?.value ? ['httponly'] : []),
  ].join('; ');
}
