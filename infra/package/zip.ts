// `npm run package`: the deployable package, as a folder (`dist/package`, for azd) and as a zip (for
// `az functionapp deployment source config-zip`). It holds host.json, a package.json without dependencies, and the
// bundle.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, deflateRawSync } from 'node:zlib';
import manifest from '../../package.json' with { type: 'json' };
import { bundle, LOWEST_NODE } from './bundle.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

export interface Entry {
  /** With slashes. */
  readonly name: string;
  readonly content: Buffer;
}

/** Writes the package to a folder, which is emptied first. */
export async function writePackage(folder: string): Promise<Entry[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await bundle({ outdir: join(folder, 'dist') });
  // An account of the sources, for us only.
  await rm(join(folder, 'dist', 'meta.json'));
  await writeFile(join(folder, 'host.json'), await readFile(join(PROJECT, 'host.json')));
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

const VERSION = 20;
const UTF8 = 1 << 11;
const DEFLATE = 8;
// 1 January 1980, so that the same sources give the same bytes.
const TIME = 0;
const DATE = (1 << 5) | 1;
const MADE_ON_UNIX = (3 << 8) | VERSION;
const FILE_0644 = (0o100644 << 16) >>> 0;

/** A zip archive (PKWARE APPNOTE 4.3): per file a local header and its data, then the directory, then its place. */
export function zip(entries: readonly Entry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of entries) {
    const path = Buffer.from(name);
    const data = deflateRawSync(content, { level: 9 });
    const common = numbers([VERSION, 2], [UTF8, 2], [DEFLATE, 2], [TIME, 2], [DATE, 2]);
    const sizes = numbers([crc32(content), 4], [data.length, 4], [content.length, 4], [path.length, 2], [0, 2]);
    const local = Buffer.concat([numbers([0x04034b50, 4]), common, sizes, path, data]);
    directory.push(
      numbers([0x02014b50, 4], [MADE_ON_UNIX, 2]),
      common,
      sizes,
      numbers([0, 2], [0, 2], [0, 2], [FILE_0644, 4], [offset, 4]),
      path,
    );
    files.push(local);
    offset += local.length;
  }
  const index = Buffer.concat(directory);
  const count = entries.length;
  const end = numbers([0x06054b50, 4], [0, 2], [0, 2], [count, 2], [count, 2], [index.length, 4], [offset, 4], [0, 2]);
  return Buffer.concat([...files, index, end]);
}

/** Unsigned little-endian numbers, each with its width in bytes. */
function numbers(...fields: [value: number, bytes: number][]): Buffer {
  return Buffer.concat(
    fields.map(([value, bytes]) => {
      const buffer = Buffer.alloc(bytes);
      buffer.writeUIntLE(value, 0, bytes);
      return buffer;
    }),
  );
}

if (import.meta.main) {
  const entries = await writePackage(join(PROJECT, 'dist', 'package'));
  const file = join(PROJECT, 'dist', `${manifest.name}-${manifest.version}.zip`);
  const archive = zip(entries);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, archive);
  console.log(`${relative(PROJECT, file)}  ${entries.length} files, ${(archive.length / 1024).toFixed(0)} kB`);
}
