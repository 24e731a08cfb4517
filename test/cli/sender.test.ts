// `connector sender`: a human agrees once, the account is named, webhooks are installed only when nothing stands in the way.
import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Azurite, startAzurite } from '../../local/azurite.ts';
import { listen } from '../../local/functions-host/listen.ts';
import {
  INSTALLER,
  LOCAL_APPLICATION,
  PASSWORD,
  READER,
  type Sender as StandIn,
  startSender,
} from '../../local/rdv-solidarites/sender/start-sender.ts';
import { run } from '../../src/cli/main.ts';
import { receive } from '../../src/intake/receive.ts';
import { readSecrets } from '../../src/intake/secrets.ts';
import { openStorage, type Storage } from '../../src/storage/clients.ts';
import { openTokenStore } from '../../src/storage/sender-tokens.ts';

const SECRET = 'a-secret-of-the-webhooks';
const REDIRECT = `${LOCAL_APPLICATION.redirectUris[0]}`;
const LIVE = [
  ...['organisation', 'agent', 'agent_role', 'motif', 'lieu', 'user', 'user_profile', 'referent_assignation'],
  ...['plage_ouverture', 'rdv'],
];

let standIn: StandIn;
let azurite: Azurite;
let storage: Storage;
let webhookUrl: string;
const receiverSecrets = { RDV_WEBHOOK_SECRET: SECRET };
const received: string[] = [];
const cut = new AbortController();
beforeAll(async () => {
  azurite = await startAzurite();
  storage = await openStorage({ kind: 'connection-string', connectionString: azurite.connectionString });
  const { url } = await listen(receiver(), 0, cut.signal);
  webhookUrl = `${url}/api/notifications`;
});
afterAll(async () => {
  cut.abort();
  await azurite.stop();
});
beforeEach(async () => {
  await standIn?.stop();
  standIn = await startSender({ allowedHosts: ['127.0.0.1'] });
  await openTokenStore(storage).locked(({ remove }) => remove());
  received.length = 0;
  return () => standIn.stop();
});

/** The receiver of the connector, without its host: what it accepts is listed. */
function receiver() {
  const { secrets } = readSecrets(receiverSecrets);
  return createServer(async (request, response) => {
    const source = request.url?.split('/')[3];
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const headers = new Headers(Object.entries(request.headers).map(([name, value]) => [name, `${value}`]));
    const { answer } = await receive(
      { source, headers, arrayBuffer: async () => Uint8Array.from(Buffer.concat(chunks)).buffer },
      { secrets, maxBodyBytes: 2_000_000, storeBody: async () => undefined, log: () => undefined, now: Date.now },
    );
    if (answer.status === 202) received.push(`${source}`);
    response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer.jsonBody));
  });
}

interface Answers {
  ask?: (question: string) => Promise<string>;
  askSecret?: (question: string) => Promise<string>;
}

async function sender(args: readonly string[], { ask, askSecret }: Answers = {}, more: Record<string, string> = {}) {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const environment = {
    SENDER_URL: standIn.url,
    SENDER_CLIENT_ID: LOCAL_APPLICATION.clientId,
    SENDER_CLIENT_SECRET: LOCAL_APPLICATION.clientSecret,
    SENDER_REDIRECT_URI: REDIRECT,
    BACKFILL_PACE: '600',
    NOTIFICATIONS_STORAGE: azurite.connectionString,
    RDV_WEBHOOK_SECRET: SECRET,
    WEBHOOK_URL: webhookUrl,
    ...more,
  };
  const visit = async () => {
    const address = lines.find((line) => line.includes('/oauth/authorize'))?.trim() ?? '';
    return `${(await fetch(address, { redirect: 'manual' })).headers.get('location')}`;
  };
  const code = await run(['sender', ...args], { environment, print, complain: print, ask: ask ?? visit, askSecret });
  return { code, text: lines.join('\n') };
}

const endpoints = () => [...standIn.store.endpoints.values()];
const organisations = () => [...standIn.store.organisations.values()].map(({ id }) => id);
const byPassword = (email: string, password = PASSWORD) => ({
  ask: async () => email,
  askSecret: async () => password,
});
const asInstaller = byPassword('installation@example.org');

