// The licences of all that is shipped: in the zip of the functions, and in the command line.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle } from '../../infra/package/bundle.ts';
import { bundleCommandLine } from '../../infra/package/command-line.ts';
import { noticesOf } from '../../infra/package/notices.ts';
import lock from '../../package-lock.json' with { type: 'json' };

/** Those that ask for their text to be shipped, and MPL-2.0, which asks for the address of the source too. */
const MAY_BE_SHIPPED = ['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MPL-2.0'];

let folder: string;
const shipped = new Map<string, { readonly metafile: Metafile; readonly notices: string }>();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notices-'));
  const functions = await bundle({ outdir: folder });
  shipped.set('functions', { metafile: functions, notices: await noticesOf(functions) });
  const file = join(folder, 'connector.mjs');
  shipped.set('command line', { metafile: await bundleCommandLine(file), notices: await readFile(file, 'utf8') });
});
afterAll(() => rm(folder, { recursive: true }));

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly dev?: boolean;
  readonly license?: string;
}
const locked: Readonly<Record<string, Locked>> = lock.packages;

/** By the lock file: every folder of a package from which a bundle takes a file. */
function lockedIn({ inputs }: Metafile): readonly (Locked & { readonly name: string })[] {
  const folders = Object.keys(locked).filter((path) => path.includes('node_modules/'));
  const used = folders.filter((path) =>
    Object.keys(inputs).some(
      (input) => input.startsWith(`${path}/`) && !input.slice(path.length).includes('node_modules/'),
    ),
  );
  return used.map((path) => ({ ...locked[path], name: path.split('node_modules/').at(-1) ?? path }));
}

describe.each(['functions', 'command line'])('the %s', (what) => {
  const read = () => {
    const found = shipped.get(what);
    if (found === undefined) throw new Error(`${what} was not built`);
    return found;
  };

  test('name each package with its version and its licence, as the lock file has them', () => {
    const { metafile, notices } = read();
    const lines = lockedIn(metafile).map(({ name, version, license }) => `${name} ${version} (${license})`);
    expect(lines.length).toBeGreaterThan(30);
    expect(lines.filter((line) => !notices.includes(`\n${line}\n`))).toEqual([]);
    expect(notices).toContain('The rdv-solidarites-dynamics contributors');
  });

  test('hold no licence that would oblige whoever ships them to more than a notice', () => {
    const licences = lockedIn(read().metafile).map(({ license }) => license);
    expect(new Set(licences.filter((licence) => !MAY_BE_SHIPPED.includes(`${licence}`)))).toEqual(new Set());
  });

  test('hold nothing that only developers install, which the bill of materials leaves out', () => {
    expect(lockedIn(read().metafile).filter(({ dev }) => dev === true)).toEqual([]);
  });

  test('give each licence its text', () => {
    const sections = read().notices.split('-'.repeat(72)).slice(1);
    expect(sections.filter((section) => section.length < 600)).toEqual([]);
    expect(sections.find((section) => section.includes('ical.js '))).toMatch(/https:\/\/github\.com\/\S+ical\.js/);
  });
});
