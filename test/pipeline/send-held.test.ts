// `send` to an application that may not write yet.
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { run } from '../../src/cli/main.ts';
import { SECRET, startPipeline } from './pipeline.ts';

test('what the application holds is told as held', async () => {
  const { host, environment, stop } = await startPipeline({ WRITE_TO_DYNAMICS: 'false' });
  onTestFinished(stop);
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const file = fileURLToPath(new URL('../../local/rdv-solidarites/notifications/user-created.json', import.meta.url));
  const args = ['send', file, '--url', `${host.url}/api/notifications`, '--secret', SECRET];
  expect(await run(args, { environment, print, complain: print })).toBe(0);
  expect(lines.at(-1)).toBe('user-created.json: held: WRITE_TO_DYNAMICS is false in the application');
}, 60_000);