describe('connect', () => {
  test('keeps a pair of tokens, and names the account', async () => {
    expect(await sender(['connect'])).toMatchObject({ code: 0, text: expect.stringContaining(`as agent ${READER},`) });
    const { code, text } = await sender(['status']);
    expect(code).toBe(0);
    expect(text).toContain('lecture@example.org');
    expect(text).toContain('organisations  3');
    expect(text).toMatch(/agreed on \d{4}-\d\d-\d\d; token of .*Z, good until .*Z/);
  });

  test('says so when the agent refuses, or another address is pasted', async () => {
    standIn.consentAs('denied');
    expect(await sender(['connect'])).toMatchObject({ code: 1, text: expect.stringContaining('was not agreed to') });
    const ask = async () => 'https://example.org/?code=c';
    expect(await sender(['connect'], { ask })).toMatchObject({
      code: 1,
      text: expect.stringContaining(`expected ${REDIRECT}?code=`),
    });
    expect(await openTokenStore(storage).read()).toBeUndefined();
  });

  test('again replaces the pair, and ends the former one', async () => {
    await sender(['connect']);
    const former = await openTokenStore(storage).read();
    await sender(['connect']);
    const authorization = `Bearer ${former?.tokens.accessToken}`;
    const answer = await fetch(`${standIn.url}/api/v1/organisations`, { headers: { authorization } });
    expect(answer.status).toBe(401);
    expect((await sender(['status'])).code).toBe(0);
  });

  test('names the setting that is missing', async () => {
    const { code, text } = await sender(['connect'], {}, { SENDER_CLIENT_ID: '' });
    expect({ code, text }).toEqual({ code: 1, text: expect.stringMatching(/^SENDER_CLIENT_ID: expected the id/) });
  });

  test('--sign-in serves one command, and keeps nothing', async () => {
    const { code, text } = await sender(['connect', '--sign-in'], byPassword('lecture@example.org'));
    expect({ code, text }).toEqual({ code: 0, text: expect.stringContaining('Nothing is kept') });
    expect(await openTokenStore(storage).read()).toBeUndefined();
    const wrong = await sender(['status', '--sign-in'], byPassword('lecture@example.org', 'mot-de-passe-faux'));
    expect(wrong).toMatchObject({ code: 1, text: expect.stringContaining('the sign-in was refused') });
    expect(wrong.text).not.toContain('mot-de-passe-faux');
  });
});

test('disconnect ends the tokens there, and deletes them here', async () => {
  await sender(['connect']);
  const stored = await openTokenStore(storage).read();
  expect((await sender(['disconnect'])).code).toBe(0);
  expect(await openTokenStore(storage).read()).toBeUndefined();
  const authorization = `Bearer ${stored?.tokens.accessToken}`;
  expect((await fetch(`${standIn.url}/api/v1/organisations`, { headers: { authorization } })).status).toBe(401);
  expect(await sender(['status'])).toMatchObject({ code: 1, text: expect.stringContaining('run `sender connect`') });
  expect((await sender(['disconnect'])).text).toBe('Not connected.');
});

test('status --rights counts what the account sees', async () => {
  await sender(['connect']);
  const [first = 0] = organisations();
  const rdvs = standIn.store.rdvs.where('organisation_id', first).length;
  const usagers = standIn.store.profiles.where('organisation_id', first).length;
  const { text } = await sender(['status', '--rights']);
  expect(text).toContain(`${rdvs} RDV, ${usagers} usagers, 5 motifs of 2 services`);
});

