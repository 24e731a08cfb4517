// The three refusals of service protection. Microsoft Learn, "Service protection API limits", for codes, messages and Retry-After.

import type { ApiResponse } from '../call/message.ts';
import { errorAnswer } from '../call/message.ts';
import { DataverseError } from '../errors.ts';
import type { Limits } from '../settings.ts';
import type { LimitCode } from '../stats.ts';

const MESSAGES: Readonly<Record<LimitCode, (limits: Limits) => string>> = {
  '0x80072322': ({ requests, windowMs }) =>
    `Number of requests exceeded the limit of ${requests} over time window of ${windowMs / 1000} seconds.`,
  '0x80072321': ({ executionMs, windowMs }) =>
    `Combined execution time of incoming requests exceeded limit of ${executionMs.toLocaleString('en-US')} milliseconds over time window of ${windowMs / 1000} seconds. Decrease number of concurrent requests or reduce the duration of requests and try again later.`,
  '0x80072326': ({ concurrent }) => `Number of concurrent requests exceeded the limit of ${concurrent}.`,
};

const DOCUMENTED: Limits = { requests: 6000, executionMs: 1_200_000, windowMs: 300_000, concurrent: 52 };

/** 429 with `Retry-After` in whole seconds. */
export function limitAnswer(code: LimitCode, retryAfter: number, limits: Limits = DOCUMENTED): ApiResponse {
  const response = errorAnswer(new DataverseError(429, code, MESSAGES[code](limits)));
  return { ...response, headers: { ...response.headers, 'Retry-After': String(retryAfter) } };
}
