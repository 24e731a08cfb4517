// Sign-in by e-mail and password (devise_token_auth), on the instances that still have it. Nothing is kept.
import { SenderError } from './failure.ts';
import { attemptFetch, type SignIn } from './transport.ts';

const TOKEN_HEADERS = ['access-token', 'client', 'uid'] as const;

interface PasswordOptions {
  readonly url: string;
  readonly email: string;
  readonly password: string;
  readonly timeoutMs: number;
}

/**
 * Signs in. The sender keeps one such session an agent: a former one ends.
 *
 * @throws SenderError of kind `consent` when the sender refuses
 */
export async function signInByPassword({ url, email, password, timeoutMs }: PasswordOptions): Promise<SignIn> {
  const { headers } = await attemptFetch(new URL('/api/v1/auth/sign_in', url), {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
    timeoutMs,
  });
  const kept = TOKEN_HEADERS.map((name) => [name, headers.get(name)] as const);
  if (kept.some(([, value]) => value === null)) throw new SenderError({ kind: 'unreadable', code: 'no-session' });
  const session = Object.fromEntries(kept.map(([name, value]) => [name, value ?? '']));
  return { headers: async () => session, renew: async () => false };
}
