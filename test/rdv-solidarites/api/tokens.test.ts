// The tokens: several processes share one pair, and nobody loses it.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Azurite, startAzurite } from '../../../local/azurite.ts';
import {
  LOCAL_APPLICATION,
  READER,
  type Sender as StandIn,
  startSender,
} from '../../../local/rdv-solidarites/sender/start-sender.ts';
import {
  beginConsent,
  codeIn,
  exchangeCode,
  type OAuthClient,
  refresh,
} from '../../../src/rdv-solidarites/api/oauth.ts';
import { openSender } from '../../../src/rdv-solidarites/api/sender.ts';
import { signInWithTokens, type TokenStore } from '../../../src/rdv-solidarites/api/tokens.ts';
import { openTransport } from '../../../src/rdv-solidarites/api/transport.ts';
import { openStorage, type Storage } from '../../../src/storage/clients.ts';
import { openTokenStore } from '../../../src/storage/sender-tokens.ts';
import { virtualClock } from './virtual-clock.ts';

let standIn: StandIn;
let azurite: Azurite;
let storage: Storage;
let client: OAuthClient;
beforeAll(async () => {
  [standIn, azurite] = await Promise.all([startSender(), startAzurite()]);
  storage = await openStorage({ kind: 'connection-string', connectionString: azurite.connectionString });
  const { clientId, clientSecret, redirectUris } = LOCAL_APPLICATION;
  client = { url: standIn.url, clientId, clientSecret, redirectUri: `${redirectUris[0]}`, timeoutMs: 5000 };
});
afterAll(() => Promise.all([standIn.stop(), azurite.stop()]));

/** What the administrator's browser does. */
async function agree(): Promise<{ code: string; consent: ReturnType<typeof beginConsent> }> {
  const consent = beginConsent(client);
  const { headers } = await fetch(consent.address, { redirect: 'manual' });
  const reached = codeIn(`${headers.get('location')}`, consent, client);
  if (reached.kind !== 'code') throw new Error(reached.kind);
  return { code: reached.code, consent };
}

const HOUR = 3_600_000;

/** A connection of which the access token has this long to live. */
async function connect(lifeMs: number): Promise<void> {
  const { code, consent } = await agree();
  const { accessToken, refreshToken } = await exchangeCode(client, code, consent);
  const { url, clientId } = client;
  const times = { expiresAt: Date.now() + lifeMs, consentedAt: Date.now(), obtainedAt: Date.now() };
  await openTokenStore(storage).locked(({ write }) => write({ accessToken, refreshToken, url, clientId, ...times }));
}

/** A process of its own: nothing in memory is shared. */
function openProcess(store: TokenStore = openTokenStore(storage)) {
  const clock = virtualClock(Date.now());
  const signIn = signInWithTokens(client, store, clock);
  const transport = openTransport({ url: client.url, signIn, perMinute: 600, timeoutMs: 5000, clock });
  return openSender(transport);
}

const failureOf = (asked: Promise<unknown>) =>
  asked.then(
    () => undefined,
    (error) => error.failure,
  );
const refreshes = () => standIn.requests.records.filter(({ path }) => path === '/oauth/token').length;

beforeEach(() => {
  standIn.consentAs(READER);
  standIn.clearFaults();
});

