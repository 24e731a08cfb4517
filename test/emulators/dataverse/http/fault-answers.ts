// What a fault answers instead of the Web API. Nothing is read or written for these.

import type { ApiResponse } from '../api/message.ts';
import { errorAnswer } from '../api/message.ts';
import { DataverseError } from '../errors.ts';
import type { ActiveFault } from './faults.ts';

/** Messages of the three limits. Microsoft Learn, "Service protection API limits". */
const LIMITS: Readonly<Record<ActiveFault['code'], string>> = {
  '0x80072322': 'Number of requests exceeded the limit of 6000 over time window of 300 seconds.',
  '0x80072321':
    'Combined execution time of incoming requests exceeded limit of 1,200,000 milliseconds over time window of 300 seconds. Decrease number of concurrent requests or reduce the duration of requests and try again later.',
  '0x80072326': 'Number of concurrent requests exceeded the limit of 52.',
};

const HTML = { 'Content-Type': 'text/html; charset=utf-8' };

/** The whole answer of a fault; undefined for kinds that let the Web API work. */
export function faultAnswer(fault: ActiveFault): ApiResponse | undefined {
  switch (fault.kind) {
    case '429': {
      const response = errorAnswer(new DataverseError(429, fault.code, LIMITS[fault.code]));
      return { ...response, headers: { ...response.headers, 'Retry-After': String(fault.retryAfter) } };
    }
    case '503':
      return { status: 503, headers: {}, body: '' };
    case '502-html':
      return { status: 502, headers: HTML, body: '<html><body><h1>502 Bad Gateway</h1></body></html>' };
    case '200-html':
      return { status: 200, headers: HTML, body: '<html><body><h1>Maintenance</h1></body></html>' };
    case '401':
      return { status: 401, headers: { 'WWW-Authenticate': 'Bearer' } };
    case '500-sql':
      return errorAnswer(new DataverseError(500, '0x80044150', 'Generic SQL error.'));
    case '500-sql-timeout':
      return errorAnswer(new DataverseError(500, '0x80044151', 'SQL timeout expired.'));
    case 'bad-json':
      return {
        status: 200,
        headers: { 'Content-Type': 'application/json; odata.metadata=minimal' },
        body: '{"value":[{"contactid":',
      };
    case 'malformed-batch':
      return {
        status: 200,
        headers: { 'Content-Type': 'multipart/mixed; boundary=batchresponse_x' },
        body: '--batchresponse_x\r\n\r\nnot a response\r\n',
      };
    default:
      return undefined;
  }
}

/** The error of the victim of a deadlock; its change set is rolled back. */
export function deadlock(): DataverseError {
  return new DataverseError(
    500,
    '0x80044150',
    'Generic SQL error. Transaction was deadlocked on lock resources with another process and has been chosen as the deadlock victim.',
  );
}
