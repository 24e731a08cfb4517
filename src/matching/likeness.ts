// Whether birth date and names say that a usager and a contact are the same person.

/** What identifies a person, on the side of the sender or of Dynamics. */
export interface Identity {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly birthName: string | null;
  /** `2026-01-31`. */
  readonly birthDate: string | null;
}

/**
 * - `sure`: same birth date, same first name, and a family name in common: of use or of birth, on either side.
 * - `doubtful`: the same names, but one side has no birth date.
 */
export type Likeness = 'sure' | 'doubtful' | 'none';

export function likeness(a: Identity, b: Identity): Likeness {
  if (!sharesOne([a.firstName], [b.firstName])) return 'none';
  if (!sharesOne([a.lastName, a.birthName], [b.lastName, b.birthName])) return 'none';
  if (a.birthDate === null || b.birthDate === null) return 'doubtful';
  return a.birthDate === b.birthDate ? 'sure' : 'none';
}

function sharesOne(mine: readonly (string | null)[], theirs: readonly (string | null)[]): boolean {
  const keys = new Set(theirs.map(nameKey));
  return mine.some((name) => nameKey(name) !== '' && keys.has(nameKey(name)));
}

const LIGATURES: Readonly<Record<string, string>> = { œ: 'oe', æ: 'ae' };

/** A name without accents, case, hyphens, blanks and apostrophes: `Lœuillet-D’Été` → `loeuilletdete`. */
function nameKey(name: string | null): string {
  const letters = (name ?? '').toLowerCase().replaceAll(/[œæ]/g, (ligature) => LIGATURES[ligature] ?? ligature);
  return letters.normalize('NFD').replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** The longest name that a column of a contact holds (rdvs_birthname). */
const LONGEST_NAME = 100;

/**
 * The ways to write a name that a query for equal texts must try. Accents and case are not among them: Dataverse
 * compares texts without either (Microsoft Learn, "Filter rows").
 */
export function spellings(name: string): readonly string[] {
  if (name.length > LONGEST_NAME) return [];
  const words = name.trim().split(/[\s-]+/);
  const joined = [name.trim(), words.join(' '), words.join('-'), words.join('')];
  return [...new Set(joined.flatMap((text) => [text.replaceAll(/['’]/g, "'"), text.replaceAll(/['’]/g, '’')]))];
}
