// `connector sender connect | disconnect`: a human agrees once; the connector then reads as that agent.

import { SenderError } from '../../rdv-solidarites/api/failure.ts';
import { beginConsent, codeIn, exchangeCode, type OAuthClient, revoke } from '../../rdv-solidarites/api/oauth.ts';
import type { Tokens } from '../../rdv-solidarites/api/tokens.ts';
import { CommandError } from '../environment.ts';
import type { Terminal } from '../terminal.ts';
import { type AccountFlags, openAccount, readConnection } from './account.ts';
import { nameAccount } from './status.ts';

export async function connect(flags: AccountFlags, terminal: Terminal): Promise<void> {
  if (flags.signIn === true) {
    const { sender, settings } = await openAccount(terminal, flags);
    terminal.print(`Signed in at ${settings.url} as ${await nameAccount(sender)}. Nothing is kept.`);
    return;
  }
  const { client, store } = await readConnection(terminal);
  if (terminal.ask === undefined) throw new CommandError('`sender connect` needs a terminal: it asks for an address');
  const consent = beginConsent(client);
  terminal.print('1. Open this address, sign in with the account of the connector, and agree:');
  terminal.print(`   ${consent.address}`);
  terminal.print(`2. The browser then reaches ${client.redirectUri}?code=…; that it shows no page does not matter.`);
  const reached = codeIn(await terminal.ask('3. Paste the address that it reached: '), consent, client);
  if (reached.kind === 'denied') throw new CommandError('RDV-Solidarités gave no code: the request was not agreed to.');
  if (reached.kind === 'foreign') {
    throw new CommandError(`This is not the answer to this request: expected ${client.redirectUri}?code=…&state=…`);
  }
  const former = await store.locked(async ({ stored, write }) => {
    const { accessToken, refreshToken, lifeMs } = await exchangeCode(client, reached.code, consent);
    const now = Date.now();
    const { url, clientId } = client;
    const whose = { url, clientId, consentedAt: now, obtainedAt: now };
    await write({ accessToken, refreshToken, expiresAt: now + lifeMs, ...whose });
    return stored?.tokens;
  });
  if (former !== undefined) await end(client, former);
  const { sender } = await openAccount(terminal, {});
  terminal.print(`Connected to ${client.url} as ${await nameAccount(sender)}.`);
}

export async function disconnect(terminal: Terminal): Promise<void> {
  const { client, store } = await readConnection(terminal);
  const ended = await store.locked(async ({ stored, remove }) => {
    const outcome = stored === undefined ? 'none' : await end(client, stored.tokens);
    await remove();
    return outcome;
  });
  terminal.print(ended === 'none' ? 'Not connected.' : 'Disconnected: the tokens are deleted here.');
  if (ended === 'left') {
    throw new CommandError(
      'RDV-Solidarités did not confirm the end of the tokens: the agent can revoke the application there.',
    );
  }
}

/** Ends both tokens at the sender, if it is the one that gave them. */
async function end(client: OAuthClient, tokens: Tokens): Promise<'ended' | 'left'> {
  if (tokens.url !== client.url || tokens.clientId !== client.clientId) return 'left';
  try {
    await revoke(client, tokens.refreshToken);
    await revoke(client, tokens.accessToken);
    return 'ended';
  } catch (error) {
    if (error instanceof SenderError) return 'left';
    throw error;
  }
}
