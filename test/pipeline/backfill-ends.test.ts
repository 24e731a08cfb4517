// A backfill that is ended in every way goes on where it was.
import { expect, onTestFinished, test } from 'vitest';
import { openDesk } from './backfill-desk.ts';

test('ended five times in all ways, it loses nothing and doubles nothing, and tells nothing of people', async () => {
  const desk = await openDesk({ size: { organisations: 3, agents: 3, usagers: 700, rdvs: 3000 }, disorder: 'steady' });
  onTestFinished(desk.stop);
  const heard: string[] = [];
  for (const [more, signal] of [
    [11, 'SIGKILL'],
    [6, 'SIGKILL'],
    [16, 'SIGINT'],
    [12, 'SIGKILL'],
    [14, 'SIGKILL'],
  ] as const) {
    const { child, ended } = desk.start(['--yes']);
    await desk.asked(more);
    child.kill(signal);
    const { code, text } = await ended;
    heard.push(text);
    if (signal === 'SIGINT')
      expect({ code, text }).toMatchObject({ code: 1, text: expect.stringMatching(/Stopped: r/) });
    // What runs out within 15 s.
    else await desk.progress.getBlobLeaseClient().breakLease(0);
    heard.push(`${await desk.progress.downloadToBuffer()}`);
  }
  const last = await desk.connector(['backfill']);
  heard.push(last.text);
  expect(last).toMatchObject({ code: 0, text: expect.stringMatching(/^Goes on with backfill-\d{14}\./) });
  expect(desk.missing()).toEqual([]);
  expect(desk.doubled()).toEqual({ contacts: 0, appointments: 0 });
  expect(last.text).toContain('0 refused');
  expect(await desk.progress.exists()).toBe(false);
  const names = [...desk.standIn.store.usagers.values()].map(({ last_name }) => last_name);
  expect(names.filter((name) => heard.join('').includes(name))).toEqual([]);
}, 300_000);
