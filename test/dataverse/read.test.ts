// What a read sends, together in a batch and apart.
import { afterEach, expect, test } from 'vitest';
import { openCalls } from '../../src/dataverse/calls.ts';
import { connect } from '../../src/dataverse/connection.ts';
import { createGate } from '../../src/dataverse/gate.ts';
import { readRows } from '../../src/dataverse/read.ts';
import { user } from '../../src/rdv-solidarites/models.ts';
import { OUR_MAPPED_COLUMNS } from '../../src/sync/mapped-columns.ts';
import { NOTHING_TO_READ } from '../../src/sync/model/rows.ts';
import { usagerLink } from '../../src/sync/people/people-names.ts';
import { type RawServer, startRawServer } from './raw-server.ts';

let server: RawServer | undefined;
afterEach(() => server?.stop());

const http = (type: string, body: string) =>
  `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const UNREADABLE = http(
  'multipart/mixed; boundary=batchresponse_1',
  '--batchresponse_1\r\n\r\n--changesetresponse_\r\n',
);
const NOTHING = http('application/json', '{"value":[]}');

test('no query takes an expanded collection from a cache, nor is its address alone so long that it becomes a batch', async () => {
  const sent: string[] = [];
  server = await startRawServer((socket, request) => {
    sent.push(request);
    socket.write(request.startsWith('POST') ? UNREADABLE : NOTHING);
  });
  const connection = connect({ url: server.url, token: async () => 'local' });
  const calls = openCalls({
    connection,
    timeoutMs: 5000,
    gate: createGate(4),
    mapped: OUR_MAPPED_COLUMNS,
    renewToken: () => undefined,
  });
  const { id } = user.parse({ id: 12 });
  const links = Array.from({ length: 20 }, (_, at) => usagerLink(user.parse({ id: 1_234_567 + at }).id));
  const agents = Array.from({ length: 20 }, (_, at) => `${'é'.repeat(20)}${at}'${'a'.repeat(40)}@example.org`);
  await readRows(calls, { ...NOTHING_TO_READ, links, agents, memberships: [id], companions: [id], occurrences: links });

  const [batch = '', ...apart] = sent;
  const queries = batch.split('GET http').length - 1;
  expect(batch.split('If-None-Match: null').length - 1).toBe(queries);
  expect(apart.length).toBeGreaterThan(queries);
  for (const request of apart)
    expect([request.slice(0, 4), request.includes('If-None-Match: null')]).toEqual(['GET ', true]);
});
