// OAuth and the sign-in by password: what the sender gives, what it refuses, and what ends with what.
import { createHash } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { LOCAL_APPLICATION, PASSWORD, READER } from '../sender/start-sender.ts';
import { type Desk, openDesk } from './desk.ts';

let desk: Desk;
afterEach(() => desk.sender.stop());

const [REDIRECT = ''] = LOCAL_APPLICATION.redirectUris;
const CLIENT = { client_id: LOCAL_APPLICATION.clientId, client_secret: LOCAL_APPLICATION.clientSecret };
const pair = z.object({ access_token: z.string(), refresh_token: z.string(), expires_in: z.literal(7200) });

const post = (path: string, form: Record<string, string>) =>
  fetch(`${desk.sender.url}${path}`, { method: 'POST', body: new URLSearchParams(form) });
const token = (form: Record<string, string>) => post('/oauth/token', { ...CLIENT, ...form });

async function consent(more: Record<string, string> = {}): Promise<URL> {
  const query = { client_id: CLIENT.client_id, redirect_uri: REDIRECT, response_type: 'code', ...more };
  const answer = await fetch(`${desk.sender.url}/oauth/authorize?${new URLSearchParams(query)}`, {
    redirect: 'manual',
  });
  return new URL(answer.headers.get('location') ?? 'about:blank');
}

async function connect() {
  const code = (await consent()).searchParams.get('code') ?? '';
  return pair.parse(await (await token({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT })).json());
}

test('a code is exchanged once, within ten minutes, for its own address and with its own proof', async () => {
  desk = await openDesk();
  const verifier = 'une-preuve-assez-longue-pour-la-norme-rfc-7636';
  const code_challenge = createHash('sha256').update(verifier).digest('base64url');
  const ask = async () => {
    const back = await consent({ state: 'x', code_challenge, code_challenge_method: 'S256' });
    expect(back.searchParams.get('state')).toBe('x');
    return back.searchParams.get('code') ?? '';
  };
  const exchange = async (code: string, more: Record<string, string> = {}) =>
    (await token({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT, code_verifier: verifier, ...more }))
      .status;

  const code = await ask();
  expect([await exchange(code), await exchange(code)]).toEqual([200, 400]);
  expect(await exchange(await ask(), { code_verifier: 'autre' })).toBe(400);
  expect(await exchange(await ask(), { redirect_uri: 'https://autre.example.org/' })).toBe(400);
  const late = await ask();
  desk.clock.moveTo(desk.clock.now() + 600_001);
  expect(await exchange(late)).toBe(400);
});

test('only a form is taken, from the registered client alone', async () => {
  desk = await openDesk();
  const json = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(CLIENT) };
  expect((await fetch(`${desk.sender.url}/oauth/token`, json)).status).toBe(415);
  expect((await token({ grant_type: 'client_credentials' })).status).toBe(400);
  expect((await token({ grant_type: 'refresh_token', client_secret: 'autre' })).status).toBe(401);
  expect((await consent({ redirect_uri: 'https://autre.example.org/' })).href).toBe('about:blank');
  desk.sender.consentAs('denied');
  expect((await consent()).searchParams.get('error')).toBe('access_denied');
});

test('a refresh ends both tokens of the old pair', async () => {
  desk = await openDesk();
  const first = await connect();
  const again = () => token({ grant_type: 'refresh_token', refresh_token: first.refresh_token });
  const second = pair.parse(await (await again()).json());
  const refused = await again();
  expect([refused.status, await refused.json()]).toMatchObject([400, { error: 'invalid_grant' }]);
  expect((await desk.get('agents/me', first.access_token)).status).toBe(401);
  expect(await (await desk.get('agents/me', second.access_token)).json()).toMatchObject({ agent: { id: READER } });
});

test('an access token lives two hours, and a revoked one no longer; the answer has no body', async () => {
  desk = await openDesk();
  const tokens = await connect();
  desk.clock.moveTo(desk.clock.now() + 7_200_000);
  const answer = await desk.get('agents/me', tokens.access_token);
  expect([answer.status, await answer.text()]).toEqual([401, '']);
  expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');

  const next = await connect();
  expect((await post('/oauth/revoke', { ...CLIENT, token: next.refresh_token })).status).toBe(200);
  expect((await desk.get('agents/me', next.access_token)).status).toBe(401);
  expect((await token({ grant_type: 'refresh_token', refresh_token: next.refresh_token })).status).toBe(400);
});

const signIn = (password: string) =>
  fetch(`${desk.sender.url}/api/v1/auth/sign_in`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: 'lecture@example.org', password }),
  });

const device = ({ headers }: Response) => ({
  'access-token': headers.get('access-token') ?? '',
  client: headers.get('client') ?? '',
  uid: headers.get('uid') ?? '',
});
const validate = async (headers: Record<string, string>) =>
  (await fetch(`${desk.sender.url}/api/v1/auth/validate_token`, { headers })).status;

test('a sign-in ends the one before, and at its expiry', async () => {
  desk = await openDesk();
  expect((await signIn('faux')).status).toBe(401);
  const first = device(await signIn(PASSWORD));
  const answer = await signIn(PASSWORD);
  const second = device(answer);
  expect([await validate(first), await validate(second)]).toEqual([401, 200]);
  desk.clock.moveTo(Number(answer.headers.get('expiry')) * 1000);
  expect(await validate(second)).toBe(401);
});

test('an instance without passwords has no address for them', async () => {
  desk = await openDesk({ passwordSignIn: false });
  expect((await signIn(PASSWORD)).status).toBe(404);
});
