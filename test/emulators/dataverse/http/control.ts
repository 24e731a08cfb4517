// What the emulator adds to Dataverse: the page for people, the request log and the faults.

import { z } from 'zod';
import type { ApiResponse } from '../api/message.ts';
import { parseFaults } from './faults.ts';
import { renderPage } from './page.ts';
import type { ServerParts } from './server.ts';

interface ControlRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

export function answerControl(parts: ServerParts, { method, path, body }: ControlRequest): ApiResponse {
  switch (`${method} ${path}`) {
    case 'GET /':
      return {
        status: 200,
        headers: { 'Content-Type': 'text/html; charset=utf-8' },
        body: renderPage(parts.organization),
      };
    case 'GET /__requests':
      return json(200, parts.log.records);
    case 'DELETE /__requests':
      parts.log.clear();
      return { status: 204, headers: {} };
    case 'GET /__faults':
      return json(200, parts.faults.list());
    case 'POST /__faults':
      return addFaults(parts, body);
    case 'DELETE /__faults':
      parts.faults.clear();
      return { status: 204, headers: {} };
    default:
      return { status: 404, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: 'Not found' };
  }
}

function addFaults({ faults }: ServerParts, body: string): ApiResponse {
  try {
    for (const fault of parseFaults(JSON.parse(body))) faults.add(fault);
    return json(200, faults.list());
  } catch (error) {
    return json(400, { error: error instanceof z.ZodError ? z.prettifyError(error) : 'The body is not JSON.' });
  }
}

function json(status: number, value: unknown): ApiResponse {
  return { status, headers: { 'Content-Type': 'application/json; charset=utf-8' }, body: JSON.stringify(value) };
}
