// The settings: defaults, limits, and messages that name what is wrong.
import { describe, expect, test } from 'vitest';
import { readSenderSettings, readSettings, readSubscriptionSettings } from '../src/settings.ts';

const enough = {
  DATAVERSE_URL: 'https://contoso.crm12.dynamics.com/',
  NOTIFICATIONS_STORAGE: 'UseDevelopmentStorage=true',
};

const TEAM = '00000000-0000-4000-8000-00000000000a';

describe('settings', () => {
  test('are safe by default', () => {
    expect(readSettings(enough)).toMatchObject({
      maxBodyBytes: 2_000_000,
      maxAgeMs: 7 * 24 * 3_600_000,
      dataverse: { url: 'https://contoso.crm12.dynamics.com' },
      policy: {
        onRdvDestroyed: 'cancel',
        onRgpd: 'anonymise',
        onUsagerRemoved: 'keep',
        onDeletedInDynamics: 'keep-out',
        agentAsOrganizer: false,
      },
    });
  });

  test('name everything that is missing, at once', () => {
    expect(() => readSettings({})).toThrow(/DATAVERSE_URL: expected the address(.|\n)*NOTIFICATIONS_STORAGE: expected/);
  });

  test.each([
    ['DATAVERSE_URL', 'http://contoso.crm12.dynamics.com', 'an https address'],
    ['DATAVERSE_URL', 'contoso', 'the address of the environment'],
    ['DATAVERSE_LOCAL_TOKEN', 'x', 'unset: a fixed token is for'],
    ['MAX_BODY_BYTES', 'five', 'a whole number from 1000'],
    ['MAX_AGE', '7', 'an ISO 8601 duration in days or hours, such as P7D'],
    ['ON_RGPD', 'erase', 'one of anonymise, keep, delete'],
    ['OWNER_TEAMS', '{"7":"Accueil"}', 'the id (GUID) of a Dynamics team'],
    ['OWNER_TEAMS', 'Accueil', 'a JSON object'],
    ['OWNER_TEAMS', `{"mds-1":"${TEAM}","MDS-1":"${TEAM}"}`, 'labels that differ in more than capitals'],
    ['SOURCE_ORGANISATIONS', '[7]', 'a JSON object: {"source": [organisation ids'],
    ['SOURCE_ORGANISATIONS', '{"mds-1":7}', 'a JSON object: {"source": [organisation ids'],
    ['SOURCE_ORGANISATIONS', '{"mds-1":["7"]}', 'a JSON object: {"source": [organisation ids'],
    ['SOURCE_ORGANISATIONS', '{"mds-1":[]}', 'a JSON object: {"source": [organisation ids'],
    ['SOURCE_ORGANISATIONS', '{"mds 1":[7]}', 'labels of letters, digits, - and _ only'],
    ['SOURCE_ORGANISATIONS', '{"mds-1":[7],"MDS-1":[8]}', 'labels that differ in more than capitals'],
    ['AGENT_AS_ORGANIZER', 'yes', 'true or false'],
    ['AZURE_CLIENT_ID', 'me', 'the client id (GUID)'],
  ])('refuse %s=%s and say what is expected, without the value', (name, value, expected) => {
    expect(() => readSettings({ ...enough, [name]: value })).toThrow(`${name}: expected ${expected}`);
    expect(() => readSettings({ ...enough, [name]: value })).not.toThrow(`expected ${value}`);
  });

  test('take storage by identity', () => {
    const { storage } = readSettings({
      DATAVERSE_URL: enough.DATAVERSE_URL,
      NOTIFICATIONS_STORAGE__queueServiceUri: 'https://account.queue.core.windows.net',
      NOTIFICATIONS_STORAGE__blobServiceUri: 'https://account.blob.core.windows.net',
    });
    expect(storage).toMatchObject({ kind: 'identity', blobUri: 'https://account.blob.core.windows.net' });
  });

  test('count an empty setting as one left out', () => {
    expect(readSettings({ ...enough, MAX_AGE: ' ', DEFAULT_OWNER_TEAM: '' }).policy.defaultOwnerTeam).toBeUndefined();
  });
});

describe('settings of the API of RDV-Solidarités', () => {
  test('follow the instance of the links, slowly, with an address that leads nowhere', () => {
    expect(readSenderSettings({})).toEqual({
      url: 'https://www.rdv-solidarites.fr',
      clientId: undefined,
      clientSecret: undefined,
      redirectUri: 'https://localhost/connected',
      timeoutMs: 60_000,
      perMinute: 40,
      reconcileAt: '04:30',
    });
    expect(readSenderSettings({ RDV_SOLIDARITES_URL: 'https://demo.rdv.anct.gouv.fr/' })).toMatchObject({
      url: 'https://demo.rdv.anct.gouv.fr',
    });
    const both = { RDV_SOLIDARITES_URL: 'https://a.example.org', SENDER_URL: 'https://b.example.org/' };
    expect(readSenderSettings(both).url).toBe('https://b.example.org');
  });

  test.each([
    ['SENDER_URL', 'http://demo.example.org', 'the https address of RDV-Solidarités'],
    ['SENDER_URL', 'demo', 'the https address of RDV-Solidarités'],
    ['SENDER_CLIENT_SECRET', '@Microsoft.KeyVault(VaultName=v;SecretName=s)', 'the secret of the OAuth application'],
    ['SENDER_REDIRECT_URI', 'http://example.org/back', 'the https redirect address'],
    ['BACKFILL_PACE', '0', 'a whole number from 1 to 600'],
    ['SENDER_TIMEOUT_SECONDS', '120', 'a whole number from 5 to 90'],
  ])('refuse %s=%s and say what is expected, without the value', (name, value, expected) => {
    expect(() => readSenderSettings({ [name]: value })).toThrow(`${name}: expected ${expected}`);
    expect(() => readSenderSettings({ [name]: value })).not.toThrow(`expected ${value}`);
  });

  test('never send tokens over http, whatever setting names the instance', () => {
    expect(() => readSenderSettings({ RDV_SOLIDARITES_URL: 'http://demo.example.org' })).toThrow(
      'SENDER_URL: expected',
    );
  });

  test('need the address of the receiver only where webhooks are installed', () => {
    expect(() => readSubscriptionSettings({})).toThrow('WEBHOOK_URL: expected');
    expect(readSubscriptionSettings({ WEBHOOK_URL: 'https://a.example.org/api/notifications/' }).webhookUrl).toBe(
      'https://a.example.org/api/notifications',
    );
  });
});
