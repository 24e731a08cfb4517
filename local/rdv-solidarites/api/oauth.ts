// OAuth 2 as Doorkeeper is set up there (config/initializers/doorkeeper.rb): authorization code, PKCE, rotating refresh tokens.
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../records/clock.ts';
import type { Answer, ApiRequest } from './answer.ts';

export interface Application {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The address given must be one of these, letter for letter. */
  readonly redirectUris: readonly string[];
}

const CODE_MS = 600_000;
const TOKEN_S = 7200;

interface Grant {
  readonly agent: number;
  readonly redirectUri: string;
  readonly expires: number;
  readonly challenge: string | null;
  readonly method: string;
}

interface Pair {
  readonly agent: number;
  readonly access: string;
  readonly refresh: string;
  readonly expires: number;
}

export type OAuth = ReturnType<typeof createOAuth>;

export function createOAuth({ application, clock }: { application: Application; clock: Clock }) {
  const codes = new Map<string, Grant>();
  const byAccess = new Map<string, Pair>();
  const byRefresh = new Map<string, Pair>();
  /** Who says yes on the page of consent; `denied`: somebody says no. */
  let consent: number | 'denied' = 'denied';

  const issue = (agent: number): Answer => {
    const pair = { agent, access: secret(), refresh: secret(), expires: clock.now() + TOKEN_S * 1000 };
    byAccess.set(pair.access, pair);
    byRefresh.set(pair.refresh, pair);
    const created_at = Math.floor(clock.now() / 1000);
    const token = { access_token: pair.access, token_type: 'Bearer', expires_in: TOKEN_S, refresh_token: pair.refresh };
    return { status: 200, headers: NOT_STORED, body: { ...token, scope: 'write', created_at } };
  };
  const revoke = (pair: Pair): void => {
    byAccess.delete(pair.access);
    byRefresh.delete(pair.refresh);
  };

  return {
    /** The agent who next asks for consent, or a refusal. */
    consentAs: (agent: number | 'denied'): void => {
      consent = agent;
    },
    /** An access token without the dance, for tests. */
    tokenFor: (agent: number): string => {
      const pair = { agent, access: secret(), refresh: secret(), expires: clock.now() + TOKEN_S * 1000 };
      byAccess.set(pair.access, pair);
      byRefresh.set(pair.refresh, pair);
      return pair.access;
    },
    /** Everything that the agent had consented to is withdrawn. */
    revokeAll: (agent: number): void => {
      for (const pair of [...byAccess.values(), ...byRefresh.values()]) if (pair.agent === agent) revoke(pair);
    },
    agentOf: (token: string): number | undefined => {
      const pair = byAccess.get(token);
      return pair !== undefined && pair.expires > clock.now() ? pair.agent : undefined;
    },

    /** The page of consent, which answers at once: `code` and `state` go to the redirect address. */
    authorize: ({ query }: ApiRequest): Answer => {
      const redirectUri = query.get('redirect_uri') ?? '';
      const known = query.get('client_id') === application.clientId && application.redirectUris.includes(redirectUri);
      if (!known) return refusedPage('Le client ou l’adresse de redirection est inconnu.');
      const back = new URL(redirectUri);
      const problem = problemOf(query) ?? (consent === 'denied' ? 'access_denied' : undefined);
      if (problem !== undefined) back.searchParams.set('error', problem);
      else {
        const code = secret();
        const challenge = query.get('code_challenge');
        const method = query.get('code_challenge_method') ?? 'plain';
        codes.set(code, { agent: Number(consent), redirectUri, expires: clock.now() + CODE_MS, challenge, method });
        back.searchParams.set('code', code);
      }
      const state = query.get('state');
      if (state !== null) back.searchParams.set('state', state);
      return { status: 302, headers: { Location: back.href } };
    },

    token: (request: ApiRequest): Answer => {
      const form = formOf(request);
      if (form === undefined) return { status: 415 };
      if (!isClient(application, form, request)) return refused('invalid_client', 401);
      if (form.get('grant_type') === 'authorization_code') {
        const grant = codes.get(form.get('code') ?? '');
        // Used up whatever follows.
        codes.delete(form.get('code') ?? '');
        const valid = grant !== undefined && grant.expires > clock.now() && proves(grant, form);
        return valid ? issue(grant.agent) : refused('invalid_grant');
      }
      if (form.get('grant_type') === 'refresh_token') {
        const pair = byRefresh.get(form.get('refresh_token') ?? '');
        if (pair === undefined) return refused('invalid_grant');
        // Both tokens of the old pair end.
        revoke(pair);
        return issue(pair.agent);
      }
      return refused('unsupported_grant_type');
    },

    /** RFC 7009: what is unknown is as good as revoked. */
    revoke: (request: ApiRequest): Answer => {
      const form = formOf(request);
      if (form === undefined) return { status: 415 };
      if (!isClient(application, form, request)) return refused('unauthorized_client', 403);
      const token = form.get('token') ?? '';
      const pair = byAccess.get(token) ?? byRefresh.get(token);
      if (pair !== undefined) revoke(pair);
      return { status: 200, body: {} };
    },
  };
}

const NOT_STORED = { 'Cache-Control': 'no-store' };
const secret = () => randomBytes(32).toString('base64url');

const refused = (error: string, status = 400): Answer => ({
  status,
  headers: NOT_STORED,
  body: { error, error_description: 'The provided authorization is invalid, expired or revoked.' },
});

const refusedPage = (words: string): Answer => ({
  status: 400,
  headers: { 'Content-Type': 'text/html; charset=utf-8' },
  body: `<!DOCTYPE html><html lang="fr"><head><title>Autorisation refusée</title></head><body><p>${words}</p></body></html>`,
});

function problemOf(query: URLSearchParams): string | undefined {
  if (query.get('response_type') !== 'code') return 'unsupported_response_type';
  if ((query.get('scope') ?? 'write') !== 'write') return 'invalid_scope';
  if (!['plain', 'S256', null].includes(query.get('code_challenge_method'))) return 'invalid_request';
  return undefined;
}

/** `enforce_content_type`: a JSON body is refused before it is read. */
function formOf({ headers, body }: ApiRequest): URLSearchParams | undefined {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  return type === 'application/x-www-form-urlencoded' ? new URLSearchParams(body) : undefined;
}

function isClient(application: Application, form: URLSearchParams, { headers }: ApiRequest): boolean {
  const [scheme, given = ''] = (headers['authorization'] ?? '').split(' ');
  const [id, password] =
    scheme === 'Basic'
      ? Buffer.from(given, 'base64').toString('utf8').split(':').map(decodeURIComponent)
      : [form.get('client_id'), form.get('client_secret')];
  return id === application.clientId && password === application.clientSecret;
}

function proves({ redirectUri, challenge, method }: Grant, form: URLSearchParams): boolean {
  if (form.get('redirect_uri') !== redirectUri) return false;
  if (challenge === null) return true;
  const verifier = form.get('code_verifier') ?? '';
  return challenge === (method === 'S256' ? createHash('sha256').update(verifier).digest('base64url') : verifier);
}
