// How far a long reading is, on a terminal alone: a log would fill with it.
import type { Progress } from '../matching/candidates.ts';
import type { Terminal } from './terminal.ts';

/** Rewrites one line after each page; undefined where nobody watches. */
export function progressOn({ progress }: Terminal): Progress | undefined {
  return (
    progress &&
    ((what, read) =>
      progress({
        en: `${read.toLocaleString('en')} ${what} read`,
        fr: `${read.toLocaleString('fr')} ${what} lus`,
      }))
  );
}
