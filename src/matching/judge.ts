// Whether a usager may be tied to a contact without asking: only to the one certain contact, which no other usager resembles.
import type { Guid } from '../sync/model/link-names.ts';
import { usagerLink } from '../sync/people/people-names.ts';
import { hadContact } from '../sync/rules/link-writes.ts';
import type { Likeness } from './likeness.ts';
import type { Match, Suggestion } from './suggestion.ts';

/**
 * Decides about all usagers of a list together. A contact goes to one of them only when no other comes near it, and no
 * other contact comes near the usager: so neither twins nor namesakes are proposed.
 */
export function judge(suggestions: readonly Suggestion[]): readonly Suggestion[] {
  const claims = claimsOf(suggestions);
  return suggestions.map((suggestion) => {
    if (suggestion.matches.length === 0) return suggestion;
    const others = ({ contact }: Match) =>
      (claims.get(contact.id) ?? NOBODY).filter(({ usager }) => usager !== suggestion.usager);
    const matches = suggestion.matches.map((match) => {
      const alsoLike = others(match).map(({ usager }) => usagerLink(usager));
      return alsoLike.length === 0 ? match : { ...match, alsoLike };
    });
    if (suggestion.situation === 'tied') return { ...suggestion, matches };
    const [first, ...near] = matches.filter(({ likeness }) => isNear(likeness));
    const isFree =
      first !== undefined && first.tiedTo.length === 0 && !others(first).some((one) => isNearTo(one, first));
    // People decide whether somebody whose contact was deleted comes back.
    const isClear = first?.likeness.grade === 'certain' && near.length === 0 && isFree && !lostContact(suggestion);
    if (!isClear) return { ...suggestion, matches, situation: 'ambiguous' };
    // Clues may give somebody of another birth date more points.
    return { ...suggestion, matches: [first, ...matches.filter((match) => match !== first)], situation: 'proposed' };
  });
}

const NOBODY: readonly Suggestion[] = [];

/** Contact → who resembles it. */
function claimsOf(suggestions: readonly Suggestion[]): ReadonlyMap<Guid, readonly Suggestion[]> {
  const claims = new Map<Guid, Suggestion[]>();
  for (const suggestion of suggestions) {
    for (const { contact } of suggestion.matches) {
      const known = claims.get(contact.id);
      if (known === undefined) claims.set(contact.id, [suggestion]);
      else known.push(suggestion);
    }
  }
  return claims;
}

const isNearTo = ({ matches }: Suggestion, { contact }: Match) =>
  matches.some((match) => match.contact.id === contact.id && isNear(match.likeness));

/** A contact that was deleted may have been erased on request. */
export function lostContact({ contact, link }: Suggestion): boolean {
  return contact === undefined && hadContact(link);
}

/** Twins and namesakes are born on one day. Who has another birth date is somebody else, or the same person mistyped. */
export const isNear = ({ grade, reasons }: Likeness) => grade !== 'possible' && reasons.includes('date-same');
