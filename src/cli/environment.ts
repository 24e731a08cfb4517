/** The settings that commands need to reach Dataverse. */

import { z } from 'zod';

/** A command could not do what was asked. The message says what to change. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

export type Environment = Readonly<Record<string, string | undefined>>;

interface DataverseAccess {
  url: string;
  token: () => Promise<string>;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

export function isLoopback(url: string): boolean {
  return LOOPBACK.has(new URL(url).hostname);
}

const settings = z
  .object({
    DATAVERSE_URL: z
      .url({ protocol: /^https?$/ })
      .refine((url) => url.startsWith('https:') || isLoopback(url))
      .transform((url) => new URL(url).origin),
    DATAVERSE_LOCAL_TOKEN: z.string().optional(),
    AZURE_CLIENT_ID: z.guid().optional(),
  })
  .refine((set) => set.DATAVERSE_LOCAL_TOKEN === undefined || isLoopback(set.DATAVERSE_URL), {
    path: ['DATAVERSE_LOCAL_TOKEN'],
  });

const expected = {
  DATAVERSE_URL:
    'the https address of the environment, e.g. https://contoso.crm12.dynamics.com; for the local Dataverse, ' +
    'the http address that `npm start` prints',
  DATAVERSE_LOCAL_TOKEN: 'nothing: a fixed token is for a DATAVERSE_URL on 127.0.0.1 only',
  AZURE_CLIENT_ID: 'the client id (GUID) of the managed identity',
} satisfies Record<keyof z.input<typeof settings>, string>;

/**
 * Reads where Dataverse is and how to sign in: a fixed token for the local one, else `DefaultAzureCredential`.
 *
 * @throws CommandError that names every wrong setting and what is expected
 */
export function readDataverseAccess(environment: Environment): DataverseAccess {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim() !== ''));
  const { data, error } = settings.safeParse(given);
  if (error) {
    const names = new Set(error.issues.map(({ path }) => String(path[0])));
    const lines = Object.entries(expected).filter(([name]) => names.has(name));
    throw new CommandError(lines.map(([name, text]) => `${name}: expected ${text}`).join('\n'));
  }
  const { DATAVERSE_URL: url, DATAVERSE_LOCAL_TOKEN: localToken = 'local', AZURE_CLIENT_ID: clientId } = data;
  return { url, token: isLoopback(url) ? async () => localToken : signedIn(url, clientId) };
}

/** The scope is the environment's own address (Microsoft Learn, "Use OAuth authentication with Dataverse"). */
function signedIn(url: string, clientId: string | undefined): () => Promise<string> {
  const loading = once(async () => {
    const { DefaultAzureCredential } = await import('@azure/identity');
    return new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
  });
  return async () => (await (await loading()).getToken(`${url}/.default`)).token;
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}
