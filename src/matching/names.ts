// Names in a form that can be compared: without accents, case, hyphens and apostrophes.

const LIGATURES: Readonly<Record<string, string>> = { œ: 'oe', æ: 'ae' };

/** The words of a name: `Lœuillet-D’Été` → `loeuillet`, `d`, `ete`. */
export function wordsOf(name: string | null): readonly string[] {
  const letters = (name ?? '').toLowerCase().replaceAll(/[œæ]/g, (ligature) => LIGATURES[ligature] ?? ligature);
  const plain = letters.normalize('NFD').replaceAll(/\p{M}/gu, '');
  return plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}

const PARTICLES: ReadonlySet<string> = new Set([
  'd',
  'de',
  'des',
  'du',
  'la',
  'le',
  'les',
  'l',
  'el',
  'al',
  'ben',
  'van',
  'von',
  'da',
  'dos',
  'di',
  'y',
]);

/** The words that are no particles; all of them when there is nothing else. */
export function withoutParticles(words: readonly string[]): readonly string[] {
  const bare = words.filter((word) => !PARTICLES.has(word));
  return bare.length === 0 ? words : bare;
}

/** The signs of a telephone number that its forms share: `+33 6 39 98 00 12` and `0639980012` → `639980012`. */
export function phoneKey(number: string | null | undefined): string | undefined {
  const digits = (number ?? '').replaceAll(/\D/g, '');
  return digits.length < NATIONAL ? undefined : digits.slice(-NATIONAL);
}

/** Digits of a French number without its first 0 (ARCEP, plan national de numérotation). */
const NATIONAL = 9;
