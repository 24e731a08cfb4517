// What those may do who look into quarantine and replay: nothing beyond the queue and the two containers of notifications.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import roles from '../../infra/roles.json' with { type: 'json' };
import { locateBicep } from '../../infra/tools/bicep.ts';
import {
  BODIES_CONTAINER,
  HELD_CONTAINER,
  QUARANTINE_CONTAINER,
  QUEUES,
  SENDER_CONTAINER,
} from '../../src/storage/names.ts';
import { startBicepRpc } from './bicep-rpc.ts';
import { at, type Resource } from './snapshot.ts';

const MAIN = fileURLToPath(new URL('../../infra/main.bicep', import.meta.url));
const OPERATORS = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];
const CONNECTING = '00000000-0000-4000-8000-00000000000c';

describe.skipIf(locateBicep() === undefined)('operators', { timeout: 120_000 }, () => {
  test('have roles on the queues and on three containers, neither on the account with its package nor on the tokens', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'operators-'));
    const rpc = startBicepRpc();
    onTestFinished(async () => {
      rpc.stop();
      await rm(folder, { recursive: true, force: true });
    });
    const file = join(folder, 'operators.bicepparam');
    await writeFile(
      file,
      `using '${relative(folder, MAIN)}'
param environmentName = 'prod'
param dataverseUrl = 'https://contoso.crm12.dynamics.com'
param operatorPrincipalIds = ${JSON.stringify(OPERATORS).replaceAll('"', "'")}
param connectionPrincipalIds = ['${CONNECTING}']
`,
    );
    const { predictedResources }: { predictedResources: Resource[] } = JSON.parse(await rpc.snapshot(file));
    const given = predictedResources
      .filter((one) => [...OPERATORS, CONNECTING].includes(String(at(one, 'properties.principalId'))))
      .map((one) => {
        const [, scope] =
          /storageAccounts\/[^/]+\/?(.*)\/providers\/Microsoft\.Authorization\/roleAssignments/.exec(one.id) ?? [];
        const role = String(at(one, 'properties.roleDefinitionId')).split('/').at(-1);
        return `${at(one, 'properties.principalId')} ${scope} ${role}`;
      });
    const each = (person: string) => [
      `${person} blobServices/default/containers/${BODIES_CONTAINER} ${roles.storageBlobDataContributor}`,
      `${person} blobServices/default/containers/${HELD_CONTAINER} ${roles.storageBlobDataContributor}`,
      `${person} blobServices/default/containers/${QUARANTINE_CONTAINER} ${roles.storageBlobDataContributor}`,
      ...QUEUES.map((name) => `${person} queueServices/default/queues/${name} ${roles.storageQueueDataContributor}`),
    ];
    const connecting = `${CONNECTING} blobServices/default/containers/${SENDER_CONTAINER} ${roles.storageBlobDataContributor}`;
    expect(given.toSorted()).toEqual([...OPERATORS.flatMap(each), connecting].toSorted());
  });
});
