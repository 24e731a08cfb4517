// How well suggestions match the truth of an invented population.
import type { TieStatus } from '../../../src/matching/suggestion.ts';
import type { Population } from './population.ts';

/** What was suggested for a usager. */
export interface Suggested {
  readonly usager: number;
  readonly situation: TieStatus;
  /** The candidates, the first one first. */
  readonly candidates: readonly string[];
}

interface Found {
  present: number;
  /** Proposed, and rightly so. */
  proposed: number;
  /** Proposed, or first among the candidates. */
  first: number;
}

export interface Quality extends Found {
  readonly wrong: number;
  /** Of those present whose contact is written in one way; usagers who are there twice count for both. */
  readonly byVariant: ReadonlyMap<string, Found>;
}

/** Compares suggestions with the truth. */
export function measureQuality({ usagers, contacts }: Population, suggestions: readonly Suggested[]): Quality {
  const contactsOf = Map.groupBy(contacts, ({ person }) => person);
  const personOf = new Map(usagers.map(({ usager, person }) => [usager, person]));
  const byVariant = new Map<string, Found>();
  const all: Found = { present: 0, proposed: 0, first: 0 };
  let wrong = 0;
  for (const { usager, situation, candidates } of suggestions) {
    const own = contactsOf.get(personOf.get(usager) ?? -1) ?? [];
    const isRight = own.some(({ id }) => id === candidates[0]);
    if (situation === 'proposed' && !isRight) wrong += 1;
    if (own.length === 0) continue;
    for (const into of [all, ...own.map(({ variant }) => entry(byVariant, variant))]) {
      into.present += 1;
      into.proposed += situation === 'proposed' && isRight ? 1 : 0;
      into.first += isRight ? 1 : 0;
    }
  }
  return { ...all, wrong, byVariant };
}

function entry(found: Map<string, Found>, name: string): Found {
  const known = found.get(name) ?? { present: 0, proposed: 0, first: 0 };
  found.set(name, known);
  return known;
}
