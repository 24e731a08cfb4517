// The settings that commands need to reach Dataverse.

import type { Line } from '../dataverse/calls.ts';
import { connect } from '../dataverse/connection.ts';
import { createGate } from '../dataverse/gate.ts';
import { tokenSource } from '../dataverse/token.ts';
import { type Environment, readDataverseSettings, SettingsError } from '../settings.ts';

/** A command could not do what was asked. The message says what to change. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

interface DataverseAccess {
  url: string;
  token: () => Promise<string>;
  line: Line;
}

/**
 * Reads where Dataverse is and how to sign in: a fixed token for the local one, else `DefaultAzureCredential`.
 *
 * @throws CommandError that names every wrong setting and what is expected
 */
export function readDataverseAccess(environment: Environment): DataverseAccess {
  return orCommandError(() => {
    const settings = readDataverseSettings(environment);
    const { url, timeoutMs, concurrency } = settings;
    const { token, renew } = tokenSource(settings);
    const line = { connection: connect({ url, token }), timeoutMs, gate: createGate(concurrency), renewToken: renew };
    return { url, token, line };
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
