// A real Chromium for tests and pictures: the one of the machine, nothing is downloaded.
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** `CHROMIUM_PATH`, else where Debian, Ubuntu and Google put it; undefined where there is none. */
export function findChromium(): string | undefined {
  const { CHROMIUM_PATH } = process.env;
  return [...(CHROMIUM_PATH ? [CHROMIUM_PATH] : []), ...PLACES].find((path) => existsSync(path));
}

export const NO_CHROMIUM = 'No Chromium found: install it (apt-get install chromium), or set CHROMIUM_PATH.';

/** @throws when there is none */
export async function openChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(NO_CHROMIUM);
  // Containers rarely allow the sandbox, and only our own page is shown.
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-gpu'],
  });
}
