import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { describeInChromium } from '../browser/describe.ts';
import { takePictures } from './take.ts';

const documents = new URL('../../docs/', import.meta.url);

describeInChromium('the pictures of the documents', (browser) => {
  test('can be taken anew, are small, and are those that the documents show', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pictures-'));
    try {
      const taken = (await takePictures(folder, browser())).map((path) => basename(path)).sort();
      for (const name of taken) expect((await stat(join(folder, name))).size, name).toBeLessThan(200_000);
      expect((await readdir(new URL('images/', documents))).sort()).toEqual(taken);
      const guide = await readFile(new URL('guide-utilisateur.md', documents), 'utf8');
      const shown = [...guide.matchAll(/!\[[^\]]+\]\(images\/([^)]+)\)/g)].map(([, name]) => name);
      expect(shown.sort()).toEqual(taken);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
