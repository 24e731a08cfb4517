// Whom the subject of an RDV may name, and what its link remembers of that.

import { isAnonymised } from '../../rdv-solidarites/anonymisation.ts';
import type { Usager } from '../../rdv-solidarites/models.ts';
import { namesPeople } from '../../rdv-solidarites/subject-template.ts';
import type { RdvCase } from './rdv-case.ts';

/** The place, among the remembered columns, that says that the subject names people. */
export const NAMED = 'usagers';

type Hashes = Readonly<Record<string, string>>;

/**
 * The participants who may be named: not those who were anonymised, erased or kept out. By their ids, so that another
 * order in the body is no other subject. Undefined when the body says nothing about participants.
 */
export function attendingIn({ participants, people }: RdvCase): readonly Usager[] | undefined {
  return participants
    ?.map(({ usager }) => usager)
    .filter((usager) => !isAnonymised(usager) && people.mayBeNamed(usager.id))
    .toSorted((a, b) => a.id - b.id);
}

/**
 * What the link remembers: that the subject names people, so that erasing one of them clears it, whatever the template
 * says by then. It keeps nothing about the people themselves.
 */
export function rememberNamed(rdv: RdvCase, template: string, columns: Hashes): Hashes {
  const { [NAMED]: named, ...others } = columns;
  const attending = attendingIn(rdv);
  const names = namesPeople(template) && (attending === undefined ? named !== undefined : attending.length > 0);
  return names ? { ...others, [NAMED]: '1' } : others;
}
