// Labels inside forms, dashboards and the site map: in the base language always, in French and English where they are provisioned.
// A language that is not provisioned is refused; without the base language Dynamics shows `Unknown0`.

import type { Text } from '../../schema/shape.ts';
import type { Languages } from '../definitions.ts';
import { type Element, el } from './xml.ts';

const FRENCH = 1036;
const ENGLISH = 1033;

/** Language code and text, the base language first. */
export function wordsIn({ fr, en }: Text, { base, provisioned }: Languages): readonly (readonly [number, string])[] {
  const others = [FRENCH, ENGLISH].filter((code) => code !== base && provisioned.includes(code));
  return [base, ...others].map((code) => [code, code === FRENCH ? fr : en] as const);
}

/** What a row is called: rows have one text, in the base language. */
export const inBase = (text: Text, { base }: Languages): string => (base === FRENCH ? text.fr : text.en);

export function labels(text: Text, languages: Languages): Element {
  const words = wordsIn(text, languages);
  return el(
    'labels',
    {},
    words.map(([languagecode, description]) => el('label', { description, languagecode })),
  );
}

export function titles(text: Text, languages: Languages): Element {
  const words = wordsIn(text, languages);
  return el(
    'Titles',
    {},
    words.map(([LCID, Title]) => el('Title', { LCID, Title })),
  );
}
