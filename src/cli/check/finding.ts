// What a check found, one line each.

import type { Text, Words } from '../text.ts';

/**
 * - `ok`: as expected.
 * - `warning`: works, and may surprise somebody.
 * - `problem`: notifications will not be received, or not be applied.
 * - `skipped`: could not be looked at.
 */
export type Status = 'ok' | 'warning' | 'problem' | 'skipped';

export interface Finding {
  /** What was looked at: a setting, a table, an account. */
  readonly subject: Words;
  readonly status: Status;
  readonly message: Words;
  /** What to do; present unless the status is `ok`. */
  readonly remedy?: Words;
}

/** Something that is not as it should be. */
export interface Flaw {
  readonly message: Words;
  readonly remedy: Words;
}

export const ok = (subject: Words, message: Words): Finding => ({ subject, status: 'ok', message });

export const problem = (subject: Words, { message, remedy }: Flaw): Finding => ({
  subject,
  status: 'problem',
  message,
  remedy,
});

export const warning = (subject: Words, flaw: Flaw): Finding => ({ ...problem(subject, flaw), status: 'warning' });

export const skipped = (subject: Words, flaw: Flaw): Finding => ({ ...problem(subject, flaw), status: 'skipped' });

/** One problem for each flaw, or one line that says that all is well. */
export function verdict(subject: Words, good: Words, flaws: readonly Flaw[]): readonly Finding[] {
  return flaws.length === 0 ? [ok(subject, good)] : flaws.map((flaw) => problem(subject, flaw));
}

export const PROVISION: Text = {
  en: 'run `connector provision` as an administrator',
  fr: 'lancez `connector provision` en administrateur',
};

export const MISSING: Text = { en: 'missing', fr: 'absent' };
