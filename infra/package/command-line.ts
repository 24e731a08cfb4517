// The command line as one file, `connector.mjs`, for administrators without a clone: Node alone runs it, from any folder.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { LEFT_OUT, LOWEST_NODE, PROJECT, REQUIRE } from './bundle.ts';
import { noticesOf } from './notices.ts';

const SAMPLES = new URL('../../local/rdv-solidarites/notifications/', import.meta.url);

// Said by the file itself, because an older Node would stop somewhere inside it without a reason.
const GUARD = [
  `if (Number.parseInt(process.versions.node, 10) < ${LOWEST_NODE}) {`,
  `  console.error('Node.js ' + process.versions.node + ': connector.mjs needs ${LOWEST_NODE} or 24. / Il faut Node.js ${LOWEST_NODE} ou 24.');`,
  '  process.exit(1);',
  '}',
].join('\n');

/** Writes the command line to a file, with its samples and the notices of what is in it. */
export async function bundleCommandLine(outfile: string): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: PROJECT,
    entryPoints: ['src/cli/main.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: `node${LOWEST_NODE}`,
    minify: true,
    keepNames: true,
    external: LEFT_OUT,
    // Node 22 knows it since 22.18 only; here the file is always what was started.
    define: { 'import.meta.main': 'true', BUNDLED_SAMPLES: JSON.stringify(await readSamples()) },
    banner: { js: `#!/usr/bin/env node\n${REQUIRE}\n${GUARD}` },
    metafile: true,
    logLevel: 'warning',
  });
  const notices = (await noticesOf(metafile)).replaceAll('*/', '* /');
  await writeFile(outfile, `${await readFile(outfile, 'utf8')}\n/*!\n${notices}*/\n`);
  return metafile;
}

async function readSamples(): Promise<Record<string, string>> {
  const names = (await readdir(SAMPLES)).filter((name) => name.endsWith('.json')).sort();
  const texts = names.map(async (name) => [name, await readFile(new URL(name, SAMPLES), 'utf8')] as const);
  return Object.fromEntries(await Promise.all(texts));
}

if (import.meta.main) {
  const file = join(PROJECT, 'dist', 'connector.mjs');
  await bundleCommandLine(file);
  console.log('dist/connector.mjs');
}
