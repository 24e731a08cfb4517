// Day one as the deployment guide tells it: its commands, in their order, from an empty `npm start`.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { run } from '../src/cli/main.ts';

const PORTS = ['FUNCTIONS_PORT', 'DATAVERSE_PORT', 'SENDER_PORT', 'AZURITE_QUEUE_PORT', 'AZURITE_BLOB_PORT'];

/** What stands in the frames of a section, line by line; and what it says to type. */
async function readPage(file: string, heading: string) {
  const text = await readFile(new URL(`../docs/${file}`, import.meta.url), 'utf8');
  const section = text.split(`### ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return {
    commands: [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, lines = '']) =>
      lines
        .trim()
        .split('\n')
        .map((line) => line.replace(/ +#.*/, '')),
    ),
    typed: [...section.matchAll(/`((?:export )?WRITE_TO_DYNAMICS=true)`/g)].map(([, line]) => line),
  };
}

/** The first terminal. */
function startHeld() {
  const ports = Object.fromEntries(PORTS.map((name) => [name, '0']));
  const environment = { ...process.env, ...ports, WRITE_TO_DYNAMICS: 'false' };
  const child = spawn(process.execPath, ['local/start.ts'], { env: environment, stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += `${chunk}`));
  return {
    seen: async (pattern: RegExp) => {
      await expect.poll(() => output, { timeout: 60_000 }).toMatch(pattern);
      return pattern.exec(output)?.[1] ?? '';
    },
    /** A person sees the replay pass here. */
    held: (least: number) =>
      expect.poll(() => output.split('notification.held').length, { timeout: 60_000 }).toBeGreaterThan(least),
    type: (line: string) => child.stdin.write(`${line}\n`),
  };
}

/** The second terminal: runs a line of the page, agrees to everything, and follows the address of the consent. */
function openTerminal(exported: string, folder: string) {
  // A person waits longer.
  const environment: Record<string, string> = { BACKFILL_PACE: '600' };
  const take = (line: string) => {
    for (const [, name = '', value = ''] of line.matchAll(/([A-Z_]+)='?([^' ]*)'?/g)) environment[name] = value;
  };
  take(exported);
  const connector = async (line: string) => {
    const printed: string[] = [];
    const print = (text: string) => void printed.push(text);
    const ask = async () => {
      const address = printed.find((text) => text.includes('/oauth/authorize'))?.trim();
      if (address === undefined) return 'yes';
      return `${(await fetch(address, { redirect: 'manual' })).headers.get('location')}`;
    };
    const args = line.replace('npm run connector -- ', '').replace('liens.csv', join(folder, 'liens.csv')).split(' ');
    const code = await run(args, { environment, print, complain: print, ask });
    return { line, code, text: printed.join('\n') };
  };
  return { take, connector, rows: (table: string, filter: string) => countRows(environment, table, filter) };
}

async function countRows({ DATAVERSE_URL }: Record<string, string>, table: string, filter: string): Promise<number> {
  const address = `${DATAVERSE_URL}/api/data/v9.2/${table}?$count=true&$filter=${filter}`;
  const answer = await (await fetch(address, { headers: { Authorization: 'Bearer local' } })).text();
  return Number(/"@odata.count":(\d+)/.exec(answer)?.[1]);
}

test('day one: every command of the page does what the page says', { timeout: 300_000 }, async () => {
  const page = await readPage('deployment.md', 'Try day one on one machine');
  const french = await readPage('deploiement.md', 'Essayer le premier jour sur un poste');
  expect(french).toEqual(page);
  const [start = [], before = [], after = []] = page.commands;
  expect(start).toEqual(['WRITE_TO_DYNAMICS=false npm start']);
  expect(page.typed).toEqual(['WRITE_TO_DYNAMICS=true', 'export WRITE_TO_DYNAMICS=true']);

  const folder = await mkdtemp(join(tmpdir(), 'day-one-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const first = startHeld();
  await first.seen(/Ready in/);
  const second = openTerminal(await first.seen(/(export .*)/), folder);
  const follow = async (lines: readonly string[]) => {
    const heard = new Map<string, string>();
    for (const line of lines) {
      const { code, text } = await second.connector(line);
      expect({ line, code, text }).toEqual({ line, code: 0, text: expect.anything() });
      heard.set(line.replace('npm run connector -- ', ''), text);
      await first.held(Number(/at least (\d+) deliveries\.$/m.exec(text)?.[1] ?? 0));
    }
    return heard;
  };

  const heard = await follow(before);
  expect(heard.get('check')).not.toContain('PROBLEM');
  expect(heard.get('sender status --rights')).toMatch(/organisations +3\n.*22 RDV, 10 usagers/);
  expect(heard.get('held list')).toMatch(/\d{3} held\./);
  expect(heard.get('links suggest --held --out liens.csv')).toMatch(/^\d\d usagers: 0 proposed/);
  expect(await second.rows('rdvs_links', "rdvs_name ne ''")).toBe(0);

  first.type('WRITE_TO_DYNAMICS=true');
  await first.seen(/write to Dynamics/);
  second.take('export WRITE_TO_DYNAMICS=true');
  const ended = await follow(after);
  expect(ended.get('backfill')).toMatch(/103 applied, 0 same or newer already, 0 refused/);
  expect(ended.get('held list')).toContain('Nothing is held.');
  expect(ended.get('reconcile')).toMatch(/rétablis : 0\n/);
  expect(await second.rows('appointments', 'rdvs_rdvid ne null')).toBe(60);
});
