// What a check found, one line each.

/**
 * - `ok`: as expected.
 * - `warning`: works, and may surprise somebody.
 * - `problem`: notifications will not be received, or not be applied.
 * - `skipped`: could not be looked at.
 */
export type Status = 'ok' | 'warning' | 'problem' | 'skipped';

export interface Finding {
  /** What was looked at: a setting, a table, an account. */
  readonly subject: string;
  readonly status: Status;
  readonly message: string;
  /** What to do; present unless the status is `ok`. */
  readonly remedy?: string;
}

/** Something that is not as it should be. */
export interface Flaw {
  readonly message: string;
  readonly remedy: string;
}

export const ok = (subject: string, message: string): Finding => ({ subject, status: 'ok', message });

export const problem = (subject: string, { message, remedy }: Flaw): Finding => ({
  subject,
  status: 'problem',
  message,
  remedy,
});

export const warning = (subject: string, flaw: Flaw): Finding => ({ ...problem(subject, flaw), status: 'warning' });

export const skipped = (subject: string, flaw: Flaw): Finding => ({ ...problem(subject, flaw), status: 'skipped' });

/** One problem for each flaw, or one line that says that all is well. */
export function verdict(subject: string, good: string, flaws: readonly Flaw[]): readonly Finding[] {
  return flaws.length === 0 ? [ok(subject, good)] : flaws.map((flaw) => problem(subject, flaw));
}

export const PROVISION: string = 'run `npm run connector -- provision` as an administrator';
