// `npm run docs:pictures`: takes the pictures of the documents anew.
import { fileURLToPath } from 'node:url';
import { openChromium } from '../browser/chromium.ts';
import { takePictures } from './take.ts';

const browser = await openChromium();
const paths = await takePictures(fileURLToPath(new URL('../../docs/images', import.meta.url)), browser);
await browser.close();
for (const path of paths) console.log(path);
