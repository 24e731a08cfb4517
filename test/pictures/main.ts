// `npm run docs:pictures`: takes the pictures of the documents anew.
import { fileURLToPath } from 'node:url';
import { openChromium } from '../browser/chromium.ts';
import { photographClick } from './agenda.ts';
import { takePictures } from './take.ts';

const browser = await openChromium();
const folder = fileURLToPath(new URL('../../docs/images', import.meta.url));
const paths = [...(await takePictures(folder, browser)), ...(await photographClick(folder, browser))];
await browser.close();
for (const path of paths) console.log(path);
