// Bundles `functions/*.ts` into `dist/functions`, so that a deployed app opens a few files in place of hundreds and
// needs no node_modules. What is imported dynamically stays in chunks that load on first use.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';

/** The oldest Node that a function app of ours may run on (`supportedNode` in infra/types.bicep). */
export const LOWEST_NODE = 22;

export const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

// CommonJS packages call `require`, which ES modules lack. The alias matters: the storage SDK imports
// `createRequire` itself, and two declarations of one name do not load.
export const REQUIRE = [
  "import { createRequire as __bundleCreateRequire } from 'node:module';",
  'const require = __bundleCreateRequire(import.meta.url);',
].join('');

/** What `debug` takes when it is there. Only tools of developers bring it: what is shipped must not depend on them. */
export const LEFT_OUT = ['supports-color'];

export interface BundleOptions {
  /** Files or patterns; default: the project's functions. */
  entries?: string[];
  /** Default: `dist` in the project. The entries go to `functions/` inside. */
  outdir?: string;
}

/** Writes the bundle and `meta.json` (esbuild's account of what is in it). */
export async function bundle(options: BundleOptions = {}): Promise<Metafile> {
  const { entries = ['functions/*.ts'], outdir = `${PROJECT}dist` } = options;
  const { metafile } = await build({
    absWorkingDir: PROJECT,
    entryPoints: entries,
    outdir: `${outdir}/functions`,
    bundle: true,
    splitting: true,
    // Not beside the entries: `main` in package.json loads every file there at start.
    chunkNames: 'chunks/[name]-[hash]',
    format: 'esm',
    platform: 'node',
    target: `node${LOWEST_NODE}`,
    minify: true,
    // Logs tell errors apart by the names of their classes.
    keepNames: true,
    // It exists only inside the language worker.
    external: ['@azure/functions-core', ...LEFT_OUT],
    banner: { js: REQUIRE },
    metafile: true,
    logLevel: 'warning',
  });
  await writeFile(`${outdir}/meta.json`, JSON.stringify(metafile));
  return metafile;
}

if (import.meta.main) {
  const { outputs } = await bundle();
  for (const [file, { bytes }] of Object.entries(outputs)) console.log(`${file}  ${(bytes / 1024).toFixed(0)} kB`);
}
