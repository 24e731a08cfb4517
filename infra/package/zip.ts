// `npm run package`: the deployable package, as a folder (`dist/package`, for azd) and as a zip (for
// `az functionapp deployment source config-zip`). It holds host.json, a package.json without dependencies, the
// bundle, and the licences of what is in it.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { zipSync } from 'fflate';
import manifest from '../../package.json' with { type: 'json' };
import { bundle, LOWEST_NODE, PROJECT } from './bundle.ts';
import { noticesOf } from './notices.ts';

export interface Entry {
  /** With slashes. */
  readonly name: string;
  readonly content: Buffer;
}

/** Writes the package to a folder, which is emptied first. */
export async function writePackage(folder: string): Promise<Entry[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const metafile = await bundle({ outdir: join(folder, 'dist') });
  // An account of the sources, for us only.
  await rm(join(folder, 'dist', 'meta.json'));
  for (const file of ['host.json', 'LICENSE']) await writeFile(join(folder, file), await readFile(join(PROJECT, file)));
  await writeFile(join(folder, 'THIRD-PARTY-NOTICES.txt'), await noticesOf(metafile));
  const { name, version, type, main } = manifest;
  const deployed = { name, version, private: true, type, main, engines: { node: `>=${LOWEST_NODE}` } };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(deployed, null, 2)}\n`);
  return entriesOf(folder);
}

async function entriesOf(folder: string): Promise<Entry[]> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((item) => item.isFile());
  const paths = files.map((item) => join(item.parentPath, item.name)).sort();
  return Promise.all(
    paths.map(async (path) => ({
      name: relative(folder, path).split(sep).join('/'),
      content: await readFile(path),
    })),
  );
}

// Made on Unix, as a file that all may read and its owner may write (PKWARE APPNOTE 4.4.2, 4.4.15).
const FILE_0644 = { os: 3, attrs: (0o100644 << 16) >>> 0 };

/** A zip archive of the entries, in their order: the same entries give the same bytes. */
export function zip(entries: readonly Entry[]): Buffer {
  // The first moment that a zip can tell. Zips have local time, so the moment is made in it.
  const mtime = new Date(1980, 0, 1);
  const files = entries.map(({ name, content }): [string, Uint8Array] => [name, content]);
  return Buffer.from(zipSync(Object.fromEntries(files), { level: 9, mtime, ...FILE_0644 }));
}

if (import.meta.main) {
  const entries = await writePackage(join(PROJECT, 'dist', 'package'));
  const file = join(PROJECT, 'dist', `${manifest.name}-${manifest.version}.zip`);
  const archive = zip(entries);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, archive);
  console.log(`${relative(PROJECT, file)}  ${entries.length} files, ${(archive.length / 1024).toFixed(0)} kB`);
}
