// The rules of the host that need no server: output values, routes, schedules and settings.
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { createBackoff } from '../backoff.ts';
import { readHostJson } from '../host-json.ts';
import { overrideHostJson } from '../host-json-settings.ts';
import { parseNcrontab } from '../ncrontab.ts';
import { toMessages } from '../output-value.ts';
import { poisonQueueOf } from '../queue-processor.ts';
import { compileRoute } from '../routes.ts';
import { triggerMetadata } from '../trigger-metadata.ts';

describe('an output value becomes', () => {
  const texts = (data: Parameters<typeof toMessages>[0]) =>
    toMessages(data).map((bytes) => Buffer.from(bytes).toString());

  test.each([
    ['{"a":[],"b":{},"c":[1,"x"]}', ['{\n  "a": [],\n  "b": {},\n  "c": [\n    1,\n    "x"\n  ]\n}']],
    ['[{"a":1},"text",2,true,null]', ['{\n  "a": 1\n}', 'text', '2', 'True', '']],
    [
      '{"big":12345678901234567890,"float":1.0,"small":1e-7}',
      ['{\n  "big": 12345678901234567890,\n  "float": 1.0,\n  "small": 1E-07\n}'],
    ],
    ['{"line":"\u2028"}', ['{\n  "line": "\\u2028"\n}']],
    ['{"at":"2026-11-24T09:00:00+02:00"}', ['{\n  "at": "2026-11-24T09:00:00+02:00"\n}']],
  ])('from the value %s', (json, expected) => {
    expect(texts({ json })).toEqual(expected);
  });

  test.each([
    ['2026-11-24T09:00:00.500+02:00', '2026-11-24T07:00:00.5+00:00'],
    ['2026-11-24T09:00:00.000Z', '2026-11-24T09:00:00Z'],
    ['2026-11-24T09:00:00', '2026-11-24T09:00:00'],
    ['2026-11-24 09:00:00 +0100', '2026-11-24 09:00:00 +0100'],
    ['2026-11-24T25:00:00Z', '2026-11-24T25:00:00Z'],
    ['2026-11-24', '2026-11-24'],
  ])('from a JSON-looking string, the date %s as %s', (before, after) => {
    expect(texts({ string: ` {"at":"${before}"} ` })).toEqual([`{\n  "at": "${after}"\n}`]);
  });

  test('from other values, their text or bytes', () => {
    expect(texts({ string: 'hello {' })).toEqual(['hello {']);
    expect([texts({ int: 3 }), texts({ double: 1.5 })]).toEqual([['3'], ['1.5']]);
    expect(toMessages({ bytes: Buffer.from([0, 255]) })).toEqual([Buffer.from([0, 255])]);
    expect(() => toMessages({ string: '{not json}' })).toThrow(SyntaxError);
  });
});

test.each([
  ['api/notifications/{source?}', '/api/notifications', {}],
  ['api/notifications/{source?}', '/api/notifications/cd%2062/', { source: 'cd 62' }],
  ['api/notifications/{source?}', '/api/notifications/a/b', undefined],
  ['api/notifications/{source?}', '/api/notifications/a%2Fb%c3%a9', { source: 'a%2Fbé' }],
  ['api/x/{id:int:min(5)}', '/api/x/4', undefined],
  ['api/x/{id:int:min(5)}', '/API/X/5', { id: '5' }],
  ['api/x/{id:regex(^\\d{{2}}$)}', '/api/x/12', { id: '12' }],
  ['api/x/{id=7}', '/api/x', { id: '7' }],
  ['api/{*rest}', '/api/a/b', { rest: 'a/b' }],
  ['api/{a}-{b}.json', '/api/1-2.json', { a: '1', b: '2' }],
])('the route %s on %s gives %o', (template, path, expected) => {
  expect(compileRoute(template).match(path)).toEqual(expected);
});

test('literal routes come before parameters', () => {
  const templates = ['{*all}', '{id}', '{id:int}', 'known'];
  const sorted = templates.toSorted((a, b) => (compileRoute(a).precedence < compileRoute(b).precedence ? -1 : 1));
  expect(sorted).toEqual(templates.toReversed());
});

test.each([
  ['0 */5 * * * *', '2026-11-24T10:05:00Z'],
  ['0 */5 * * *', '2026-11-24T10:05:00Z'.replace('10:05', '15:00')],
  ['*/15 * * * * *', '2026-11-24T10:02:15Z'],
  ['0 30 9-17 * * 1-5', '2026-11-24T10:30:00Z'],
  ['0 0 3,4 * * *', '2026-11-25T03:00:00Z'],
  ['0 30 9 * Jan Mon', '2027-01-04T09:30:00Z'],
  ['0 0 0 13 * fri', '2027-08-13T00:00:00Z'],
  ['30 10/20 * * * *', '2026-11-24T10:10:30Z'],
  ['0 0 0 29 2 *', '2028-02-29T00:00:00Z'],
])('the schedule %s is next at %s', (expression, expected) => {
  expect(parseNcrontab(expression)(new Date('2026-11-24T10:02:00Z'))).toEqual(new Date(expected));
});

