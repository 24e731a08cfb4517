// Who signs in to the sender's API: the stored connection, or an agent at the terminal.

import type { OAuthClient } from '../../rdv-solidarites/api/oauth.ts';
import { signInByPassword } from '../../rdv-solidarites/api/password.ts';
import { openSender, type Sender } from '../../rdv-solidarites/api/sender.ts';
import { signInWithTokens, type TokenStore } from '../../rdv-solidarites/api/tokens.ts';
import { openTransport, type SignIn, type Transport } from '../../rdv-solidarites/api/transport.ts';
import { readSenderSettings, readStorageSettings, type SenderSettings } from '../../settings.ts';
import { openStorage } from '../../storage/clients.ts';
import { openTokenStore } from '../../storage/sender-tokens.ts';
import { CommandError, orCommandError } from '../environment.ts';
import type { Terminal } from '../terminal.ts';
import type { Text } from '../text.ts';

export const SIGN_IN: Text = {
  en: 'ask for e-mail and password, on instances that still take them; kept nowhere',
  fr: 'demander adresse et mot de passe, sur les instances qui les acceptent encore ; conservés nulle part',
};

export interface AccountFlags {
  /** Asks for e-mail and password instead of taking the stored connection. */
  readonly signIn?: boolean;
}

export interface Account {
  readonly settings: SenderSettings;
  readonly signIn: SignIn;
  readonly transport: Transport;
  readonly sender: Sender;
}

export interface Connection {
  readonly client: OAuthClient;
  readonly store: TokenStore;
}

/** The OAuth application, and where its tokens are. @throws CommandError */
export async function readConnection({ environment }: Terminal): Promise<Connection> {
  const settings = orCommandError(() => readSenderSettings(environment));
  const { url, clientId, clientSecret, redirectUri, timeoutMs } = settings;
  if (clientId === undefined) {
    throw new CommandError({
      en: 'SENDER_CLIENT_ID: expected the id of the OAuth application, as the RDV team gave it',
      fr: 'SENDER_CLIENT_ID : attendu, l’identifiant de l’application OAuth, donné par l’équipe RDV',
    });
  }
  const storage = await openStorage(orCommandError(() => readStorageSettings(environment)));
  return { client: { url, clientId, clientSecret, redirectUri, timeoutMs }, store: openTokenStore(storage) };
}

/** @throws CommandError, SenderError */
export async function openAccount(terminal: Terminal, { signIn = false }: AccountFlags): Promise<Account> {
  const settings = orCommandError(() => readSenderSettings(terminal.environment));
  const { url, timeoutMs, perMinute } = settings;
  const signedIn = signIn ? await askForSignIn(terminal, settings) : await storedSignIn(terminal);
  const transport = openTransport({ url, timeoutMs, perMinute, signIn: signedIn });
  return { settings, signIn: signedIn, transport, sender: openSender(transport) };
}

async function storedSignIn(terminal: Terminal): Promise<SignIn> {
  const { client, store } = await readConnection(terminal);
  return signInWithTokens(client, store);
}

async function askForSignIn({ ask, askSecret }: Terminal, { url, timeoutMs }: SenderSettings): Promise<SignIn> {
  if (ask === undefined || askSecret === undefined) {
    throw new CommandError({
      en: '--sign-in: asks for e-mail and password, at a terminal only',
      fr: '--sign-in : demande adresse et mot de passe, dans un terminal seulement',
    });
  }
  const { host } = new URL(url);
  const email = await ask({ en: `E-mail of the agent at ${host}: `, fr: `Adresse de l’agent sur ${host} : ` });
  const password = await askSecret({
    en: 'Password (kept nowhere): ',
    fr: 'Mot de passe (conservé nulle part) : ',
  });
  return signInByPassword({ url, email: email.trim(), password, timeoutMs });
}
