import { describe, expect, test } from 'vitest';
import { readSecrets, secretsFor } from '../../src/intake/secrets.ts';

const positions = (environment: Record<string, string>, source?: string) =>
  secretsFor(readSecrets(environment).secrets, source).map(({ position }) => position);

describe('webhook secrets', () => {
  test('tries the current secret, then the previous one', () => {
    expect(positions({ RDV_WEBHOOK_SECRET: 'a', RDV_WEBHOOK_SECRET_PREVIOUS: 'b' })).toEqual([
      'RDV_WEBHOOK_SECRET',
      'RDV_WEBHOOK_SECRET_PREVIOUS',
    ]);
  });

  test('gives a source its own secrets, and the common ones', () => {
    const environment = { RDV_WEBHOOK_SECRET: 'a', RDV_WEBHOOK_SECRETS: '{"mds-1":["b","c"],"mds-2":"d"}' };
    expect(positions(environment, 'mds-1')).toEqual([
      'RDV_WEBHOOK_SECRETS.mds-1[0]',
      'RDV_WEBHOOK_SECRETS.mds-1[1]',
      'RDV_WEBHOOK_SECRET',
    ]);
    expect(positions(environment, 'mds-2')).toEqual(['RDV_WEBHOOK_SECRETS.mds-2[0]', 'RDV_WEBHOOK_SECRET']);
  });

  test('tries every organisation at a URL that names none', () => {
    const environment = { RDV_WEBHOOK_SECRETS: '{"mds-1":"b","mds-2":"d"}' };
    const all = ['RDV_WEBHOOK_SECRETS.mds-1[0]', 'RDV_WEBHOOK_SECRETS.mds-2[0]'];
    expect(positions(environment)).toEqual(all);
    expect(positions(environment, 'elsewhere')).toEqual(all);
  });

  test.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['@Microsoft.KeyVault(SecretUri=https://vault.example/secrets/x)', 'unresolved Key Vault reference'],
    [' @microsoft.keyvault(VaultName=v;SecretName=s)', 'unresolved Key Vault reference'],
  ])('never uses %j as a key, and reports it', (value, reason) => {
    const read = readSecrets({
      RDV_WEBHOOK_SECRET: value,
      RDV_WEBHOOK_SECRETS: JSON.stringify({ a: [value, 'good'] }),
    });
    expect(secretsFor(read.secrets, 'a')).toEqual([{ position: 'RDV_WEBHOOK_SECRETS.a[1]', value: 'good' }]);
    expect(read.discarded).toEqual([
      { position: 'RDV_WEBHOOK_SECRET', reason },
      { position: 'RDV_WEBHOOK_SECRETS.a[0]', reason },
    ]);
  });

  test('are fifty distinct ones at most, because a URL without source tries each', () => {
    const sources = (count: number) =>
      JSON.stringify(
        Object.fromEntries(Array.from({ length: count }, (_, at) => [`mds-${at}`, [`secret-${at}`, 'common']])),
      );
    expect(readSecrets({ RDV_WEBHOOK_SECRETS: sources(49) }).problems).toEqual([]);
    expect(readSecrets({ RDV_WEBHOOK_SECRETS: sources(49), RDV_WEBHOOK_SECRET: 'another' }).problems).toEqual([
      'RDV_WEBHOOK_SECRETS: expected at most 50 distinct secrets, with the common ones',
    ]);
  });

  test.each(['[1]', 'not json', '{"a":1}', '"text"'])('names the setting when it is %s', (value) => {
    expect(readSecrets({ RDV_WEBHOOK_SECRETS: value }).problems).toEqual([
      'RDV_WEBHOOK_SECRETS: expected a JSON object: {"source": "secret"} or {"source": ["new", "old"]}',
    ]);
  });
});
