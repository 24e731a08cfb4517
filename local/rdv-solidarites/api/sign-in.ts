// E-mail and password (devise_token_auth), as the historical instance still offers it: one device, two weeks.
import { randomBytes } from 'node:crypto';
import type { Clock } from '../records/clock.ts';
import type { AgentRow } from '../records/rows.ts';
import type { Store } from '../records/store.ts';
import { type Answer, type ApiRequest, unauthenticated } from './answer.ts';
import { bodyOf } from './parameters.ts';

/** The gem's own, for the setting is commented (config/initializers/devise_token_auth.rb:8-10). */
const LIFE_S = 14 * 86_400;

export type SignIn = ReturnType<typeof createSignIn>;

export function createSignIn({ store, clock }: { store: Store; clock: Clock }) {
  const tokens = new Map<number, { readonly token: string; readonly client: string; readonly expiry: number }>();

  const signedIn = ({ headers }: ApiRequest): AgentRow | undefined => {
    const agent = [...store.agents.values()].find(({ email }) => email !== null && email === headers['uid']);
    const device = agent && tokens.get(agent.id);
    if (device === undefined || device.expiry * 1000 <= clock.now()) return undefined;
    return device.token === headers['access-token'] && device.client === headers['client'] ? agent : undefined;
  };

  return {
    signedIn,
    /** A new sign-in ends the one before. */
    signIn: (request: ApiRequest): Answer => {
      const { email, password } = bodyOf(request.headers['content-type'], request.body) ?? {};
      const agent = [...store.agents.values()].find((one) => one.email !== null && one.email === email);
      if (agent === undefined || agent.password !== password) {
        return { status: 401, body: { success: false, errors: ['Mot de passe ou identifiant invalide.'] } };
      }
      const [token, client] = [randomBytes(16).toString('base64url'), randomBytes(16).toString('base64url')];
      const expiry = Math.floor(clock.now() / 1000) + LIFE_S;
      tokens.set(agent.id, { token, client, expiry });
      const headers = { 'access-token': token, 'token-type': 'Bearer', client, expiry: `${expiry}`, uid: `${email}` };
      return { status: 200, headers, body: { data: accountOf(agent) } };
    },
    validate: (request: ApiRequest): Answer => {
      const agent = signedIn(request);
      return agent === undefined ? unauthenticated : { status: 200, body: { success: true, data: accountOf(agent) } };
    },
  };
}

const accountOf = ({ id, email, first_name, last_name }: AgentRow) => ({
  ...{ id, email, first_name, last_name },
  provider: 'email',
  uid: email,
});
