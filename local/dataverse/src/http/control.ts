// What the emulator adds to Dataverse for tests and developers: the request log, faults, settings and counts.

import { z } from 'zod';
import type { ApiResponse } from '../call/message.ts';
import { newStats } from '../stats.ts';
import { parseFaults } from './faults.ts';
import type { ServerParts } from './server-parts.ts';

interface ControlRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

export function answerControl(parts: ServerParts, { method, path, body }: ControlRequest): ApiResponse {
  switch (`${method} ${path}`) {
    case 'GET /__requests':
      return json(200, parts.log.records);
    case 'DELETE /__requests':
      parts.log.clear();
      return { status: 204, headers: {} };
    case 'GET /__faults':
      return json(200, parts.faults.list());
    case 'POST /__faults':
      return fromBody(
        body,
        (value) => {
          for (const fault of parseFaults(value)) parts.faults.add(fault);
        },
        () => parts.faults.list(),
      );
    case 'DELETE /__faults':
      parts.faults.clear();
      return { status: 204, headers: {} };
    case 'GET /__settings':
      return json(200, parts.organization.settings.current);
    case 'POST /__settings':
      return fromBody(
        body,
        (value) => parts.organization.settings.change(value),
        () => parts.organization.settings.current,
      );
    case 'GET /__stats':
      return json(200, parts.organization.stats);
    case 'DELETE /__stats':
      Object.assign(parts.organization.stats, newStats());
      return { status: 204, headers: {} };
    default:
      return { status: 404, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: 'Not found' };
  }
}

/** Takes a body and answers what then holds; a wrong body changes nothing and is explained. */
function fromBody(body: string, take: (value: unknown) => void, show: () => unknown): ApiResponse {
  try {
    take(JSON.parse(body));
    return json(200, show());
  } catch (error) {
    return json(400, { error: error instanceof z.ZodError ? z.prettifyError(error) : 'The body is not JSON.' });
  }
}

function json(status: number, value: unknown): ApiResponse {
  return { status, headers: { 'Content-Type': 'application/json; charset=utf-8' }, body: JSON.stringify(value) };
}
