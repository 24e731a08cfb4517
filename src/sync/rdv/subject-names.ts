// How the people of an RDV are named in its subject.
import type { Usager } from '../../rdv-solidarites/models.ts';
import { tidy } from '../rules/fit.ts';

type Name = (usager: Usager) => string;

const wordsOf = ({ first_name, last_name }: Usager) =>
  [tidy(first_name), tidy(last_name)].filter((word) => word != null);

export const nameOf: Name = (usager) => wordsOf(usager).join(' ');
export const initialsOf: Name = (usager) =>
  wordsOf(usager)
    .flatMap((word) => word.split(/[\s-]+/))
    .map((word) => `${[...word][0]?.toUpperCase() ?? ''}.`)
    .join('');

/** The first and how many others: `Awa Usager-Test et 2 autres`. */
export function namesOfAll(usagers: readonly Usager[] | undefined, name: Name): string | null | undefined {
  const names = usagers?.map(name).filter((text) => text !== '');
  const [first, ...others] = names ?? [];
  if (names === undefined || first === undefined) return names && null;
  if (others.length === 0) return first;
  return `${first} et ${others.length} ${others.length === 1 ? 'autre' : 'autres'}`;
}