describe('several processes', () => {
  test('that find the token too old refresh it once, and all go on', async () => {
    await connect(1000);
    standIn.requests.clear();
    const read = await Promise.all(Array.from({ length: 4 }, () => openProcess().readMe()));
    expect(read.map((me) => me?.id)).toEqual([READER, READER, READER, READER]);
    expect(refreshes()).toBe(1);
  });

  test('whose token ended because another one refreshed it take the stored one', async () => {
    await connect(HOUR);
    const [first, second] = [openProcess(), openProcess()];
    await Promise.all([first.readMe(), second.readMe()]);
    const stored = await openTokenStore(storage).read();
    // The pair is spent elsewhere, and its successor stored.
    const next = await refresh(client, `${stored?.tokens.refreshToken}`);
    await openTokenStore(storage).locked(async ({ stored: current, write }) => {
      if (current === undefined) throw new Error('not connected');
      await write({ ...current.tokens, accessToken: next.accessToken, refreshToken: next.refreshToken });
    });
    standIn.requests.clear();
    expect((await Promise.all([first.readMe(), second.readMe()])).map((me) => me?.id)).toEqual([READER, READER]);
    expect(refreshes()).toBe(0);
  });

  test('wait while another one holds the lock', async () => {
    await connect(1000);
    const lease = storage.blobs.getContainerClient('sender-connection').getBlobClient('tokens').getBlobLeaseClient();
    await lease.acquireLease(60);
    const reading = openProcess().readMe();
    await expect(Promise.race([reading, new Promise((resolve) => setTimeout(resolve, 700, 'waits'))])).resolves.toBe(
      'waits',
    );
    await lease.releaseLease();
    expect(await reading).toMatchObject({ id: READER });
  });
});

test('a new pair is stored before it is used; when it cannot be, a human must agree again', async () => {
  await connect(1000);
  const store = openTokenStore(storage);
  const readOnly: TokenStore = {
    read: store.read,
    locked: (work) =>
      store.locked((tokens) => work({ ...tokens, write: () => Promise.reject(new Error('storage refuses')) })),
  };
  standIn.requests.clear();
  expect(await failureOf(openProcess(readOnly).readMe())).toEqual({ kind: 'consent', code: 'tokens-not-stored' });
  expect(standIn.requests.records.map(({ path }) => path)).toEqual(['/oauth/token']);
  expect(await failureOf(openProcess().readMe())).toEqual({ kind: 'consent', code: 'invalid_grant' });
});

test('a write that somebody overtook is refused', async () => {
  await connect(HOUR);
  const store = openTokenStore(storage);
  const blob = storage.blobs.getContainerClient('sender-connection').getBlockBlobClient('tokens');
  const overtaken = store.locked(async ({ stored, write }) => {
    if (stored === undefined) throw new Error('not connected');
    await blob.getBlobLeaseClient().breakLease(0);
    await blob.upload('{}', 2);
    await write({ ...stored.tokens, accessToken: 'late' });
  });
  await expect(overtaken).rejects.toMatchObject({ statusCode: 412 });
  expect(await store.read()).toBeUndefined();
});

test('tokens are never sent to another instance or application', async () => {
  await connect(HOUR);
  const elsewhere = signInWithTokens({ ...client, url: 'https://demo.example.org' }, openTokenStore(storage));
  expect(await failureOf(elsewhere.headers())).toEqual({ kind: 'consent', code: 'connected-elsewhere' });
});

describe('a consent', () => {
  test('that the agent withdrew asks for another one', async () => {
    await connect(HOUR);
    standIn.revokeConsent(READER);
    expect(await failureOf(openProcess().readMe())).toEqual({ kind: 'consent', code: 'invalid_grant' });
  });

  test('is read from the address reached, and only when it answers this request', async () => {
    const consent = beginConsent(client);
    const { redirectUri } = client;
    expect(codeIn(` ${redirectUri}?code=c&state=${consent.state}\n`, consent, client)).toEqual({
      kind: 'code',
      code: 'c',
    });
    expect(codeIn(`${redirectUri}?error=access_denied&state=${consent.state}`, consent, client)).toEqual({
      kind: 'denied',
    });
    for (const foreign of [`${redirectUri}?code=c&state=other`, `https://example.org/?code=c`, 'c', '']) {
      expect(codeIn(foreign, consent, client)).toEqual({ kind: 'foreign' });
    }
  });

  test('gives nothing to who has the code without the verifier', async () => {
    const { code } = await agree();
    expect(await failureOf(exchangeCode(client, code, beginConsent(client)))).toMatchObject({ code: 'invalid_grant' });
  });
});
