// The same app in the forms that are compared, on disk.
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile, transform } from 'esbuild';
import { bundle } from '../../../infra/package/bundle.ts';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
/** In the project, so that the unbundled form finds the packages as a deployment with node_modules would. */
const FOLDER = join(PROJECT, 'dist', 'bench');

export interface Forms {
  /** Loads an app, run by node. */
  readonly start: string;
  /** Folders that hold the files of an app. */
  readonly bundled: string;
  readonly unbundled: string;
  readonly empty: string;
  readonly metafile: Metafile;
}

/** Writes all forms to `dist/bench`, which is emptied first. */
export async function writeForms(): Promise<Forms> {
  await rm(FOLDER, { recursive: true, force: true });
  const metafile = await bundle({ outdir: join(FOLDER, 'bundled') });
  await bundle({ outdir: join(FOLDER, 'empty'), entries: ['test/bench/cold-start/empty-app.ts'] });
  await unbundle(join(FOLDER, 'unbundled'));
  const start = join(FOLDER, 'start.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('start.ts', import.meta.url))],
    outfile: start,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  });
  return {
    start,
    bundled: join(FOLDER, 'bundled', 'functions'),
    unbundled: join(FOLDER, 'unbundled', 'functions'),
    empty: join(FOLDER, 'empty', 'functions'),
    metafile,
  };
}

const RELATIVE_IMPORT = /((?:from|import\()\s*['"]\.[^'"]+)\.ts(['"])/g;

/** Each source as one JavaScript file, packages left where npm put them. */
async function unbundle(outdir: string): Promise<void> {
  for (const folder of ['functions', 'src']) {
    const files = await readdir(join(PROJECT, folder), { recursive: true });
    for (const file of files.filter((name) => name.endsWith('.ts'))) {
      const source = await readFile(join(PROJECT, folder, file), 'utf8');
      const { code } = await transform(source, { loader: 'ts', format: 'esm', target: 'node24' });
      const target = join(outdir, folder, file.replace(/\.ts$/, '.js'));
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, code.replaceAll(RELATIVE_IMPORT, '$1.js$2'));
    }
  }
  await copyFile(join(PROJECT, 'package.json'), join(outdir, 'package.json'));
}
