// HTTP functions that show what the host hands over and what it does with an answer.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { app, output } from '@azure/functions';

const work = output.storageQueue({ queueName: '%FIXTURE_QUEUE%', connection: 'FIXTURE_STORAGE' });
const sink = output.storageQueue({ queueName: 'fixture-sink', connection: 'FIXTURE_STORAGE' });

app.http('receive', {
  methods: ['POST'],
  route: 'signed/{source?}',
  authLevel: 'function',
  extraOutputs: [work],
  handler: async (request, context) => {
    const body = Buffer.from(await request.arrayBuffer());
    const expected = createHmac('sha256', process.env['FIXTURE_SECRET'] ?? '')
      .update(body)
      .digest();
    const given = Buffer.from(request.headers.get('x-signature') ?? '', 'hex');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { status: 401 };
    context.extraOutputs.set(work, body);
    context.log(`received ${body.length} bytes from ${request.params['source'] ?? 'nobody'}`);
    return { status: 202, jsonBody: { status: 'accepted' } };
  },
});

/** Puts a message on the queue that `work` listens to. */
app.http('hand-over', {
  methods: ['POST'],
  extraOutputs: [work],
  handler: async (_request, context) => {
    context.extraOutputs.set(work, Buffer.from('{}'));
    return { status: 202 };
  },
});

app.http('echo', {
  methods: ['GET', 'POST'],
  route: 'echo/{id:int}',
  handler: async (request) => ({
    jsonBody: {
      method: request.method,
      params: request.params,
      query: Object.fromEntries(request.query),
      headers: Object.fromEntries(request.headers),
      body: Buffer.from(await request.arrayBuffer()).toString('hex'),
    },
    cookies: [{ name: 'seen', value: 'yes', httpOnly: true }],
  }),
});

/** Puts the posted JavaScript value on a queue: as a Buffer, or as what the JSON text stands for. */
app.http('put', {
  methods: ['POST'],
  route: 'put/{as:regex(^(buffer|value)$)}',
  extraOutputs: [sink],
  handler: async (request, context) => {
    const bytes = Buffer.from(await request.arrayBuffer());
    context.extraOutputs.set(sink, request.params['as'] === 'buffer' ? bytes : JSON.parse(bytes.toString()));
    return { status: 202 };
  },
});

app.http('label', {
  methods: ['GET'],
  route: 'label/{text}',
  handler: async (request) => ({ body: request.params['text'] ?? '' }),
});

app.http('nothing', { methods: ['GET'], handler: () => Promise.resolve(undefined as never) });

app.http('broken', {
  methods: ['GET'],
  handler: async () => {
    throw new Error('broken on purpose');
  },
});

app.http('slow', {
  methods: ['GET'],
  handler: async (request) => {
    await sleep(Number(request.query.get('ms')));
    return { body: 'done' };
  },
});

app.http('off', { methods: ['GET'], handler: async () => ({ body: 'on' }) });
