/** What a command sees of the outside, so that tests can run commands without a process. */

import type { Environment } from '../settings.ts';

export interface Terminal {
  environment: Environment;
  /** Prints one line of result. */
  print: (line: string) => void;
  /** Prints one line about what went wrong. */
  complain: (line: string) => void;
  /** Asks somebody who is there; absent in scripts. */
  ask?: ((question: string) => Promise<string>) | undefined;
}

/** What a command ends with: 0 only when everything asked for was done. */
export type ExitCode = 0 | 1;
