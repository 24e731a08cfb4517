// Whatever the other side does, an exchange ends in time with a kind of failure, and the process lives.
import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { openCalls } from '../../src/dataverse/calls.ts';
import { connect } from '../../src/dataverse/connection.ts';
import { DataverseError, type Failure, toFailure } from '../../src/dataverse/failure.ts';
import { createGate } from '../../src/dataverse/gate.ts';
import { keepToken } from '../../src/dataverse/token.ts';
import { OUR_MAPPED_COLUMNS } from '../../src/sync/mapped-columns.ts';
import { type RawServer, startRawServer } from './raw-server.ts';

let server: RawServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const TIMEOUT_MS = 400;

async function failureAgainst(answer: (socket: Socket, request: string) => void, batch = false): Promise<Failure> {
  server = await startRawServer(answer);
  const connection = connect({ url: server.url, token: async () => 'local' });
  const calls = openCalls({
    connection,
    timeoutMs: TIMEOUT_MS,
    gate: createGate(4),
    mapped: OUR_MAPPED_COLUMNS,
    renewToken: () => undefined,
  });
  const query = { collection: 'contacts', select: ['contactid'] };
  const exchange = batch
    ? calls.send([(api) => api.retrieveMultiple(query), (api) => api.retrieveMultiple(query)])
    : calls.run((api) => api.retrieveMultiple(query));
  const ended = await exchange.then(
    (value) => `answered ${JSON.stringify(value)}`,
    (error: unknown) => error,
  );
  if (!(ended instanceof DataverseError)) throw new Error(`not a DataverseError: ${ended}`);
  return ended.failure;
}

