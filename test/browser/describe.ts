// Tests in a real browser: skipped, and saying so, where there is none; but not in continuous integration.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { findChromium, NO_CHROMIUM, openChromium } from './chromium.ts';

/** One browser for all tests of the body, which get it once they run. With `CI` set, a missing browser fails them. */
export function describeInChromium(name: string, body: (browser: () => Browser) => void): void {
  const isSkipped = findChromium() === undefined && !process.env['CI'];
  if (isSkipped) console.warn(`Skipped: ${name}. ${NO_CHROMIUM}`);
  describe.skipIf(isSkipped)(name, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await openChromium();
    });
    afterAll(() => browser?.close());
    body(() => browser);
  });
}
