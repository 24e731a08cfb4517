// The bearer token for Dataverse.
import type { DataverseSettings } from '../settings.ts';

/** Gives a token for each request. `@azure/identity` keeps it and renews it before it ends. */
export function tokenSource({ url, localToken, clientId }: DataverseSettings): () => Promise<string> {
  if (localToken !== undefined) return async () => localToken;
  let credential: Promise<{ getToken(scope: string): Promise<{ token: string } | null> }> | undefined;
  return async () => {
    credential ??= import('@azure/identity').then(
      ({ DefaultAzureCredential }) =>
        new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId }),
    );
    const granted = await (await credential).getToken(`${url}/.default`);
    if (granted === null) throw new Error('no token for Dataverse');
    return granted.token;
  };
}
