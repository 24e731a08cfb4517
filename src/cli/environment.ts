/** The settings that commands need to reach Dataverse. */

import { tokenSource } from '../dataverse/token.ts';
import { type Environment, readDataverseSettings, SettingsError } from '../settings.ts';

/** A command could not do what was asked. The message says what to change. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

interface DataverseAccess {
  url: string;
  token: () => Promise<string>;
}

/**
 * Reads where Dataverse is and how to sign in: a fixed token for the local one, else `DefaultAzureCredential`.
 *
 * @throws CommandError that names every wrong setting and what is expected
 */
export function readDataverseAccess(environment: Environment): DataverseAccess {
  try {
    const settings = readDataverseSettings(environment);
    return { url: settings.url, token: tokenSource(settings) };
  } catch (error) {
    if (error instanceof SettingsError) throw new CommandError(error.message, { cause: error });
    throw error;
  }
}
