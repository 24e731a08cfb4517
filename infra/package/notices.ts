// The licences of the packages that a bundle holds, by esbuild's own account of what is in it.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { PROJECT } from './bundle.ts';

export interface Packaged {
  /** Below the project, with slashes: `node_modules/zod`. */
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  /** As SPDX writes it. */
  readonly licence: string;
  readonly author: string;
  /** Address of the repository. */
  readonly source: string;
}

/** The packages with at least one byte in the bundle, by name and version. */
export async function packagesIn({ outputs }: Metafile): Promise<readonly Packaged[]> {
  const folders = new Set<string>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [source, { bytesInOutput }] of Object.entries(inputs)) {
      const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(source)?.[0];
      if (folder !== undefined && bytesInOutput > 0) folders.add(folder);
    }
  }
  const found = await Promise.all([...folders].map(describe));
  return found.sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
}

async function describe(folder: string): Promise<Packaged> {
  const manifest = JSON.parse(await readFile(join(PROJECT, folder, 'package.json'), 'utf8'));
  const { name, version, license, author, repository } = manifest;
  return {
    folder,
    name,
    version,
    licence: license,
    author: author?.name ?? author ?? 'its authors',
    source: (repository?.url ?? repository ?? '').replace(/^git\+/, ''),
  };
}

/**
 * The notices to ship with a bundle: our own licence, then each package with where its source is, which MPL-2.0 asks
 * for, and its licence.
 *
 * @throws Error when a package brings no text of its licence: whoever adds it has to find the text
 */
export async function noticesOf(metafile: Metafile): Promise<string> {
  const ours = await readFile(join(PROJECT, 'LICENSE'), 'utf8');
  const packages = await packagesIn(metafile);
  const theirs = packages.map(
    async (one) => `${one.name} ${one.version} (${one.licence})\n${one.source}\n\n${await textOf(one, ours)}`,
  );
  const all = [`This software\n\n${ours.trim()}`, ...(await Promise.all(theirs))];
  return `${all.join(`\n\n${'-'.repeat(72)}\n\n`)}\n`;
}

async function textOf({ folder, name, licence, author }: Packaged, ours: string): Promise<string> {
  const files = await readdir(join(PROJECT, folder));
  const read = async (file: string) => (await readFile(join(PROJECT, folder, file), 'utf8')).replaceAll('\r\n', '\n');
  const texts = files.filter((file) => /^(licen[cs]e|notice|copying)/i.test(file)).sort();
  if (texts.length > 0) return (await Promise.all(texts.map(read))).map((text) => text.trim()).join('\n\n');
  const readme = files.find((file) => /^readme/i.test(file));
  const section = readme === undefined ? undefined : /^licen[cs]e\n-+\n([\s\S]+)/im.exec(await read(readme))?.[1];
  if (section?.includes('Permission is hereby granted') === true) return section.trim();
  // Its manifest alone names the licence. Ours is the same one, but for who holds the copyright.
  if (licence === 'MIT') return ours.replace(/^Copyright .*$/m, `Copyright (c) ${author}`).trim();
  throw new Error(`${name}: no text of its licence in ${folder}`);
}
