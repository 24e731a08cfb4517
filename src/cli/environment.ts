// The settings that commands need to reach Dataverse.

import { type DataverseAccessOptions, openDataverse } from '../dataverse/access.ts';
import type { DataverseAccess } from '../dataverse/calls.ts';
import { type Environment, readDataverseSettings, SettingsError } from '../settings.ts';
import { inLanguage, type Words } from './text.ts';

/** A command could not do what was asked. The message says what to change. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
  readonly words: Words;

  constructor(words: Words, options?: ErrorOptions) {
    super(inLanguage(words, 'en'), options);
    this.words = words;
  }
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

export const WRITING_IS_OFF: Words = {
  en: 'WRITE_TO_DYNAMICS is false: set it to true, here and in the application, then repeat',
  fr: 'WRITE_TO_DYNAMICS est à false : mettez-le à true, ici et dans l’application, puis répétez',
};

/**
 * Reads settings for a command.
 *
 * @throws CommandError instead of SettingsError
 */
export function orCommandError<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SettingsError) throw new CommandError(settingsWords(error.message), { cause: error });
    throw error;
  }
}

/** The names of the settings and what is expected of them stay as the functions log them. */
function settingsWords(message: string): Words {
  return {
    en: message,
    fr: message.replace(/^Settings to fix:/, 'Réglages à corriger :').replaceAll(': expected ', ' : attendu, '),
  };
}
