// A failure of a provisioning call, in words for an administrator.

import * as z from 'zod';

/** A call failed, reading or writing. What came before it is done, and another run continues from there. */
export class ProvisionError extends Error {
  override readonly name = 'ProvisionError';
}

const dataverseError = z.object({
  status: z.number().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
});

const hints: Record<number, string> = {
  401: 'the token is refused: sign in again, or check that the account is a user of this environment',
  403: 'the account needs the role System Customizer, or System Administrator for an application user',
};

/** The code of Dataverse, if the failure is one of its refusals. */
export const codeOf = (error: unknown): string | undefined => dataverseError.safeParse(error).data?.code;

export const statusOf = (error: unknown): number | undefined => dataverseError.safeParse(error).data?.status;

/** Statuses by which Dataverse refuses one thing; any other failure concerns the whole run. */
const REFUSALS: ReadonlySet<number | undefined> = new Set([400, 403, 404, 405, 409, 412, 501]);

export const isRefusal = (error: unknown): boolean => REFUSALS.has(statusOf(error));

/** Status, code and the server's own words: definitions hold no personal data. */
export function wordsOf(cause: unknown): string {
  const { status, code, message } = dataverseError.safeParse(cause).data ?? {};
  return [status && `HTTP ${status}`, code, message].filter(Boolean).join(' ') || 'unknown error';
}

/** @throws ProvisionError, always */
export function fail(component: string, cause: unknown): never {
  const { status } = dataverseError.safeParse(cause).data ?? {};
  const hint = status === undefined ? undefined : hints[status];
  throw new ProvisionError(`${component}: ${wordsOf(cause)}${hint ? ` (${hint})` : ''}`, { cause });
}
