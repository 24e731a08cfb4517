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
    const { en, fr } = await nameAccount(sender);
    terminal.print({
      en: `Signed in at ${settings.url} as ${en}. Nothing is kept.`,
      fr: `Connecté à ${settings.url} avec ${fr}. Rien n’est conservé.`,
    });
    return;
  }
  const { client, store } = await readConnection(terminal);
  if (terminal.ask === undefined) {
    throw new CommandError({
      en: '`sender connect` needs a terminal: it asks for an address',
      fr: '`sender connect` a besoin d’un terminal : il demande une adresse',
    });
  }
  const consent = beginConsent(client);
  terminal.print({
    en: '1. Open this address, sign in with the account of the connector, and agree:',
    fr: '1. Ouvrez cette adresse, connectez-vous avec le compte du connecteur, et acceptez :',
  });
  terminal.print(`   ${consent.address}`);
  terminal.print({
    en: `2. The browser then reaches ${client.redirectUri}?code=…; that it shows no page does not matter.`,
    fr: `2. Le navigateur arrive alors sur ${client.redirectUri}?code=… ; peu importe qu’il n’affiche aucune page.`,
  });
  const pasted = await terminal.ask({
    en: '3. Paste the address that it reached: ',
    fr: '3. Collez l’adresse où il est arrivé : ',
  });
  const reached = codeIn(pasted, consent, client);
  if (reached.kind === 'denied') {
    throw new CommandError({
      en: 'RDV-Solidarités gave no code: the request was not agreed to.',
      fr: 'RDV-Solidarités n’a donné aucun code : la demande n’a pas été acceptée.',
    });
  }
  if (reached.kind === 'foreign') {
    throw new CommandError({
      en: `This is not the answer to this request: expected ${client.redirectUri}?code=…&state=…`,
      fr: `Ce n’est pas la réponse à cette demande : attendu, ${client.redirectUri}?code=…&state=…`,
    });
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
  const { en, fr } = await nameAccount(sender);
  terminal.print({ en: `Connected to ${client.url} as ${en}.`, fr: `Relié à ${client.url} avec ${fr}.` });
}

export async function disconnect(terminal: Terminal): Promise<void> {
  const { client, store } = await readConnection(terminal);
  const ended = await store.locked(async ({ stored, remove }) => {
    const outcome = stored === undefined ? 'none' : await end(client, stored.tokens);
    await remove();
    return outcome;
  });
  terminal.print(
    ended === 'none'
      ? { en: 'Not connected.', fr: 'Aucune connexion.' }
      : { en: 'Disconnected: the tokens are deleted here.', fr: 'Déconnecté : les jetons sont supprimés ici.' },
  );
  if (ended === 'left') {
    throw new CommandError({
      en: 'RDV-Solidarités did not confirm the end of the tokens: the agent can revoke the application there.',
      fr: 'RDV-Solidarités n’a pas confirmé la fin des jetons : l’agent peut y révoquer l’application.',
    });
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
