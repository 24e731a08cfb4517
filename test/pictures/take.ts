// Pictures of the local page for the documents: the real pipe, an invented story, a clock that stands still.
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { answerPage } from '../../local/page/answer.ts';
import { idOf } from '../../src/provision/app/ids.ts';
import { chartPart, viewId } from '../../src/provision/app/part-names.ts';
import { startPipeline } from '../pipeline/pipeline.ts';
import { NOW, type People, tell } from './story.ts';

/** Writes the pictures into a folder and answers their paths. */
export async function takePictures(folder: string, browser: Browser): Promise<string[]> {
  const pipeline = await startPipeline({}, { clock: () => NOW, page: answerPage });
  try {
    const people = await tell(pipeline);
    return await photograph({ url: pipeline.dataverse.url, people }, { folder, browser });
  } finally {
    await pipeline.stop();
  }
}

interface Picture {
  readonly name: string;
  readonly address: string;
  /** Of the window, in pixels. */
  readonly height: number;
}

const picturesOf = ({ rdv, contact }: People): readonly Picture[] => [
  { name: 'tableau-de-bord', address: '/', height: 680 },
  { name: 'rdv-a-venir', address: '/appointment', height: 760 },
  { name: 'rdv', address: `/appointment/${rdv}`, height: 860 },
  { name: 'usagers', address: '/contact', height: 640 },
  { name: 'contact', address: `/contact/${contact}`, height: 1400 },
  {
    name: 'absences',
    address: `/rdvs_participation?view=${viewId('rdvs_participation', 'absences of the year')}&chart=${idOf(chartPart('rdvs_participation', 'absences by organisation'))}`,
    height: 640,
  },
  { name: 'motifs', address: `/rdvs_motif?view=${viewId('rdvs_motif', 'to fill')}`, height: 560 },
  { name: 'liens', address: `/rdvs_link?view=${viewId('rdvs_link', 'recent')}`, height: 640 },
  { name: 'usagers-sortis', address: `/rdvs_link?view=${viewId('rdvs_link', 'left')}`, height: 480 },
];

/** The same of a page that the story was told to. */
export async function photograph(
  { url, people }: { url: string; people: People },
  { folder, browser }: { folder: string; browser: Browser },
): Promise<string[]> {
  const page = await browser.newPage({ colorScheme: 'light' });
  const paths: string[] = [];
  for (const { name, address, height } of picturesOf(people)) {
    const path = join(folder, `${name}.png`);
    await page.setViewportSize({ width: 1200, height });
    await page.goto(`${url}${address}`);
    await page.locator('#direct[data-state=on]').waitFor();
    await page.screenshot({ path, caret: 'hide', animations: 'disabled' });
    paths.push(path);
  }
  await page.close();
  return paths;
}
