// What cannot be applied is kept, shown and settled; what the host gave up is kept too.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  makeNotification,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import manifest from '../../package.json' with { type: 'json' };
import { run } from '../../src/cli/main.ts';
import { listQuarantine } from '../../src/delivery/quarantine.ts';
import { contentOf, encodeEnvelope } from '../../src/intake/envelope.ts';
import { POISON_QUEUE } from '../../src/storage/names.ts';
import { type Pipeline, startPipeline } from './pipeline.ts';

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await startPipeline({ MAX_AGE: 'PT1S' });
});
afterAll(() => pipeline.stop());
beforeEach(async () => {
  pipeline.dataverse.faults.clear();
  for (const { id } of await listQuarantine(pipeline.storage)) await connector('quarantine', 'discard', id, '--yes');
});

async function connector(...args: string[]) {
  const lines: string[] = [];
  const environment = pipeline.environment;
  const print = (line: string) => void lines.push(line);
  const code = await run(args, { environment, print, complain: print });
  return { code, text: lines.join('\n') };
}

/** Sends a body that ends in quarantine, and says under which id. */
async function quarantined(body: string): Promise<string> {
  const response = await pipeline.send(body);
  const { notificationId }: { notificationId: string } = JSON.parse(await response.text());
  await pipeline.host.idle();
  return notificationId;
}

const rdv = (id: number, participants = 1) => {
  const users = Array.from({ length: participants }, (_, at) => makeUser({ id: 100 + at }));
  const participations = users.map((user) => makeParticipation({ user }));
  return senderJson(makeNotification({ model: 'Rdv', event: 'created', data: makeRdv({ id, participations }) }));
};
const refuseAll = () => pipeline.dataverse.faults.add({ kind: '429', retryAfter: 1, times: -1 });

describe('quarantine', () => {
  test('is listed, shown without the body, and shown with it on demand', async () => {
    const id = await quarantined(
      '{"data":{"id":"Canari-Test"},"meta":{"model":"User","event":"updated","timestamp":"2026-11-24 10:00:00 +0100"}}',
    );
    const listed = await connector('quarantine', 'list');
    expect(listed).toMatchObject({
      code: 0,
      text: expect.stringContaining(`${id}  invalid-data  data.id: expected number`),
    });
    const shown = await connector('quarantine', 'show', id);
    expect(shown.text).toMatch(/attempts {7}0\nreceived {7}2.*\nsource {9}\(none\)\nbody {11}\d+ bytes/);
    expect(listed.text + shown.text).not.toContain('Canari');
    expect((await connector('quarantine', 'show', id, '--show-body')).text).toContain('Canari-Test');
  });

  test('cannot command the terminal that shows it', async () => {
    const id = await quarantined('{"a":"\u001b[2J\u009b1m\u0007\r\u202eÉté"}\n\tfin');
    const { text } = await connector('quarantine', 'show', id, '--show-body');
    expect(text).toContain('{"a":"\\u001b[2J\\u009b1m\\u0007\\u000d\\u202eÉté"}\n\tfin');
  });

  test('gives back what was refused too long, small or large, once it can be applied', async () => {
    refuseAll();
    for (const [id, participants] of [
      [81, 1],
      [82, 120],
    ] as const) {
      await pipeline.send(rdv(id, participants));
    }
    await until(async () => (await listQuarantine(pipeline.storage)).length === 2);
    expect((await connector('quarantine', 'list')).text).toContain('given up after MAX_AGE');
    pipeline.dataverse.faults.clear();
    expect(await connector('quarantine', 'replay', '--all')).toMatchObject({
      code: 0,
      text: expect.stringContaining('2 of 2 put back.'),
    });
    await pipeline.host.idle();
    const ids = (await pipeline.query('appointments?$select=rdvs_rdvid')).map((row) => row['rdvs_rdvid']);
    expect(ids.sort()).toEqual(['81', '82']);
    expect((await connector('quarantine', 'list')).text).toBe('Quarantine is empty.');
  }, 60_000);

  test('keeps what is still invalid when it is replayed', async () => {
    const id = await quarantined('Bonjour');
    expect((await connector('quarantine', 'replay', id)).code).toBe(0);
    await pipeline.host.idle();
    expect((await connector('quarantine', 'list')).text).toContain(`${id}  not-json`);
  });

  test('is replayed since a date, and discarded only on confirmation', async () => {
    const id = await quarantined('Bonjour');
    expect((await connector('quarantine', 'replay', '--since', '2999-01-01')).text).toBe('0 of 0 put back.');
    expect(await connector('quarantine', 'discard', id)).toMatchObject({
      code: 1,
      text: expect.stringContaining('--yes'),
    });
    expect((await connector('quarantine', 'discard', id, '--yes')).code).toBe(0);
    expect((await connector('quarantine', 'show', id)).code).toBe(1);
  });

  test.each([
    [['quarantine', 'replay'], 'Say which: an id, --all, or --since <date>'],
    [['quarantine', 'replay', 'x', '--all'], 'Say which'],
    [['quarantine', 'replay', '--since', 'hier'], 'a date'],
    [['quarantine', 'show', 'nobody'], 'not in quarantine'],
  ])('answers %j with what to do', async (args, text) => {
    expect(await connector(...args)).toMatchObject({ code: 1, text: expect.stringContaining(text) });
  });
});

describe('what the host gave up', () => {
  test('moves to quarantine whole, readable or not, and can be replayed', async () => {
    const queue = pipeline.storage.queues.getQueueClient(POISON_QUEUE);
    await queue.createIfNotExists();
    const body = rdv(91);
    const envelope = {
      v: 1,
      notificationId: 'n-91',
      receivedAt: Date.now(),
      content: contentOf(Buffer.from(body)),
    } as const;
    await queue.sendMessage(encodeEnvelope(envelope).toString('base64'));
    await queue.sendMessage('%% not base64 %%');
    await pipeline.host.runTimer('watchQueues');
    expect(pipeline.events('watch.depth').at(-1)).toMatchObject({ poisonCount: 0, quarantineCount: 2, queueDepth: 0 });
    const { text } = await connector('quarantine', 'list');
    expect(text).toContain('n-91  delivery-crashed');
    const unreadable = /message-[0-9a-f-]+/.exec(text)?.[0] ?? '';
    expect((await connector('quarantine', 'show', unreadable, '--show-body')).text).toContain('%% not base64 %%');
    expect((await connector('quarantine', 'replay', unreadable)).code).toBe(1);
    expect((await connector('quarantine', 'replay', 'n-91')).code).toBe(0);
    await pipeline.host.idle();
    expect(await pipeline.query("appointments?$filter=rdvs_rdvid eq '91'")).toHaveLength(1);
  });
});

describe('health', () => {
  test('names what fails, keeps its answer, and costs Dataverse nothing in between', async () => {
    const ask = () => fetch(`${pipeline.host.url}/api/health`);
    const before = pipeline.dataverse.requests.length;
    const answers = await Promise.all([ask(), ask(), ask()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await answers[0]?.json()).toEqual({ status: 'ok', failing: [], version: manifest.version });
    await ask();
    expect(pipeline.dataverse.requests.length - before).toBe(2);
  });
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('it does not come');
}
