// Short secrets are refused at the validation of a deployment. The tool computes nothing from a secure parameter, so the
// checks are tried in a template of the test, and the vault is seen to use them.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { locateBicep } from '../../infra/tools/bicep.ts';
import { type BicepRpc, startBicepRpc } from './bicep-rpc.ts';

const INFRA = fileURLToPath(new URL('../../infra/', import.meta.url));
const LONG = 'sixteen-signs-xx';
const SHORT = 'fifteen-signs-x';

describe.skipIf(locateBicep() === undefined)('a deployment', { timeout: 120_000 }, () => {
  let folder: string;
  let rpc: BicepRpc;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'secrets-'));
    rpc = startBicepRpc();
    const checks = join(relative(folder, INFRA), 'checks.bicep');
    await writeFile(
      join(folder, 'tried.bicep'),
      `import { longSecret, longSecrets } from '${checks}'
param one string
param perSource string
output one string = longSecret(one, 'one')
output perSource string = longSecrets(perSource, 'perSource')
`,
    );
  });
  afterAll(async () => {
    rpc.stop();
    await rm(folder, { recursive: true, force: true });
  });

  let files = 0;
  async function refusal(one: string, perSource: object): Promise<string | undefined> {
    files += 1;
    const file = join(folder, `p${files}.bicepparam`);
    await writeFile(
      file,
      `using 'tried.bicep'\nparam one = '${one}'\nparam perSource = '${JSON.stringify(perSource)}'\n`,
    );
    return rpc.refusal(file);
  }

  test.each([
    [LONG, {}],
    [LONG, { a: LONG, b: [LONG, LONG], c: [] }],
  ])('takes %j and %j', async (one, perSource) => {
    expect(await refusal(one, perSource)).toBeUndefined();
  });

  test.each([
    [SHORT, {}, 'one: expected the secret itself'],
    [`${SHORT} `, {}, 'one: expected the secret itself'],
    [LONG, { a: SHORT }, 'perSource: expected the secrets themselves'],
    [LONG, { a: LONG, b: [LONG, SHORT] }, 'perSource: expected the secrets themselves'],
  ])('refuses %j and %j', async (one, perSource, message) => {
    expect(await refusal(one, perSource)).toContain(message);
  });
});

test('the vault stores checked secrets only', async () => {
  const values = [...(await readFile(join(INFRA, 'modules/keyvault.bicep'), 'utf8')).matchAll(/^ {6}value: (.*)$/gm)];
  expect(values.map(([, value]) => value)).toEqual([
    "longSecret(webhookSecret, 'webhookSecret')",
    "longSecret(webhookSecretPrevious, 'webhookSecretPrevious')",
    "longSecrets(webhookSecretsPerSource, 'webhookSecretsPerSource')",
  ]);
});
