// OAuth 2 with the sender's Doorkeeper: authorization code with PKCE (RFC 7636), rotating refresh tokens, revocation.
import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { isSenderFailure, SenderError } from './failure.ts';
import { attemptFetch } from './transport.ts';

/** The application that the RDV team registered for this connector. */
export interface OAuthClient {
  /** The instance, without a path. */
  readonly url: string;
  readonly clientId: string;
  /** Absent for a public application. */
  readonly clientSecret: string | undefined;
  readonly redirectUri: string;
  readonly timeoutMs: number;
}

/** What a grant or a refresh gives. */
export interface Granted {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** How long the access token lives, in ms. */
  readonly lifeMs: number;
}

/** A consent under way. */
export interface Consent {
  /** Where the agent signs in and agrees. */
  readonly address: string;
  readonly state: string;
  readonly verifier: string;
}

/** Starts a consent: a human opens the address, agrees, and lands on the redirect address with a code. */
export function beginConsent({ url, clientId, redirectUri }: OAuthClient): Consent {
  const [state, verifier] = [random(), random()];
  const address = new URL('/oauth/authorize', url);
  address.search = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'write',
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  return { address: address.href, state, verifier };
}

const random = () => randomBytes(32).toString('base64url');

/**
 * The code in the address that the browser reached.
 *
 * @returns `denied` when the agent refused, `foreign` when it is not the answer to this consent
 */
export function codeIn(address: string, { state }: Consent, { redirectUri }: OAuthClient) {
  const reached = URL.parse(address.trim());
  const expected = new URL(redirectUri);
  if (reached === null || reached.origin !== expected.origin || reached.pathname !== expected.pathname) {
    return { kind: 'foreign' } as const;
  }
  if (reached.searchParams.get('state') !== state) return { kind: 'foreign' } as const;
  const code = reached.searchParams.get('code');
  return code === null ? ({ kind: 'denied' } as const) : ({ kind: 'code', code } as const);
}

/** Exchanges the code of a consent, which serves once and for ten minutes. @throws SenderError */
export function exchangeCode(client: OAuthClient, code: string, { verifier }: Consent): Promise<Granted> {
  const { redirectUri } = client;
  return askToken(client, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  });
}

/**
 * Exchanges a refresh token, which serves once.
 *
 * @throws SenderError of kind `consent` when the sender no longer takes it
 */
export function refresh(client: OAuthClient, refreshToken: string): Promise<Granted> {
  return askToken(client, { grant_type: 'refresh_token', refresh_token: refreshToken });
}

/** Ends a token at the sender (RFC 7009): one that it does not know is no failure. @throws SenderError */
export async function revoke(client: OAuthClient, token: string): Promise<void> {
  await post(client, 'revoke', { token });
}

const granted = z.looseObject({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  expires_in: z.int().positive(),
});

async function askToken(client: OAuthClient, form: Readonly<Record<string, string>>): Promise<Granted> {
  const { json, status } = await post(client, 'token', form).catch((error: unknown) => {
    const spent = isSenderFailure(error, 'refused') && error.failure.fields?.includes('invalid_grant') === true;
    throw spent ? new SenderError({ kind: 'consent', code: 'invalid_grant' }) : error;
  });
  const read = granted.safeParse(json);
  if (!read.success) throw new SenderError({ kind: 'unreadable', code: 'unexpected-form', status });
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds } = read.data;
  return { accessToken, refreshToken, lifeMs: seconds * 1000 };
}

/** The sender takes nothing but a form (doorkeeper.rb: `enforce_content_type`). */
function post(client: OAuthClient, path: 'token' | 'revoke', form: Readonly<Record<string, string>>) {
  const { url, clientId, clientSecret, timeoutMs } = client;
  const body = new URLSearchParams({
    ...form,
    client_id: clientId,
    ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
  });
  return attemptFetch(new URL(`/oauth/${path}`, url), {
    method: 'POST',
    headers: { accept: 'application/json' },
    body,
    timeoutMs,
  });
}
