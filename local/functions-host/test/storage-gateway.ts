// A way to Azurite that remembers what was asked, and refuses on demand: what storage does when rights are lost or it
// fails.
import { createServer, request as httpRequest } from 'node:http';
import type { Azurite } from '../../azurite.ts';
import { listen } from '../listen.ts';

export interface StorageRequest {
  method: string;
  /** With the query. */
  path: string;
  /** Milliseconds, as `performance.now()`. */
  at: number;
}

export interface StorageGateway {
  /** As Azurite's, for queues by way of this gateway. */
  connectionString: string;
  requests: readonly StorageRequest[];
  /** Answers so to every queue request of that method; none: passes all. */
  refuse(method?: 'GET' | 'POST' | 'PUT' | 'DELETE', status?: number): void;
  stop(): Promise<void>;
}

export async function openGateway({ connectionString, queueUrl }: Azurite): Promise<StorageGateway> {
  const requests: StorageRequest[] = [];
  let refused: { method: string; status: number } | undefined;
  const server = createServer((request, response) => {
    const { method = '', url: path = '', headers } = request;
    requests.push({ method, path, at: performance.now() });
    if (refused?.method === method) {
      request.resume();
      return void response.writeHead(refused.status, { 'x-ms-error-code': 'RefusedOnDemand' }).end();
    }
    const passed = httpRequest(new URL(path, queueUrl), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    request.pipe(passed);
  });
  const end = new AbortController();
  const { url } = await listen(server, 0, end.signal);
  return {
    connectionString: connectionString.replace(/QueueEndpoint=http:\/\/[^/]+/, `QueueEndpoint=${url}`),
    requests,
    refuse: (method, status = 403) => {
      refused = method && { method, status };
    },
    stop: async () => end.abort(),
  };
}
