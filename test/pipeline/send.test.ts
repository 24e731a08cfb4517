// `send` waits until what it sent is done with, and tells how it ended.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../src/cli/main.ts';
import { type Pipeline, SECRET, startPipeline } from './pipeline.ts';

const sample = (name: string) =>
  fileURLToPath(new URL(`../../local/rdv-solidarites/notifications/${name}.json`, import.meta.url));

let pipeline: Pipeline;
let folder: string;
beforeAll(async () => {
  [pipeline, folder] = await Promise.all([startPipeline(), mkdtemp(join(tmpdir(), 'send-'))]);
});
afterAll(() => Promise.all([pipeline.stop(), rm(folder, { recursive: true })]));

async function send(files: readonly string[], ...options: string[]) {
  const { host, environment } = pipeline;
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const target = ['--url', `${host.url}/api/notifications`, '--secret', SECRET];
  const code = await run(['send', ...files, ...target, ...options], { environment, print, complain: print });
  return { code, lines: lines.map((line) => line.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, 'ID')) };
}

test('it names the records that were written', async () => {
  const { code, lines } = await send([sample('user-created'), sample('rdv-created')]);
  expect({ code, lines }).toEqual({
    code: 0,
    lines: [
      'user-created.json: 202 accepted ID',
      'user-created.json: applied: usager-12',
      'rdv-created.json: 202 accepted ID',
      expect.stringMatching(/^rdv-created\.json: applied: .*rdv-77001/),
    ],
  });
});

test('an older body is told as stale', async () => {
  const { code, lines } = await send([sample('rdv-updated'), sample('rdv-created')]);
  expect({ code, last: lines.at(-1) }).toEqual({ code: 0, last: 'rdv-created.json: stale: nothing to write' });
});

test('what cannot be read ends in quarantine, with the reason and 1', async () => {
  const file = join(folder, 'broken.json');
  await writeFile(file, '{"data":{},"meta":{"model":"Rdv","event":"created","timestamp":"2026-11-24T09:00:00Z"}}');
  const { code, lines } = await send([file]);
  expect(code).toBe(1);
  expect(lines[1]).toMatch(/^broken\.json: in quarantine: invalid-data, /);
  expect(lines.at(-1)).toBe('1 of 1 notifications were not applied');
});

test('--no-wait tells the receipt alone', async () => {
  expect(await send([sample('user-updated')], '--no-wait')).toEqual({
    code: 0,
    lines: ['user-updated.json: 202 accepted ID'],
  });
});
