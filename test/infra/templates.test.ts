// The templates, judged by the real Bicep CLI.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ADVICE, bicep, locateBicep } from '../../infra/tools/bicep.ts';
import { PARAMETER_FILES, PARAMS, snapshotOf } from '../../infra/tools/snapshots.ts';
import { startBicepRpc } from './bicep-rpc.ts';
import { at, type Json, leaves } from './snapshot.ts';

const INFRA = fileURLToPath(new URL('../../infra/', import.meta.url));
// The CLI takes seconds, and other tests run at the same time.
const TIMEOUT = { timeout: 240_000 };
const isHere = locateBicep() !== undefined;
if (!isHere) console.warn(`SKIPPED: the checks of the templates.\n${ADVICE}`);

test.runIf(process.env['CI'] === 'true')('continuous integration has the Bicep CLI', () => {
  expect(isHere, ADVICE).toBe(true);
});

describe.skipIf(!isHere)('the templates', TIMEOUT, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'infra-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.concurrent('the parameter files compile, and the linter has nothing to say of them', async () => {
    const copy = await copyOfInfra('compiled');
    const { status, stderr } = await bicep(
      ['build-params', '--pattern', 'params/*.bicepparam', '--diagnostics-format', 'sarif'],
      copy,
    );
    expect(resultsIn(stderr, PARAMETER_FILES.length)).toEqual([]);
    expect(status).toBe(0);
  });

  test.concurrent('a release carries them as JSON: every value, and no secret', async () => {
    const copy = await copyOfInfra('released');
    for (const file of PARAMETER_FILES) {
      const { stdout } = await bicep(['build-params', file, '--stdout'], join(copy, 'params'));
      const { parameters } = JSON.parse(JSON.parse(stdout).parametersJson);
      expect(Object.keys(parameters)).toEqual(expect.arrayContaining(['environmentName', 'dataverseUrl']));
      expect(Object.keys(parameters).filter((name) => /^webhookSecret/.test(name))).toEqual([]);
    }
  });

  test.concurrent('each file is formatted', async () => {
    const copy = await copyOfInfra('formatted');
    expect(await bicep(['format', '--pattern', '**/*.bicep*'], copy)).toMatchObject({ status: 0 });
    const files = (await readdir(copy, { recursive: true })).filter((name) => /\.bicep(param)?$/.test(name));
    const text = (root: string) => Promise.all(files.map((file) => readFile(join(root, file), 'utf8')));
    expect(await text(INFRA)).toEqual(await text(copy));
  });

  test.concurrent.each(PARAMETER_FILES)('%s deploys what its snapshot says', async (file) => {
    const { status, stdout, stderr } = await bicep(snapshotOf(file, 'validate'), PARAMS);
    expect(status, `${stdout}\n${stderr}\nIf the change is meant: npm run infra:snapshots`).toBe(0);
  });

  test.concurrent('main.bicep and all that it uses: no word from the linter, no key read, no secret shown', async () => {
    // `build` runs the linter too: one start of the tool in place of two.
    const { status, stdout, stderr } = await bicep(
      ['build', 'main.bicep', '--stdout', '--diagnostics-format', 'sarif'],
      INFRA,
    );
    expect(resultsIn(stderr, 1)).toEqual([]);
    expect(status).toBe(0);
    const template: Json = JSON.parse(stdout);
    const keys = /list(Keys|AccountSas|ServiceSas|Secrets)\(|AccountKey=|SharedAccess/i;
    expect([...leaves(template)].filter((text) => keys.test(text))).toEqual([]);
    const outputs = [...allOutputs(template)];
    expect(outputs.length).toBeGreaterThan(20);
    expect(outputs.filter((output) => /parameters\('webhookSecret|\.properties\.value/i.test(output))).toEqual([]);
  });

  test.concurrent('wrong types are refused before anything is sent', async () => {
    const file = await parameterFile([
      "param environmentName = 'p'",
      "param dataverseUrl = 'https://contoso.crm12.dynamics.com'",
      "param nodeVersion = '20'",
      'param instanceMemoryMB = 1024',
      'param quarantineRetentionDays = 3',
      'param secretsInUse = []',
      "param connector = { ON_RGPD: 'erase', ON_SUNDAY: 'x' }",
      "param names = { storageAccount: 'a' }",
      "param enableLocks = 'yes'",
      'param unknown = 1',
    ]);
    const { status, stderr } = await bicep(['build-params', file, '--stdout']);
    expect(status).toBe(1);
    const lines = [...stderr.matchAll(/\((\d+),\d+\) : Error/g)].map(([, line]) => Number(line));
    expect(lines).toEqual([2, 4, 5, 6, 7, 8, 8, 9, 10, 11]);
  });

  test.concurrent('wrong values fail the validation, with the name of the parameter', async () => {
    const address = "param dataverseUrl = 'https://contoso.crm12.dynamics.com'";
    const rpc = startBicepRpc();
    const refusal = async (...lines: string[]) => {
      const named = lines.some((line) => line.includes('environmentName'));
      return rpc.refusal(await parameterFile([...(named ? [] : ["param environmentName = 'wrong'"]), ...lines]));
    };
    expect(await refusal(address)).toBeUndefined();
    for (const [name, ...lines] of [
      ['environmentName', address, "param environmentName = 'Prod_1'"],
      ['dataverseUrl', "param dataverseUrl = 'http://contoso.crm12.dynamics.com'"],
      ['dataverseUrl', "param dataverseUrl = 'https://dataverse.example.org'"],
      ['alertEmails', address, "param alertEmails = ['somebody']"],
      ['allowedSourceCidrs', address, "param allowedSourceCidrs = ['192.0.2.1']"],
      ['bodyRetentionDays', address, 'param bodyRetentionDays = 7'],
      ['budgetStartDate', address, "param budgetStartDate = '2026-12-15'", "param alertEmails = ['a@example.org']"],
      ['enableFixedEgress', address, 'param enableFixedEgress = true'],
      ['existingNetworkParts', address, 'param existingNetworkParts = { dnsByPolicy: true }'],
      ['vnetAddressPrefix', address, 'param enablePrivateNetworking = true', "param vnetAddressPrefix = '10.0.0.0/26'"],
      [
        'existingNetworkParts',
        address,
        'param enablePrivateNetworking = true',
        "param existingNetworkParts = { applicationSubnetId: '/subscriptions/s/subnets/a' }",
      ],
      [
        'existingNetworkParts',
        address,
        'param enablePrivateNetworking = true',
        'param existingNetworkParts = { dnsByPolicy: true }',
      ],
      ['zoneRedundant', address, 'param zoneRedundant = true', "param storageRedundancy = 'Standard_LRS'"],
    ]) {
      expect(await refusal(...lines)).toContain(`${name}: expected`);
    }
    rpc.stop();
  });

  async function copyOfInfra(name: string): Promise<string> {
    const copy = join(folder, name);
    await cp(INFRA, copy, { recursive: true, filter: (path) => !/\/(obj|package|own)(\/|$)/.test(path) });
    return copy;
  }

  let files = 0;
  async function parameterFile(lines: readonly string[]): Promise<string> {
    files += 1;
    const file = join(folder, `parameters-${files}.bicepparam`);
    await writeFile(file, `using '${relative(folder, join(INFRA, 'main.bicep'))}'\n${lines.join('\n')}\n`);
    return file;
  }
});

/**
 * What compiler and linter said. Warnings leave the exit code at 0, so this list is what counts. There is one SARIF
 * document per file, one after the other.
 */
function resultsIn(sarif: string, count: number): unknown[] {
  const documents = sarif.split(/(?<=^\})\s*(?=\{)/m).map((text) => JSON.parse(text));
  expect(documents).toHaveLength(count);
  return documents.flatMap((document) => document.runs.flatMap((run: { results: unknown[] }) => run.results));
}

/** The values of all outputs, of nested templates too. */
function* allOutputs(template: Json): Generator<string> {
  if (template === null || typeof template !== 'object') return;
  for (const [key, value] of Object.entries(template)) {
    if (key === 'outputs') for (const output of Object.values(value ?? {})) yield String(at(output, 'value'));
    else yield* allOutputs(value);
  }
}
