// The tokens of the account, shared by every process: refreshed by one at a time, stored before they are used.
import * as z from 'zod';
import { SenderError } from './failure.ts';
import { type OAuthClient, refresh } from './oauth.ts';
import { type Clock, SYSTEM_CLOCK } from './pace.ts';
import type { SignIn } from './transport.ts';

export const tokens = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  /** ms since 1970. */
  expiresAt: z.number(),
  /** When a human agreed, and when this pair was obtained, in ms since 1970. */
  consentedAt: z.number(),
  obtainedAt: z.number(),
  /** The instance and the application that they belong to: they are never sent elsewhere. */
  url: z.string(),
  clientId: z.string(),
});

export type Tokens = z.infer<typeof tokens>;

/** Tokens as they are stored, with the tag that a write must name. */
export interface StoredTokens {
  readonly tokens: Tokens;
  readonly etag: string;
}

/** The tokens under a lock that no other process has. */
export interface LockedTokens {
  /** As they were when the lock was had. */
  readonly stored: StoredTokens | undefined;
  /** Replaces what `stored` is, and only that. */
  write(tokens: Tokens): Promise<void>;
  remove(): Promise<void>;
}

export interface TokenStore {
  read(): Promise<StoredTokens | undefined>;
  /** Waits for the lock, and holds it while `work` runs. */
  locked<T>(work: (tokens: LockedTokens) => Promise<T>): Promise<T>;
}

/** A token that lives less than this is refreshed first: an exchange may last a minute. */
const EARLY_MS = 90_000;

/** Signs requests in with stored tokens. Only the first one of several processes refreshes; the others take its pair. */
export function signInWithTokens(client: OAuthClient, store: TokenStore, clock: Clock = SYSTEM_CLOCK): SignIn {
  const usable = (stored: StoredTokens | undefined): Tokens => {
    if (stored === undefined) throw new SenderError({ kind: 'consent', code: 'not-connected' });
    if (stored.tokens.url !== client.url || stored.tokens.clientId !== client.clientId) {
      throw new SenderError({ kind: 'consent', code: 'connected-elsewhere' });
    }
    return stored.tokens;
  };
  const isYoung = ({ expiresAt }: Tokens) => expiresAt - clock.now() > EARLY_MS;

  /** @param refused an access token that the sender does not take, whatever its age */
  const renewed = (refused?: string): Promise<Tokens> =>
    store.locked(async ({ stored, write }) => {
      const current = usable(stored);
      if (current.accessToken !== refused && isYoung(current)) return current;
      const { accessToken, refreshToken, lifeMs } = await refresh(client, current.refreshToken);
      const now = clock.now();
      const next = { ...current, accessToken, refreshToken, expiresAt: now + lifeMs, obtainedAt: now };
      try {
        await write(next);
      } catch {
        // The former pair is spent. The new one is dropped: used but not stored, it would be lost with this process.
        throw new SenderError({ kind: 'consent', code: 'tokens-not-stored' });
      }
      return next;
    });

  let mine: Tokens | undefined;
  return {
    headers: async () => {
      if (mine === undefined || !isYoung(mine)) {
        const current = usable(await store.read());
        mine = isYoung(current) ? current : await renewed();
      }
      return { authorization: `Bearer ${mine.accessToken}` };
    },
    renew: async ({ authorization }) => {
      mine = await renewed(authorization?.replace(/^Bearer /, ''));
      return true;
    },
  };
}
