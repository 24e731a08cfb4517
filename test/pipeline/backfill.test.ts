// `connector backfill`: what the sender's API shows stands in Dynamics, at the price that was told.
import { expect, onTestFinished, test } from 'vitest';
import { withProgress } from '../../src/backfill/progress-store.ts';
import { openDesk } from './backfill-desk.ts';

test('says what it costs and asks, then brings everything over, and the second time changes nothing; two at once refuse', async () => {
  const desk = await openDesk({ size: { organisations: 2, agents: 3, usagers: 60, rdvs: 150 }, disorder: 'steady' });
  onTestFinished(desk.stop);
  const dry = await desk.connector(['backfill', '--dry-run']);
  expect(dry.text).toMatch(/To bring over: \d+ usagers and their memberships, 150 RDV, 6 absences\./);
  expect(dry.text).toMatch(/about \d+ requests, 1 min at 600 a minute/);
  expect(dry).toMatchObject({ code: 0, text: expect.stringContaining('nothing was sent') });
  expect(desk.pipeline.dataverse.rows.list('rdvs_link')).toEqual([]);

  const memberships = desk.standIn.store.profiles.size;
  const records = memberships + 150 + 6;
  const asked = desk.standIn.requests.records.length;
  const first = await desk.connector(['backfill', '--yes']);
  expect(first).toMatchObject({ code: 0, text: expect.stringContaining(`${memberships} read, ${memberships} sent`) });
  expect(first.text).toMatch(new RegExp(`${records} applied, 0 same or newer already, 0 refused`));
  expect(desk.missing()).toEqual([]);
  expect(desk.doubled()).toEqual({ contacts: 0, appointments: 0 });
  const told = Number(/about (\d+) requests/.exec(first.text)?.[1]);
  expect(desk.standIn.requests.records.length - asked).toBeLessThan(2 * told);

  expect(await desk.pipeline.query('rdvs_runs?$filter=rdvs_kind eq 2')).toMatchObject([
    {
      rdvs_name: expect.stringMatching(/^backfill-\d{14}$/),
      rdvs_ended: expect.any(String),
      rdvs_counts: expect.stringContaining(`${records} applied`),
    },
  ]);

  const second = await desk.connector(['backfill', '--yes']);
  expect(second.text).toMatch(new RegExp(`0 applied, ${records} same or newer already, 0 refused`));
  const writes = desk.pipeline.events('notification.done').slice(-records);
  expect(writes.filter(({ outcome }) => outcome !== 'unchanged')).toEqual([]);
  // Another one holds the progress.
  await withProgress(desk.pipeline.storage, async () => {
    expect(await desk.connector(['backfill', '--yes'])).toMatchObject({
      code: 1,
      text: expect.stringContaining('Another backfill is running'),
    });
  });
}, 120_000);
