// Pictures of the local page for the documents: the real pipe, an invented story, a clock that stands still.
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { answerPage } from '../../local/page/answer.ts';
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

const picturesOf = ({ agent, contact }: People): readonly Picture[] => [
  { name: 'contacts', address: '/', height: 640 },
  { name: 'contact', address: `/contacts/${contact}`, height: 1130 },
  { name: 'rdv-a-venir', address: '/rdv', height: 760 },
  { name: 'semaine-agent', address: `/agents/${agent}`, height: 1050 },
  { name: 'liens', address: '/liens', height: 640 },
  { name: 'usagers-sortis', address: '/liens?vue=sortis', height: 320 },
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
