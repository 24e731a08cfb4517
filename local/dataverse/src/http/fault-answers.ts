// What a fault answers instead of the Web API. Nothing is read or written for these.

import type { ApiResponse } from '../call/message.ts';
import { errorAnswer } from '../call/message.ts';
import { DataverseError, sqlTimeout } from '../errors.ts';
import type { ActiveFault } from './faults.ts';
import { limitAnswer } from './limit-errors.ts';

const HTML = { 'Content-Type': 'text/html; charset=utf-8' };

/** The whole answer of a fault; undefined for kinds that let the Web API work. */
export function faultAnswer(fault: ActiveFault): ApiResponse | undefined {
  switch (fault.kind) {
    case '429':
      return limitAnswer(fault.code, fault.retryAfter);
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
      return errorAnswer(sqlTimeout());
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