test.each([
  '60 * * * * *',
  '* * * * foo *',
  '* * *',
  '0 */0 * * * *',
  '0 0 0 L * *',
  '0 5-1 * * * *',
])('the schedule %s is refused', (expression) => {
  expect(() => parseNcrontab(expression)).toThrow();
});

test('an empty queue is looked at after 100 ms, then ever later up to the maximum; a message resets that', () => {
  const { next } = createBackoff(1000, () => 0.5);
  const empty = Array.from({ length: 6 }, () => next('empty'));
  expect([empty, next('found'), next('empty')]).toEqual([[100, 200, 300, 500, 900, 1000], 100, 200]);
});

test('host.json: time spans, defaults, overrides', () => {
  expect(readHostJson({ functionTimeout: '1.02:03:04.5' }).functionTimeout).toBe(93_784_500);
  expect(readHostJson({}, { maxPollingInterval: 5 })).toMatchObject({
    routePrefix: 'api',
    queues: { batchSize: 16, newBatchThreshold: 8, maxDequeueCount: 5, visibilityTimeout: 0, maxPollingInterval: 5 },
  });
  expect(() => readHostJson({ functionTimeout: '2 minutes' })).toThrow('"2 minutes" is not a time span');
});

test.each([
  ['batchSize', 33],
  ['batchSize', 0],
  ['batchSize', 1.5],
  ['newBatchThreshold', -1],
  ['maxDequeueCount', 0],
])('host.json: %s of %d stops the start', (name, value) => {
  expect(() => readHostJson({ extensions: { queues: { [name]: value } } })).toThrow(`${name} is ${value}`);
});

test('host.json of the project has a notification wait seconds, for the transactions that the documents name', async () => {
  const { queues } = readHostJson(JSON.parse(await readFile('host.json', 'utf8')));
  const lookMillionsAMonth = (30 * 86_400) / (queues.maxPollingInterval / 1000) / 1e6;
  expect([queues.maxPollingInterval, lookMillionsAMonth.toFixed(1)]).toEqual([2000, '1.3']);
  expect(await readFile('docs/deployment.md', 'utf8')).toContain(
    'every 2 s (`maxPollingInterval` in `host.json`): 1.3 million',
  );
  expect(await readFile('docs/deploiement.md', 'utf8')).toContain(
    'les 2 s (`maxPollingInterval` dans `host.json`) : 1,3 million',
  );
});

test('settings replace values of host.json, whatever the case of their names', () => {
  const json = { functionTimeout: '00:02:00', extensions: { queues: { batchSize: 8, maxDequeueCount: 10 } } };
  const replaced = overrideHostJson(json, {
    AzureFunctionsJobHost__functionTimeout: '00:03:00',
    AZUREFUNCTIONSJOBHOST__Extensions__Queues__BatchSize: '32',
    'AzureFunctionsJobHost:extensions:http:routePrefix': '',
  });
  expect(readHostJson(replaced)).toMatchObject({
    functionTimeout: 180_000,
    routePrefix: '',
    queues: { batchSize: 32, newBatchThreshold: 16, maxDequeueCount: 10 },
  });
  expect(json.extensions.queues.batchSize).toBe(8);
});

test('the top-level keys of a payload override the facts of the queue, except nulls and arrays', () => {
  const date = new Date('2026-11-24T10:00:00Z');
  const message = {
    messageId: 'real',
    popReceipt: 'p',
    dequeueCount: 1,
    insertedOn: date,
    expiresOn: date,
    nextVisibleOn: date,
    messageText: '',
  };
  expect(triggerMetadata(message, '{"ID":"spoofed","popReceipt":null,"dequeueCount":[],"new":true}')).toMatchObject({
    Id: { string: 'spoofed' },
    PopReceipt: { string: 'p' },
    DequeueCount: { int: 1 },
    InsertionTime: { json: '"2026-11-24T10:00:00+00:00"' },
    new: { string: 'True' },
  });
});

test('a queue whose name ends in -poison, or is too long, has no poison queue', () => {
  expect(['work', 'work-poison', 'q'.repeat(57)].map(poisonQueueOf)).toEqual(['work-poison', undefined, undefined]);
});
