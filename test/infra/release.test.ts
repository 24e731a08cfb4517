// What is published can be traced: fixed actions, the right version, and everything that the tag promises.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import manifest from '../../package.json' with { type: 'json' };

const workflows = await Array.fromAsync(glob('.github/workflows/*.yml'));
const release = await readFile('.github/workflows/release.yml', 'utf8');

test.each(workflows)('%s: every action is fixed by its digest, with the version that it is', async (file) => {
  const uses = (await readFile(file, 'utf8')).match(/uses: .*/g) ?? [];
  expect(uses.length).toBeGreaterThan(1);
  expect(uses.filter((line) => !/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
});

test('one action is one digest everywhere', async () => {
  const texts = await Promise.all(workflows.map((file) => readFile(file, 'utf8')));
  const uses = new Set(texts.flatMap((text) => text.match(/uses: \S+/g) ?? []));
  expect(uses.size).toBe(new Set([...uses].map((line) => line.split('@')[0])).size);
});

test.each([
  [`v${manifest.version}`, 0],
  ['v99.0.0', 1],
  [manifest.version, 1],
])('the tag %s ends with %d', async (tag, code) => {
  const checked = promisify(execFile)(process.execPath, ['infra/package/check-tag.ts', tag]);
  expect(
    await checked.then(
      () => 0,
      ({ code }) => code,
    ),
  ).toBe(code);
});

test('the tag is checked before anything is built, and all that is published has a checksum and a provenance', () => {
  const step = z.object({ name: z.string().optional(), uses: z.string().optional(), run: z.string().optional() });
  const shape = z.object({ jobs: z.object({ release: z.object({ steps: z.array(step) }) }) });
  const { steps } = shape.parse(parse(release)).jobs.release;
  const at = (pattern: RegExp) => steps.findIndex((one) => pattern.test(`${one.name} ${one.uses} ${one.run}`));
  const order = [
    /check-tag/,
    /\.ci\/run/,
    /npm run package/,
    /infra:sbom/,
    /sha256sum/,
    /attest-build-provenance/,
    /gh release/,
  ];
  expect(order.map(at)).toEqual(order.map(at).toSorted((a, b) => a - b));
  expect(order.map(at)).not.toContain(-1);
  for (const asset of ['*.zip', 'connector.mjs', 'sbom.cdx.json', 'SHA256SUMS']) {
    expect(steps.at(at(/gh release/))?.run).toContain(`dist/${asset}`);
  }
  expect(parse(release).jobs.release.permissions).toEqual({
    contents: 'write',
    'id-token': 'write',
    attestations: 'write',
  });
});

test('Dependabot looks at every manifest', async () => {
  const { updates } = parse(await readFile('.github/dependabot.yml', 'utf8'));
  const folders = updates.flatMap(
    (one: { directory?: string; directories?: string[] }) => one.directories ?? one.directory,
  );
  expect(folders.filter((folder: string) => !existsSync(`.${folder}`))).toEqual([]);
  expect(updates.map((one: Record<string, unknown>) => one['package-ecosystem'])).toEqual([
    'npm',
    'github-actions',
    'nuget',
  ]);
});
