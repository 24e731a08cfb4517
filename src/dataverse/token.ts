// The bearer token for Dataverse.
import type { DataverseSettings } from '../settings.ts';

export interface TokenSource {
  /** Gives a token for an exchange. */
  readonly token: () => Promise<string>;
  /** Forgets the token: the next one comes from the identity provider. */
  readonly renew: () => void;
}

/** How long before its end a token is renewed, in ms: an exchange begun with it must be able to finish. */
const EARLY_MS = 5 * 60_000;

interface Granted {
  readonly token: string;
  readonly expiresOnTimestamp: number;
}

type Credential = { getToken(scope: string): Promise<Granted | null> };

/**
 * The token of the managed identity, or of whoever is signed in (`az login`); a fixed one for the local Dataverse.
 * It is kept until shortly before its end, and asked for once however many exchanges need it.
 */
export function tokenSource({ url, localToken, clientId }: DataverseSettings): TokenSource {
  if (localToken !== undefined) return { token: async () => localToken, renew: () => undefined };
  return keepToken(async () => {
    const { DefaultAzureCredential } = await import('@azure/identity');
    // A new credential each time, because the library's own cache would return the refused token again.
    return new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
  }, `${url}/.default`);
}

/** Keeps the token of a credential. */
export function keepToken(openCredential: () => Promise<Credential>, scope: string): TokenSource {
  let pending: Promise<Granted> | undefined;
  let asking: Promise<Granted> | undefined;
  const ask = async (): Promise<Granted> => {
    const granted = await (await openCredential()).getToken(scope);
    if (granted === null) throw new Error('no token for Dataverse');
    return granted;
  };
  return {
    token: async () => {
      const kept = await pending?.catch(() => undefined);
      if (kept !== undefined && kept.expiresOnTimestamp - Date.now() > EARLY_MS) return kept.token;
      if (asking === undefined) {
        asking = ask().finally(() => {
          asking = undefined;
        });
        pending = asking;
      }
      return (await asking).token;
    },
    renew: () => {
      pending = undefined;
    },
  };
}
