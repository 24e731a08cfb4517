// The zip that a release holds: what is in it, and that the functions run from it.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { writePackage, zip } from '../../infra/package/zip.ts';
import { startAzurite } from '../../local/azurite.ts';

let folder: string;
let archive: Buffer;
let files: Map<string, Buffer>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'package-'));
  archive = zip(await writePackage(join(folder, 'staged')));
  files = unzip(archive);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('it holds host.json, a package.json, the bundle and its licences, nothing else', () => {
  const others = [...files.keys()].filter((name) => !/^dist\/functions\/(chunks\/)?[\w-]+\.js$/.test(name));
  expect(others.toSorted()).toEqual(['LICENSE', 'THIRD-PARTY-NOTICES.txt', 'host.json', 'package.json']);
  const entries = [...files.keys()].filter((name) => /^dist\/functions\/[\w-]+\.js$/.test(name));
  expect(entries).toEqual(expect.arrayContaining(['dist/functions/receive-notification.js']));
});

test('its package.json finds the functions and asks for no package', () => {
  const manifest = JSON.parse(String(files.get('package.json')));
  expect(manifest).toMatchObject({ type: 'module', main: 'dist/functions/*.js' });
  expect(Object.keys(manifest).filter((key) => /dependencies|scripts/i.test(key))).toEqual([]);
});

test('no secret, no test and no path of the machine that built it is in it', () => {
  const traces = [
    'local-secret',
    'Usager-Test',
    '//# sourceMappingURL',
    fileURLToPath(new URL('../../', import.meta.url)),
  ];
  const found = [...files].flatMap(([name, content]) =>
    traces.filter((trace) => content.includes(trace)).map((trace) => `${name}: ${trace}`),
  );
  expect(found).toEqual([]);
});

test('the same sources give the same bytes, in any time zone', async () => {
  const zone = process.env['TZ'];
  process.env['TZ'] = 'Pacific/Auckland';
  try {
    expect(zip(await writePackage(join(folder, 'again'))).equals(archive)).toBe(true);
  } finally {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  }
  // 1 January 1980, 0:00 (PKWARE APPNOTE 4.4.6).
  expect(archive.readUInt32LE(10)).toBe(((0 << 9) | (1 << 5) | 1) << 16);
});

test('unpacked elsewhere, it receives a notification', async () => {
  const app = join(folder, 'app');
  for (const [name, content] of files) {
    await mkdir(dirname(join(app, name)), { recursive: true });
    await writeFile(join(app, name), content);
  }
  const azurite = await startAzurite();
  try {
    const script = fileURLToPath(new URL('run-package.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [script, app], {
      env: { ...process.env, NOTIFICATIONS_STORAGE: azurite.connectionString },
    });
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({
      functions: expect.arrayContaining(['applyNotification', 'receiveNotification']),
      signed: 202,
      unsigned: 401,
    });
  } finally {
    await azurite.stop();
  }
});

test('what azd runs leaves the folder that it sends, without what stood there before', async () => {
  const project = fileURLToPath(new URL('../../', import.meta.url));
  const { api } = parse(await readFile(join(project, 'azure.yaml'), 'utf8')).services;
  const sent = join(project, api.dist);
  await mkdir(sent, { recursive: true });
  await writeFile(join(sent, 'stale.js'), '');
  // azd runs the hook, then the script `build` of package.json, where there is one (cli/azd/pkg/project/framework_service_node.go).
  const run = (command: string) => promisify(execFile)('sh', ['-c', command], { cwd: project });
  await run(api.hooks.prepackage.posix.run);
  await run('npm run build');
  const found = await readdir(sent, { recursive: true, withFileTypes: true });
  const names = found.filter((item) => item.isFile()).map((item) => relative(sent, join(item.parentPath, item.name)));
  expect(names.toSorted()).toEqual([...files.keys()].toSorted());
}, 60_000);

/** Reads the archive by its directory, as every unpacker does (PKWARE APPNOTE 4.3.12). */
function unzip(buffer: Buffer): Map<string, Buffer> {
  const end = buffer.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  const found = new Map<string, Buffer>();
  let at = buffer.readUInt32LE(end + 16);
  for (let left = buffer.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [packed, nameLength, start] = [
      buffer.readUInt32LE(at + 20),
      buffer.readUInt16LE(at + 28),
      buffer.readUInt32LE(at + 42),
    ];
    const name = buffer.toString('utf8', at + 46, at + 46 + nameLength);
    const data = start + 30 + buffer.readUInt16LE(start + 26) + buffer.readUInt16LE(start + 28);
    found.set(name, inflateRawSync(buffer.subarray(data, data + packed)));
    at += 46 + nameLength + buffer.readUInt16LE(at + 30) + buffer.readUInt16LE(at + 32);
  }
  return found;
}
