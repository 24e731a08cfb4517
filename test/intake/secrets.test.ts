// Which webhook secrets are usable, and for which source.
import { describe, expect, test } from 'vitest';
import { readSecrets, secretsFor } from '../../src/intake/secrets.ts';

// Short secrets are for the local connector.
const LOCAL = { DATAVERSE_URL: 'http://127.0.0.1:7072' };

const positions = (environment: Record<string, string>, source?: string) =>
  secretsFor(readSecrets({ ...LOCAL, ...environment }).secrets, source).map(({ position }) => position);

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

  test('matches the label of a source whatever its capitals, and refuses two that differ in nothing else', () => {
    const environment = { RDV_WEBHOOK_SECRETS: '{"MDS-Arras":"b","mds-2":"d"}' };
    for (const source of ['mds-arras', 'MDS-ARRAS', 'MDS-Arras']) {
      expect(positions(environment, source)).toEqual(['RDV_WEBHOOK_SECRETS.MDS-Arras[0]']);
    }
    expect(readSecrets({ ...LOCAL, RDV_WEBHOOK_SECRETS: '{"A":"b","a":"d"}' }).problems).toEqual([
      'RDV_WEBHOOK_SECRETS: expected sources that differ in more than capitals',
    ]);
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
      ...LOCAL,
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
        Object.fromEntries(
          Array.from({ length: count }, (_, at) => [
            `mds-${at}`,
            [`secret-of-the-source-${at}`, 'common-to-all-sources'],
          ]),
        ),
      );
    expect(readSecrets({ RDV_WEBHOOK_SECRETS: sources(49) }).problems).toEqual([]);
    expect(
      readSecrets({ RDV_WEBHOOK_SECRETS: sources(49), RDV_WEBHOOK_SECRET: 'another-common-secret' }).problems,
    ).toEqual(['RDV_WEBHOOK_SECRETS: expected at most 50 distinct secrets, with the common ones']);
  });

  test.each([
    ['https://contoso.crm12.dynamics.com', 'fifteen-signs-x', false],
    ['https://contoso.crm12.dynamics.com', 'fifteen-signs-x\n', false],
    ['https://contoso.crm12.dynamics.com', 'sixteen-signs-xx', true],
    ['https://localhost.example.org', 'local-secret', false],
    ['not an address', 'local-secret', false],
    [undefined, 'local-secret', false],
    ['http://127.0.0.1:7072', 'local-secret', true],
    ['http://localhost:7072', 'local-secret', true],
  ])('with Dataverse at %s uses %j: %s', (DATAVERSE_URL, secret, used) => {
    const { secrets, discarded, problems } = readSecrets({
      DATAVERSE_URL,
      RDV_WEBHOOK_SECRET: secret,
      RDV_WEBHOOK_SECRETS: JSON.stringify({ a: secret, b: [secret, 'x'.repeat(32)] }),
    });
    expect(secrets.common.some(({ value }) => value === secret)).toBe(used);
    expect(secretsFor(secrets, 'b').some(({ value }) => value === secret)).toBe(used);
    expect(secretsFor(secrets, 'b').some(({ value }) => value === 'x'.repeat(32))).toBe(true);
    const short = ['RDV_WEBHOOK_SECRET', 'RDV_WEBHOOK_SECRETS.a[0]', 'RDV_WEBHOOK_SECRETS.b[0]'];
    expect(discarded).toEqual(
      used ? [] : short.map((position) => ({ position, reason: 'shorter than 16 characters' })),
    );
    expect(problems).toEqual([]);
  });

  test.each(['[1]', 'not json', '{"a":1}', '"text"'])('names the setting when it is %s', (value) => {
    expect(readSecrets({ RDV_WEBHOOK_SECRETS: value }).problems).toEqual([
      'RDV_WEBHOOK_SECRETS: expected a JSON object: {"source": "secret"} or {"source": ["new", "old"]}',
    ]);
  });
});
