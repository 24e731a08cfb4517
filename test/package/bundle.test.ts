// What the deployed bundle loads before it can answer a request.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle, LOWEST_NODE } from '../../infra/package/bundle.ts';
import { isLazy, loadedAtStart, loadedEver, packageOf } from './loaded.ts';

let outdir: string;
let metafile: Awaited<ReturnType<typeof bundle>>;
beforeAll(async () => {
  outdir = await mkdtemp(join(tmpdir(), 'bundle-'));
  metafile = await bundle({ outdir });
});
afterAll(() => rm(outdir, { recursive: true }));

test.each([
  'functions/receive-notification.ts',
  'functions/apply-notification.ts',
  'functions/move-calendars.ts',
  'functions/settle-incidents.ts',
])('%s loads neither identity, storage nor Dataverse before it is called', (entry) => {
  const atStart = [...loadedAtStart(metafile, [entry]).sources.keys()];
  expect(atStart.map(packageOf)).toContain('@azure/functions');
  expect(atStart.filter(isLazy)).toEqual([]);
});

test('the receiver can load storage later, for a body that is too big; nothing of it reaches Dataverse', () => {
  const ever = [...loadedEver(metafile, ['functions/receive-notification.ts']).sources.keys()];
  expect(ever.map(packageOf)).toContain('@azure/storage-blob');
  expect(ever.filter((source) => /^src\/(dataverse|delivery|sync)/.test(source))).toEqual([]);
  expect(ever.map(packageOf)).not.toContain('dynamics-web-api');
});

test('it is written for the oldest Node that the template allows', async () => {
  const types = await readFile('infra/types.bicep', 'utf8');
  const allowed = /^type supportedNode = (.*)$/m.exec(types)?.[1]?.match(/\d+/g)?.map(Number) ?? [];
  expect(Math.min(...allowed)).toBe(LOWEST_NODE);
  // `using` is newer than that: it must have been lowered.
  const entry = join(outdir, 'newer.ts');
  await writeFile(entry, 'export function work(one: Disposable) {\n  using _ = one;\n}\n');
  await bundle({ entries: [entry], outdir: join(outdir, 'newer') });
  const written = await readFile(join(outdir, 'newer/functions/newer.js'), 'utf8');
  expect(written).not.toMatch(/\busing\b/);
});