const http = (status: string, body: string, headers: readonly string[] = ['Content-Type: application/json']) =>
  [`HTTP/1.1 ${status}`, ...headers, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');
const error = (code: string, message = '') => JSON.stringify({ error: { code, message } });
const multipart = (body: string, status = '200 OK') =>
  http(status, body, ['Content-Type: multipart/mixed; boundary=batchresponse_1']);
const part = (status: string, body: string) =>
  [
    '--batchresponse_1',
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    '',
    `HTTP/1.1 ${status}`,
    'Content-Type: application/json',
    '',
    body,
    '',
  ].join('\r\n');

describe('an exchange', () => {
  const endings: Record<string, [(socket: Socket) => void, Partial<Failure>]> = {
    'stalls before its headers': [() => undefined, { kind: 'transient', code: 'deadline' }],
    'stalls in its body': [
      (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"value":['),
      { kind: 'transient', code: 'deadline' },
    ],
    'is cut in its body': [
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"value":['),
      { kind: 'transient' },
    ],
    'drips for ever': [
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n');
        const timer = setInterval(() => socket.write(' '), 20);
        socket.on('close', () => clearInterval(timer));
      },
      { kind: 'transient', code: 'deadline' },
    ],
    'is reset': [(socket) => socket.resetAndDestroy(), { kind: 'transient', code: 'ECONNRESET' }],
    'is closed without a word': [(socket) => socket.end(), { kind: 'transient', code: 'ECONNRESET' }],
    'answers garbage': [(socket) => socket.end('garbage\r\n\r\n'), { kind: 'transient' }],
    'answers broken JSON': [(socket) => socket.write(http('200 OK', '{"value":[tru')), { kind: 'transient' }],
    'answers an error that is no JSON': [
      (socket) => socket.write(http('503 Busy', 'not json')),
      { kind: 'transient', status: 503 },
    ],
    'answers a gateway page': [
      (socket) => socket.write(http('502 Bad Gateway', '<html>', ['Content-Type: text/html'])),
      { kind: 'transient', status: 502 },
    ],
    'is redirected': [
      (socket) => socket.write(http('302 Found', '', ['Location: /login'])),
      { kind: 'transient', status: 302 },
    ],
    'is throttled': [
      (socket) =>
        socket.write(
          http('429 Too Many Requests', error('0x80072322'), ['Content-Type: application/json', 'Retry-After: 1']),
        ),
      { kind: 'transient', status: 429, code: '0x80072322', retryAfterMs: 1000 },
    ],
    'is refused a privilege': [
      (socket) =>
        socket.write(
          http('403 Forbidden', error('0x80040220', 'Principal user (Id=1) is missing prvReadContact privilege')),
        ),
      { kind: 'configuration', missing: 'prvReadContact' },
    ],
    'names an unknown column': [
      (socket) =>
        socket.write(
          http('400 Bad Request', error('0x0', "Could not find a property named 'rdvs_motif' on type 'appointment'.")),
        ),
      { kind: 'configuration', missing: 'rdvs_motif' },
    ],
    'is refused twice for its token': [
      (socket) => socket.write(http('401 Unauthorized', '', [])),
      { kind: 'configuration', status: 401 },
    ],
  };
  test.each(Object.entries(endings))('that %s ends as told', async (_, [answer, expected]) => {
    expect(await failureAgainst(answer)).toMatchObject(expected);
  });

  test.each([
    ['HTML behind a 200', http('200 OK', '<html>maintenance</html>', ['Content-Type: text/html'])],
    ['an empty answer', http('204 No Content', '', [])],
    ['parts without a status line', multipart('--batchresponse_1\r\n\r\ngarbage\r\n--batchresponse_1--\r\n')],
    ['fewer parts than asked', multipart(`${part('200 OK', '{"value":[]}')}--batchresponse_1--\r\n`)],
    [
      'a part of broken JSON',
      multipart(`${part('200 OK', '{"val')}${part('200 OK', '{"value":[]}')}--batchresponse_1--\r\n`),
    ],
    [
      'the delimiter in a value',
      multipart(`${part('200 OK', '{"value":["--batchresponse_1"]}')}--batchresponse_1--\r\n`),
    ],
  ])('of a batch that brings %s is transient', async (_, answer) => {
    expect(await failureAgainst((socket) => socket.write(answer), true)).toMatchObject({ kind: 'transient' });
  });

  test.each([
    ['a page in HTML', http('200 OK', '<html>maintenance</html>', ['Content-Type: text/html']), 'not-dataverse'],
    ['what the client cannot cut', multipart('--batchresponse_1\r\n\r\ngarbage\r\n--x\r\n'), 'unreadable-answer'],
  ])('of a batch tells %s from an answer of Dataverse', async (_, answer, code) => {
    const failure = await failureAgainst((socket) => socket.write(answer), true);
    expect(failure).toEqual({ kind: 'transient', code, ...(code === 'unreadable-answer' && { own: true }) });
  });

  test('of a refused batch tells the part that failed', async () => {
    const body = `${part('412 Precondition Failed', error('0x80060882'))}--batchresponse_1--\r\n`;
    const failure = await failureAgainst((socket) => socket.write(multipart(body, '400 Bad Request')), true);
    expect(failure).toMatchObject({ kind: 'conflict', code: '0x80060882' });
  });
});

describe('kinds of failure', () => {
  test.each([
    [{ status: 500, code: '0x80044150', message: 'Transaction (Process ID 52) was deadlocked' }, 'conflict'],
    [{ status: 500, code: '0x80044151', message: 'SQL timeout' }, 'transient'],
    [{ status: 400, code: '0x80044331', message: 'A validation error occurred' }, 'permanent'],
    [{ status: 400, code: '0x80040265', message: 'plug-in' }, 'transient'],
    [{ status: 404, code: '0x80040217', message: 'Does Not Exist' }, 'conflict'],
    [{ status: 413, message: 'too large' }, 'permanent'],
    [{ code: 'ENOTFOUND' }, 'transient'],
    [{ status: 400, code: '0x80048340', message: 'You cannot assign a record to the access team.' }, 'configuration'],
    [{ status: 400, code: '0x80042F0A', message: 'The team has not been assigned any roles.' }, 'configuration'],
    [{ status: 403, code: '0x80040231', message: 'Target user or team does not hold' }, 'configuration'],
    [[{ status: 412, code: '', message: 'version' }], 'conflict'],
    [{ error: { code: '0x80040237', message: 'duplicate' }, status: 412 }, 'conflict'],
    [{ name: 'CredentialUnavailableError', message: 'no identity' }, 'configuration'],
    ['text', 'transient'],
    [undefined, 'transient'],
    [[], 'transient'],
  ])('%j is %s', (thrown, kind) => expect(toFailure(thrown).kind).toBe(kind));

  test.each([
    [new URIError('URI malformed'), 'unexpected-URIError'],
    [new TypeError('x is not a function'), 'unexpected-TypeError'],
    [{ code: 'ERR_UNESCAPED_CHARACTERS', message: 'path' }, 'unexpected-object'],
    [undefined, 'unreadable-answer'],
  ])('%s is an error of this program', (thrown, code) => {
    expect(toFailure(thrown)).toEqual({ kind: 'transient', code, own: true });
  });

  test.each([
    'ECONNRESET',
    'EAI_AGAIN',
    'EPROTO',
    'HPE_INVALID_CONSTANT',
    'CERT_HAS_EXPIRED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
  ])('%s is an error of the network', (code) => expect(toFailure({ code })).toEqual({ kind: 'transient', code }));

  test('name who lacks a privilege, and which', () => {
    const message =
      "Principal user (Id=448FD59B-998e-49aa-9133-75a3b1ac9c0e, type=8) is missing prvReadActivity privilege for entity 'appointment'.";
    expect(toFailure({ status: 403, code: '0x80040220', message })).toMatchObject({
      missing: 'prvReadActivity',
      principal: '448fd59b-998e-49aa-9133-75a3b1ac9c0e',
    });
  });

  test('carry nothing of the message', () => {
    const failure = toFailure({ status: 412, code: '0x80060892', message: "key value 'Canari-Test' exists" });
    expect(JSON.stringify([failure, String(new DataverseError(failure))])).not.toContain('Canari');
  });
});

describe('the gate', () => {
  test('lets so many through at once', async () => {
    const gate = createGate(3);
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 20 }, () => gate.pass(work)));
    expect(most).toBe(3);
  });

  test('keeps everybody out during a pause, and sends away who would wait too long', async () => {
    const { gate, clock } = virtualGate();
    gate.tell({ kind: 'transient', code: '0x80072322', status: 429, retryAfterMs: 60_000 });
    const refused = await gate.pass(async () => 'through').catch((error: unknown) => toFailure(error));
    expect(refused).toEqual({ kind: 'transient', code: 'throttled', retryAfterMs: 60_000 });
    clock.time = 30_000;
    await gate.pass(async () => undefined);
    expect(clock.time).toBe(60_000);
  });

  test('has messages wait for the end of a pause that Dataverse asked for, as long as a delivery may', async () => {
    const { gate, clock } = virtualGate();
    expect(await gate.begin()).toBeUndefined();
    gate.tell({ kind: 'transient', code: '0x80072322', status: 429, retryAfterMs: 200_000 });
    expect(await gate.begin()).toEqual({ kind: 'transient', code: 'throttled', retryAfterMs: 155_000 });
    expect(clock.time).toBe(45_000);
    clock.time = 120_000;
    expect(await gate.begin()).toBeUndefined();
    // The rest is waited at the gate itself.
    expect(clock.time).toBe(155_000);
    await gate.pass(async () => undefined);
    expect(clock.time).toBe(200_000);
  });

  test('sends messages back at once while Dataverse is away', async () => {
    const { gate, clock } = virtualGate();
    for (let failures = 0; failures < 6; failures += 1) {
      clock.time += 300_000;
      gate.tell({ kind: 'transient', code: 'ECONNREFUSED' });
    }
    const before = clock.time;
    expect(await gate.begin()).toEqual({ kind: 'transient', code: 'unavailable' });
    expect(clock.time).toBe(before);
  });

  test('closes for longer and longer while the way is down, and opens at the first success', async () => {
    const { gate, clock } = virtualGate();
    const openings: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      gate.tell({ kind: 'transient', code: 'ECONNREFUSED' });
      const closedAt = clock.time;
      while ((await gate.begin()) !== undefined) clock.time += 1000;
      await gate.pass(async () => undefined);
      openings.push((clock.time - closedAt) / 1000);
    }
    expect(openings).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    gate.tell(undefined);
    gate.tell({ kind: 'transient', code: 'deadline' });
    const before = clock.time;
    await gate.pass(async () => undefined);
    expect(clock.time - before).toBe(2000);
  });

  test('closes once for exchanges that fail together, however late each of them says so', async () => {
    const { gate, clock } = virtualGate();
    const together = Array.from({ length: 8 }, () => gate.closings());
    for (const closings of together) {
      clock.time += 1000;
      gate.tell({ kind: 'transient', code: 'deadline' }, closings);
    }
    gate.tell({ kind: 'transient', code: 'deadline' }, gate.closings());
    const before = clock.time;
    await gate.pass(async () => undefined);
    expect(clock.time - before).toBe(4000);
  });

  test.each([408, 429, 502, 503, 504])('closes for a status %d that names no time', async (status) => {
    const { gate, clock } = virtualGate();
    gate.tell(toFailure({ status, message: '' }));
    await gate.pass(async () => undefined);
    expect(clock.time).toBe(2000);
  });

  test('learns nothing of the way from an error of this program', async () => {
    const { gate, clock } = virtualGate();
    gate.tell({ kind: 'transient', code: 'ECONNREFUSED' });
    gate.tell(toFailure(new URIError('URI malformed')));
    gate.tell(toFailure(undefined));
    await gate.pass(async () => undefined);
    expect(clock.time).toBe(2000);
    gate.tell({ kind: 'transient', code: 'ECONNREFUSED' });
    await gate.pass(async () => undefined);
    expect(clock.time).toBe(6000);
  });

  test('stays open for failures of single requests', async () => {
    const { gate, clock } = virtualGate();
    gate.tell({ kind: 'transient', code: '0x80044150', status: 500 });
    gate.tell({ kind: 'conflict', code: '0x80060882', status: 412 });
    gate.tell({ kind: 'permanent', code: '0x80044331', status: 400 });
    await gate.pass(async () => undefined);
    expect(clock.time).toBe(0);
  });
});

/** A gate on a clock that sleeping advances. */
function virtualGate() {
  const clock = { time: 0 };
  const gate = createGate(3, {
    now: () => clock.time,
    sleep: async (ms) => {
      clock.time += ms;
    },
  });
  return { gate, clock };
}

describe('a token', () => {
  test('is asked for once, kept, renewed early, and on demand', async () => {
    let asked = 0;
    let life = 3_600_000;
    const source = keepToken(
      async () => ({ getToken: async () => ({ token: `t${++asked}`, expiresOnTimestamp: Date.now() + life }) }),
      'scope',
    );
    expect(await Promise.all([source.token(), source.token(), source.token()])).toEqual(['t1', 't1', 't1']);
    source.renew();
    life = 60_000;
    expect(await source.token()).toBe('t2');
    expect(await source.token()).toBe('t3');
  });

  test('that cannot be had is asked for again', async () => {
    let fails = true;
    const getToken = async () => {
      if (fails) throw new Error('no network');
      return { token: 't', expiresOnTimestamp: Date.now() + 3_600_000 };
    };
    const source = keepToken(async () => ({ getToken }), 'scope');
    await expect(source.token()).rejects.toThrow('no network');
    fails = false;
    expect(await source.token()).toBe('t');
  });
});