describe('subscribe', () => {
  test('gives every organisation one webhook, whose replay comes signed', async () => {
    await sender(['connect']);
    const { code, text } = await sender(['subscribe', '--yes']);
    expect({ code, text }).toEqual({ code: 0, text: expect.stringContaining('3 of 3 organisations to subscribe') });
    expect(endpoints()).toEqual(
      organisations().map((id) =>
        expect.objectContaining({
          ...{ organisation_id: id, target_url: `${webhookUrl}/${id}`, secret: SECRET, subscriptions: LIVE },
        }),
      ),
    );
    const [first = 0] = organisations();
    const told = Number(new RegExp(`organisation ${first}: .*at least (\\d+) deliveries`).exec(text)?.[1]);
    await standIn.settled();
    const came = received.filter((source) => source === `${first}`).length;
    // With the probe, and what cannot be counted.
    expect(came).toBeGreaterThan(told);
    expect(came).toBeLessThan(told + 25);
  });

  test('repeats without doing anything twice', async () => {
    await sender(['connect']);
    await sender(['subscribe', '--yes', '--organisation', `${organisations()[0]}`]);
    const again = await sender(['subscribe', '--yes']);
    expect(again.text).toContain('2 of 3 organisations to subscribe');
    await standIn.settled();
    received.length = 0;
    expect((await sender(['subscribe', '--yes'])).text).toContain('0 of 3 organisations to subscribe');
    await standIn.settled();
    expect({ webhooks: endpoints().length, received }).toEqual({ webhooks: 3, received: [] });
  });

  test('--dry-run says it all, and changes nothing', async () => {
    await sender(['connect']);
    const { code, text } = await sender(['subscribe', '--dry-run']);
    expect({ code, text }).toEqual({ code: 0, text: expect.stringContaining('Dry run: nothing was changed') });
    expect(text).toMatch(/a replay of everything, at least \d+ deliveries/);
    expect({ webhooks: endpoints(), received }).toEqual({ webhooks: [], received: [] });
  });

  test('refuses before anything when the host is not allowed', async () => {
    await standIn.stop();
    standIn = await startSender({ allowedHosts: ['connecteur.example.org'] });
    await sender(['connect']);
    const { code, text } = await sender(['subscribe', '--yes']);
    expect({ code, text }).toEqual({ code: 1, text: expect.stringContaining('does not allow this host yet') });
    expect(text).toContain('(127.0.0.1). Nothing was changed.');
    expect(endpoints()).toEqual([]);
  });

  test('refuses before anything without the right, and needs no role to have it', async () => {
    const [first = 0] = organisations();
    const agent = [...standIn.store.agents.values()].find(({ id }) => id !== READER && id !== INSTALLER);
    const email = `${agent?.email}`;
    const flags = ['--yes', '--sign-in', '--organisation', `${first}`];
    expect(await sender(['subscribe', ...flags], byPassword(email))).toMatchObject({
      code: 1,
      text: expect.stringContaining('it must administer the territory'),
    });
    expect(endpoints()).toEqual([]);
    expect(await sender(['subscribe', ...flags], asInstaller)).toMatchObject({
      code: 0,
      text: expect.stringContaining('a replay of everything, of unknown size'),
    });
    expect(endpoints()).toHaveLength(1);
  });

  test('refuses before anything when the connector does not accept the secret', async () => {
    await sender(['connect']);
    const { code, text } = await sender(
      ['subscribe', '--yes'],
      {},
      { RDV_WEBHOOK_SECRET: 'another-secret-than-there' },
    );
    expect({ code, text }).toEqual({ code: 1, text: expect.stringContaining('is RDV_WEBHOOK_SECRET the same there?') });
    expect(text).not.toContain('another-secret');
    expect(endpoints()).toEqual([]);
  });

  test('keeps what somebody subscribed by hand, and adds absences last', async () => {
    const [first = 0] = organisations();
    const own = { id: standIn.store.nextId(), organisation_id: first, target_url: webhookUrl, secret: 'old' };
    standIn.store.endpoints.put({ ...own, subscriptions: ['rdv'] });
    await sender(['connect']);
    const flags = ['--yes', '--organisation', `${first}`];
    await sender(['subscribe', ...flags]);
    expect(endpoints()).toMatchObject([{ id: own.id, target_url: webhookUrl, secret: SECRET, subscriptions: LIVE }]);
    await standIn.settled();
    const { text } = await sender(['subscribe', ...flags, '--absences']);
    expect(text).toContain('no replay, because RDV-Solidarités cannot replay absences');
    expect(endpoints()).toMatchObject([{ subscriptions: ['absence', ...LIVE] }]);
    expect((await sender(['subscribe', ...flags])).text).toContain('0 of 1 organisations');
  });

  test('uses the label and the secret that settings give an organisation', async () => {
    const [first = 0] = organisations();
    const more = {
      RDV_WEBHOOK_SECRETS: JSON.stringify({ 'MDS-1': [SECRET, 'a-former-secret-of-it'] }),
      SOURCE_ORGANISATIONS: JSON.stringify({ 'MDS-1': [first] }),
      RDV_WEBHOOK_SECRET: '',
    };
    await sender(['connect']);
    await sender(['subscribe', '--yes', '--organisation', `${first}`], {}, more);
    expect(endpoints()).toMatchObject([{ target_url: `${webhookUrl}/mds-1`, secret: SECRET }]);
    const without = await sender(['subscribe', '--yes'], {}, more);
    expect(without).toMatchObject({
      code: 1,
      text: expect.stringMatching(/RDV_WEBHOOK_SECRET: expected a secret for/),
    });
  });

  test('asks first', async () => {
    await sender(['connect']);
    const ask = async () => 'no';
    expect(await sender(['subscribe'], { ask })).toMatchObject({
      code: 1,
      text: expect.stringContaining('Nothing was'),
    });
    expect(endpoints()).toEqual([]);
  });
});

test('unsubscribe silences our webhooks alone', async () => {
  const [first = 0] = organisations();
  const foreign = {
    organisation_id: first,
    target_url: 'https://example.org/hook',
    secret: 'x',
    subscriptions: ['rdv'],
  };
  standIn.store.endpoints.put({ ...foreign, id: standIn.store.nextId() });
  await sender(['connect']);
  await sender(['subscribe', '--yes']);
  expect((await sender(['unsubscribe', '--dry-run'])).text).toContain('would become silent');
  expect((await sender(['unsubscribe'])).text).toContain('3 webhooks');
  const left = endpoints().filter(({ subscriptions }) => subscriptions.length > 0);
  expect(left).toMatchObject([{ target_url: 'https://example.org/hook' }]);
  await sender(['subscribe', '--yes']);
  expect(endpoints().filter(({ subscriptions }) => subscriptions.length > 0)).toHaveLength(4);
});
