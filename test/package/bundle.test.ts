// What the deployed bundle loads before it can answer a request.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle } from '../../infra/package/bundle.ts';

let outdir: string;
let metafile: Awaited<ReturnType<typeof bundle>>;
beforeAll(async () => {
  outdir = await mkdtemp(join(tmpdir(), 'bundle-'));
  metafile = await bundle({ outdir });
});
afterAll(() => rm(outdir, { recursive: true }));

/** The packages in an output file and in everything that it imports at once. */
function packagesLoadedBy(file: string): Set<string> {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = (name: string): void => {
    const output = metafile.outputs[name];
    if (output === undefined || seen.has(name)) return;
    seen.add(name);
    for (const input of Object.keys(output.inputs)) {
      const found = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1];
      if (found !== undefined) packages.add(found);
    }
    for (const { path, kind } of output.imports) if (kind === 'import-statement') visit(path);
  };
  visit(file);
  return packages;
}

function outputOf(entry: string): string {
  const found = Object.keys(metafile.outputs).find((name) => metafile.outputs[name]?.entryPoint === entry);
  if (found === undefined) throw new Error(`no output of ${entry} among ${relative('.', outdir)}`);
  return found;
}

test.each([
  'functions/receive-notification.ts',
  'functions/apply-notification.ts',
])('%s loads no SDK before it is called', (entry) => {
  const packages = packagesLoadedBy(outputOf(entry));
  expect(packages).toContain('@azure/functions');
  const sdks = [...packages].filter((name) =>
    /^(@azure\/(?!functions)|@typespec|dynamics-web-api|lru-cache|libphonenumber|ical\.js)/.test(name),
  );
  expect(sdks).toEqual([]);
});
