// Describes any error in a few words, without its message: a message could hold a secret or values of a row.

import * as z from 'zod';

interface KnownReason {
  readonly reason: string;
  readonly status?: number | undefined;
  readonly code?: string | undefined;
}

const told = z.looseObject({
  name: z.string().optional(),
  code: z.string().optional(),
  status: z.number().optional(),
  statusCode: z.number().optional(),
});

export function toReason(error: unknown): KnownReason {
  const { name, code, ...numbers } = told.safeParse(error).data ?? {};
  const status = numbers.status ?? numbers.statusCode;
  const words = [
    status === undefined ? undefined : `HTTP ${status}`,
    code ?? (status === undefined ? name : undefined),
  ];
  return { reason: words.filter(Boolean).join(' ') || 'unknown error', status, code };
}
