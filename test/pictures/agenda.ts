// Two pictures of one click: an RDV booked on the agenda page of the local sender, and the appointment that it became.
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { answerPage } from '../../local/page/answer.ts';
import { manualClock, SUBSCRIPTION_NAMES, startSender } from '../../local/rdv-solidarites/sender/start-sender.ts';
import { startPipeline } from '../pipeline/pipeline.ts';
import { NOW, provisionApplication } from './story.ts';

/** Webhooks leave on the clock of the sender. */
const A_MINUTE = 60_000;
const WINDOW = { width: 1000, height: 640 };

/** Books an RDV by the form, and answers the paths of the pictures. */
export async function photographClick(folder: string, browser: Browser): Promise<string[]> {
  const pipeline = await startPipeline({}, { clock: () => NOW, page: answerPage });
  const clock = manualClock(NOW.getTime());
  const sender = await startSender({
    clock,
    size: { organisations: 1, agents: 2, usagers: 12, rdvs: 30, near: 1 },
    allowedHosts: 'any',
    deliver: async ({ body }) => {
      await pipeline.deliver(body);
      return { status: 202, body: '', timedOut: false };
    },
  });
  const page = await browser.newPage({ colorScheme: 'light', viewport: WINDOW });
  const take = async (name: string) => {
    const path = join(folder, `${name}.png`);
    await page.screenshot({ path, caret: 'hide', animations: 'disabled' });
    return path;
  };
  try {
    await provisionApplication(pipeline.dataverse.url);
    for (const { id } of sender.store.organisations.values()) {
      const endpoint = {
        id: sender.store.nextId(),
        organisation_id: id,
        target_url: 'http://127.0.0.1/api/notifications',
      };
      sender.store.endpoints.put({ ...endpoint, secret: 'unused', subscriptions: SUBSCRIPTION_NAMES });
    }
    await page.goto(`${sender.url}/rdv/nouveau`);
    await page.getByLabel('Usagers').selectOption({ index: 0 });
    await page.getByLabel('Date et heure').fill('2026-12-15T10:00');
    await page.getByRole('button', { name: 'Prendre le rendez-vous' }).click();
    await page.waitForURL(/\/rdv\/\d+$/);
    await sender.passTime(clock, A_MINUTE);
    const booked = await take('agenda-rdv');
    const rdv = new URL(page.url()).pathname.replace('/rdv/', '');
    const row = pipeline.dataverse.rows.list('appointment').find((one) => one['rdvs_rdvid'] === rdv);
    await page.goto(`${pipeline.dataverse.url}/appointment/${row?.['activityid']}`);
    await page.locator('#direct[data-state=on]').waitFor();
    return [booked, await take('agenda-dynamics')];
  } finally {
    await page.close();
    await Promise.all([sender.stop(), pipeline.stop()]);
  }
}
