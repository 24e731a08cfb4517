// Lists usagers beside the contacts that may be theirs, so that an administrator can decide.
import { type DataverseAccess, openCalls } from '../dataverse/calls.ts';
import type { Usager, UsagerId } from '../rdv-solidarites/models.ts';
import { chunks } from '../sync/model/chunks.ts';
import type { Guid } from '../sync/model/link-names.ts';
import type { LinkRow } from '../sync/model/rows.ts';
import { usagerLink } from '../sync/people/people-names.ts';
import { hadContact } from '../sync/rules/link-writes.ts';
import { follow } from '../sync/rules/merges.ts';
import { type Candidate, readLinksWithoutContact, readSurroundings } from './candidates.ts';
import { type Identity, type Likeness, likeness } from './likeness.ts';

/**
 * - `proposed`: one contact has the same birth date and names; no other usager is tied to it or resembles it; the usager
 *   never had a contact that was deleted.
 * - `ambiguous`: there are several contacts, or the one found is doubtful, or another usager has it or may have it.
 * - `none`: no contact resembles the usager.
 * - `tied`: the usager has a contact.
 * - `unknown`: only the usager's id is known.
 */
export type TieStatus = 'proposed' | 'ambiguous' | 'none' | 'tied' | 'unknown';

export interface Match {
  readonly contact: Candidate;
  readonly likeness: Exclude<Likeness, 'none'>;
  readonly sameEmail: boolean | undefined;
  /** Links of other usagers that point to this contact. */
  readonly tiedTo: readonly string[];
  /** Links of other usagers in this list who also resemble the contact. */
  readonly alsoLike: readonly string[];
}

export interface Suggestion {
  readonly usager: UsagerId;
  readonly identity: Identity | undefined;
  readonly situation: TieStatus;
  /** The contact that the usager has. */
  readonly contact?: Guid;
  readonly matches: readonly Match[];
  readonly link: LinkRow | null;
}

/** Usagers whose links and contacts are read together. */
const AT_ONCE = 100;

/**
 * Looks for the contacts of usagers; those who were destroyed in RDV-Solidarités are left out.
 *
 * @throws DataverseError
 */
export async function suggestFor(
  dataverse: DataverseAccess,
  usagers: readonly Usager[],
): Promise<readonly Suggestion[]> {
  const calls = openCalls(dataverse);
  const found: Suggestion[] = [];
  for (const some of chunks(usagers, AT_ONCE)) {
    const { known, contacts } = await readSurroundings(calls, some);
    for (const usager of some) {
      const link = known.links.get(usagerLink(usager.id)) ?? null;
      if (link?.state === 'removed') continue;
      const row = link?.contactId == null ? null : follow(known, link.contactId);
      const tied = row !== null && 'id' in row ? row.id : (link?.contactId ?? undefined);
      found.push(tied === undefined ? compare(usager, link, contacts) : alreadyTied(usager, link, tied));
    }
  }
  return judge(found);
}

/**
 * Lists the usagers whose links have no contact. A link holds no name, so people must find the contacts.
 *
 * @throws DataverseError
 */
export async function suggestForLinks(line: DataverseAccess): Promise<readonly Suggestion[]> {
  const links = await readLinksWithoutContact(openCalls(line));
  return links.map((link) => ({
    usager: Number(link.name.slice('usager-'.length)) as UsagerId,
    identity: undefined,
    situation: 'unknown',
    matches: [],
    link,
  }));
}

function identityOf({ first_name, last_name, birth_name, birth_date }: Usager): Identity {
  return {
    firstName: first_name ?? null,
    lastName: last_name ?? null,
    birthName: birth_name ?? null,
    birthDate: birth_date ?? null,
  };
}

function alreadyTied(usager: Usager, link: LinkRow | null, contact: Guid): Suggestion {
  return { usager: usager.id, identity: identityOf(usager), situation: 'tied', contact, matches: [], link };
}

function compare(usager: Usager, link: LinkRow | null, contacts: ReadonlyMap<Guid, Candidate>): Suggestion {
  const identity = identityOf(usager);
  const own = usagerLink(usager.id);
  const matches = [...contacts.values()].flatMap((contact): Match[] => {
    const how = likeness(identity, contact);
    if (how === 'none') return [];
    const tiedTo = contact.links.filter((name) => name !== own);
    return [{ contact, likeness: how, sameEmail: sameEmail(usager.email, contact.email), tiedTo, alsoLike: [] }];
  });
  matches.sort((a, b) => rank(a) - rank(b));
  return { usager: usager.id, identity, situation: 'none', matches, link };
}

const rank = ({ likeness }: Match) => (likeness === 'sure' ? 0 : 1);

function sameEmail(mine: string | null | undefined, theirs: string | null): boolean | undefined {
  if (mine == null || theirs === null) return undefined;
  return mine.trim().toLowerCase() === theirs.trim().toLowerCase();
}

/** A contact goes to one usager without asking only when no other usager resembles it. */
function judge(suggestions: readonly Suggestion[]): readonly Suggestion[] {
  const claims = Map.groupBy(
    suggestions.flatMap(({ usager, matches }) => matches.map(({ contact }) => ({ contact: contact.id, usager }))),
    ({ contact }) => contact,
  );
  return suggestions.map((suggestion) => {
    if (suggestion.matches.length === 0) return suggestion;
    const matches = suggestion.matches.map((match) => {
      const others = (claims.get(match.contact.id) ?? []).filter(({ usager }) => usager !== suggestion.usager);
      return { ...match, alsoLike: others.map(({ usager }) => usagerLink(usager)) };
    });
    const sure = matches.filter((match) => match.likeness === 'sure');
    const isFree = sure.every(({ tiedTo, alsoLike }) => tiedTo.length + alsoLike.length === 0);
    // A contact deleted in Dynamics may have been erased on request: people decide whether the person comes back.
    const isClear = sure.length === 1 && isFree && !hadContact(suggestion.link);
    return { ...suggestion, matches, situation: isClear ? 'proposed' : 'ambiguous' };
  });
}
