// What the deployment workflow makes of the answers of a new deployment: well, not provisioned yet, or broken.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const least = /^least=(.+)$/m.exec(await readFile(join(PROJECT, 'infra/tools/smoke-test.sh'), 'utf8'))?.[1] ?? '';
const functions = String((await readdir(join(PROJECT, 'functions'))).length);

/** The Azure CLI does not run here: this one says its version, a host name, and how many functions Azure loaded. */
const AZ = `#!/usr/bin/env bash
case "$1 $2 $3" in
  version*) echo "$AZ_VERSION" ;;
  'functionapp show '*) echo unused.example.org ;;
  'functionapp function list') echo "$AZ_FUNCTIONS" ;;
esac
`;

describe.skipIf(process.platform === 'win32')('the smoke test', () => {
  let folder: string;
  let answer = { status: 200, body: '{"status":"ok","failing":[],"version":"0.1.0"}' };
  const server = createServer((_, response) => response.writeHead(answer.status).end(answer.body));
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'smoke-'));
    await writeFile(join(folder, 'az'), AZ, { mode: 0o755 });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  afterAll(async () => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  function run(
    status: number,
    body: string,
    environment: Record<string, string> = {},
  ): Promise<{ code: number; text: string }> {
    answer = { status, body };
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const env = {
      ...process.env,
      PATH: `${folder}:${process.env['PATH']}`,
      RESOURCE_GROUP: 'rg',
      FUNCTION_NAME: 'f',
      TRIES: '1',
      AZ_VERSION: least,
      AZ_FUNCTIONS: functions,
      HEALTH_URL: `http://127.0.0.1:${port}/api/health`,
      ...environment,
    };
    return new Promise((resolve) => {
      execFile('bash', ['infra/tools/smoke-test.sh'], { cwd: PROJECT, env }, (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), text: stdout + stderr }),
      );
    });
  }

  const failing = (...names: string[]) => JSON.stringify({ status: 'failing', failing: names, version: '0.1.0' });

  test.each([
    ['well', 200, '{"status":"ok","failing":[],"version":"0.1.0"}', {}, 0, /well/],
    ['without tables', 503, failing('schema'), {}, 0, /Not provisioned yet/],
    ['without application user', 503, failing('dataverse', 'schema'), {}, 0, /Not provisioned yet/],
    ['without tables that it had', 503, failing('schema'), { PROVISIONED: 'true' }, 1, /broken: HTTP 503 schema/],
    ['without secret', 503, failing('secrets', 'dataverse', 'schema'), {}, 1, /broken: HTTP 503 secrets/],
    ['without code', 404, 'Not Found', {}, 1, /broken: HTTP 404 no answer of ours/],
    ['closed to the workflow', 403, 'Ip Forbidden', {}, 0, /does not answer from here/],
    ['closed, and empty', 403, 'Ip Forbidden', { AZ_FUNCTIONS: '0' }, 1, /Azure sees 0 functions/],
    ['deployed with an old Azure CLI', 200, '', { AZ_VERSION: '2.9.1' }, 1, /2\.9\.1 is too old/],
  ])('%s', async (_, status, body, environment, code, says) => {
    expect(await run(status, body, environment)).toEqual({ code, text: expect.stringMatching(says) });
  });

  test('the guides name the same least version of the Azure CLI', async () => {
    for (const guide of ['deployment', 'deploiement']) {
      expect(await readFile(join(PROJECT, `docs/${guide}.md`), 'utf8')).toContain(
        `Azure CLI ${least.replace(/\.0$/, '')}`,
      );
    }
  });
});
