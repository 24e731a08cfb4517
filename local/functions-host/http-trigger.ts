// HTTP triggers: routing, keys, and the answer that is written only after the outputs are bound.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AuthKeys, isAuthorized } from './auth.ts';
import { readRequest, writeAnswer } from './http-messages.ts';
import { triggerOf } from './invoker.ts';
import { compileRoute } from './routes.ts';
import type { RpcBinding, RpcHttp } from './rpc.ts';
import type { RegisteredFunction } from './worker.ts';

export interface HttpOptions {
  routePrefix: string;
  /** Bytes. ScriptConstants.cs: 104,857,600, or the setting FUNCTIONS_REQUEST_BODY_SIZE_LIMIT. */
  bodyLimit: number;
  authKeys: AuthKeys | undefined;
  /** Runs the function and binds its outputs; rejects when either fails. */
  invoke(target: RegisteredFunction, request: RpcHttp): Promise<RpcHttp | undefined>;
  /** Rejects when there is no such timer function, and when it fails. */
  runTimer(name: string): Promise<void>;
}

interface Endpoint {
  target: RegisteredFunction;
  binding: RpcBinding;
  methods: string[];
  match(path: string): Record<string, string> | undefined;
  precedence: string;
}

// KestrelServerLimits: 8 KiB for the request line, 32 KiB for the headers. Node counts both together.
const REQUEST_LINE_LIMIT = 8 * 1024;
const HEADER_LIMIT = 40 * 1024;

export function createHttpServer(functions: readonly RegisteredFunction[], options: HttpOptions): Server {
  const endpoints = functions
    .map((target) => endpoint(target, options.routePrefix))
    .filter((found) => found !== undefined)
    .sort((a, b) => (a.precedence < b.precedence ? -1 : 1));

  return createServer({ maxHeaderSize: HEADER_LIMIT }, (request, response) => {
    answer(request, response).catch(() => {
      // ExceptionMiddleware.cs: a failed invocation answers 500 without a body, whatever the handler returned. So does a
      // body above the limit: the host reads it only when Kestrel has said yes to the request.
      if (response.headersSent) return void response.destroy();
      response.writeHead(500, { 'content-length': 0 }).end();
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = refusal(request.url ?? '/');
    if (refused) return void response.writeHead(refused, { 'content-length': 0 }).end();
    const url = new URL(`http://host${request.url ?? '/'}`);
    const timer = /^\/admin\/functions\/([^/]+)$/.exec(url.pathname)?.[1];
    if (timer && request.method === 'POST') return runByHand(request, response, { url, name: timer });
    const found = find(request.method ?? 'GET', url.pathname);
    // A wrong method is 404 too: the route of another method is another route.
    if (!found) return void response.writeHead(404, { 'content-length': 0 }).end();

    const { target, binding } = found.endpoint;
    const level = { functionName: target.name, authLevel: binding['authLevel'] };
    if (!isAuthorized({ header: keyHeader(request), query: url.searchParams }, level, options.authKeys)) {
      return void response.writeHead(401, { 'content-length': 0 }).end();
    }
    writeAnswer(response, await options.invoke(target, await readRequest(request, found.params, options.bodyLimit)));
  }

  /** Microsoft Learn, "Manually run a non HTTP-triggered function"; for timers. The answer does not wait for the run. */
  async function runByHand(
    request: IncomingMessage,
    response: ServerResponse,
    { url, name }: { url: URL; name: string },
  ): Promise<void> {
    const level = { functionName: name, authLevel: 'admin' };
    const allowed = isAuthorized({ header: keyHeader(request), query: url.searchParams }, level, options.authKeys);
    const known = functions.some(
      (target) => target.name === name && triggerOf(target).type.toLowerCase() === 'timertrigger',
    );
    if (allowed && known) options.runTimer(name).catch(() => {});
    response.writeHead(allowed ? (known ? 202 : 404) : 401, { 'content-length': 0 }).end();
  }

  function find(method: string, path: string) {
    for (const candidate of endpoints) {
      const params =
        candidate.methods.length === 0 || candidate.methods.includes(method) ? candidate.match(path) : undefined;
      if (params) return { endpoint: candidate, params };
    }
    return undefined;
  }
}

/** What Kestrel answers before any function is looked for. */
function refusal(url: string): 400 | 414 | undefined {
  if (url.length > REQUEST_LINE_LIMIT) return 414;
  return /^[^?]*%00/.test(url) ? 400 : undefined;
}

const keyHeader = (request: IncomingMessage) => request.headersDistinct['x-functions-key']?.[0];

function endpoint(target: RegisteredFunction, routePrefix: string): Endpoint | undefined {
  const binding = Object.values(target.bindings).find(({ type }) => type.toLowerCase() === 'httptrigger');
  if (!binding) return undefined;
  const template = [routePrefix, String(binding['route'] ?? target.name)].filter((part) => part !== '').join('/');
  const methods = (binding['methods'] as string[] | undefined) ?? [];
  return { target, binding, methods: methods.map((method) => method.toUpperCase()), ...compileRoute(template) };
}
