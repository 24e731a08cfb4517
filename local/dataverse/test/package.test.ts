// The package as others get it: packed, installed in a folder of its own, started, and asked as the README says.

import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const PACKAGE = fileURLToPath(new URL('../', import.meta.url));
// Without the settings of an npm that started the tests: they name the folder of this project.
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(config|package)_/i.test(name)));
const npm = (folder: string, ...words: string[]) =>
  run('npm', words, { cwd: folder, shell: process.platform === 'win32', env });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-dataverse-'));
}, 10_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test('packed and installed elsewhere, it starts and answers dynamics-web-api as the README says', async () => {
  const { stdout } = await npm(PACKAGE, 'pack', '--json', '--pack-destination', folder);
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf('[')));
  await writeFile(join(folder, 'package.json'), '{"name":"elsewhere","private":true}');
  await npm(folder, 'install', '--no-audit', '--no-fund', '--prefer-offline', `./${filename}`, 'dynamics-web-api@2');

  const readme = await readFile(join(PACKAGE, 'README.md'), 'utf8');
  await writeFile(join(folder, 'try.mjs'), /```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? '');
  const command = join(folder, 'node_modules', 'local-dataverse', 'bin', 'local-dataverse.js');
  const server = spawn(process.execPath, [command, '--port', '0'], { cwd: folder });
  try {
    const url = await new Promise<string>((resolve, reject) => {
      server.stdout.on('data', (text) => resolve(/http:\S+?(?=\/api)/.exec(String(text))?.[0] ?? ''));
      server.stderr.on('data', (text) => reject(new Error(String(text))));
    });
    const { stdout: said } = await run(process.execPath, ['try.mjs'], {
      cwd: folder,
      env: { ...process.env, DATAVERSE: url },
    });
    expect(said).toBe('Camille Usager-Test\n');
  } finally {
    server.kill();
  }
}, 120_000);
