// The input and output of a command, so that tests can run commands without a process.

import type { Environment } from '../settings.ts';
import { inLanguage, type Language, type Words } from './text.ts';

/** What a process or a test gives to a command line. */
export interface Shell {
  environment: Environment;
  /** Of the person, as `fr-FR`; absent in scripts, which are told in English. */
  locale?: string | undefined;
  /** Prints one line of result. */
  print: (line: string) => void;
  /** Prints one line about what went wrong. */
  complain: (line: string) => void;
  /** Shows how far a long command is, in place of what it showed before; absent in scripts. */
  progress?: ((line: string) => void) | undefined;
  /** Asks the person at the terminal a question; absent in scripts. */
  ask?: ((question: string) => Promise<string>) | undefined;
  /** The same for a secret: what is typed does not show. */
  askSecret?: ((question: string) => Promise<string>) | undefined;
}

/** The same for commands, which say what they say in every language. */
export interface Terminal {
  environment: Environment;
  print: (line: Words) => void;
  complain: (line: Words) => void;
  progress?: ((line: Words) => void) | undefined;
  ask?: ((question: Words) => Promise<string>) | undefined;
  askSecret?: ((question: Words) => Promise<string>) | undefined;
  /** Words in the language of the person, for what is made of them before it is printed. */
  text: (words: Words) => string;
}

export function terminalIn(language: Language, shell: Shell): Terminal {
  const text = (words: Words) => inLanguage(words, language);
  const { environment, progress, ask, askSecret } = shell;
  return {
    environment,
    text,
    print: (line) => shell.print(text(line)),
    complain: (line) => shell.complain(text(line)),
    progress: progress && ((line) => progress(text(line))),
    ask: ask && ((question) => ask(text(question))),
    askSecret: askSecret && ((question) => askSecret(text(question))),
  };
}

/** What a command ends with: 0 only when everything asked for was done; 3 when the connector works and parts of the application are missing. */
export type ExitCode = 0 | 1 | 3;

// Control characters but tab and line feed, and what turns the direction of writing: a terminal obeys them.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is shown in another form.
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A foreign text that is safe to show in a terminal: `\u001b` in place of the character that moves the cursor. */
export function printable(text: string): string {
  return text.replace(OBEYED, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
