// The settings that commands need to reach Dataverse.

import { type DataverseAccessOptions, openDataverse } from '../dataverse/access.ts';
import type { DataverseAccess } from '../dataverse/calls.ts';
import { type Environment, readDataverseSettings, SettingsError } from '../settings.ts';

/** A command could not do what was asked. The message says what to change. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

interface NamedDataverse {
  url: string;
  dataverse: DataverseAccess;
}

/**
 * Reads where Dataverse is and how to sign in: a fixed token for the local one, else `DefaultAzureCredential`.
 *
 * @throws CommandError that names every wrong setting and what is expected
 */
export function readDataverseAccess(environment: Environment, options?: DataverseAccessOptions): NamedDataverse {
  return orCommandError(() => {
    const settings = readDataverseSettings(environment);
    return { url: settings.url, dataverse: openDataverse(settings, options) };
  });
}

/**
 * Reads settings for a command.
 *
 * @throws CommandError instead of SettingsError
 */
export function orCommandError<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SettingsError) throw new CommandError(error.message, { cause: error });
    throw error;
  }
}
