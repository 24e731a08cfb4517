// Lists usagers beside the contacts that may be theirs, so that an administrator can decide.
import { type Calls, type DataverseAccess, openCalls } from '../dataverse/calls.ts';
import { readRows } from '../dataverse/read.ts';
import { chunks } from '../sync/model/chunks.ts';
import type { Guid, LinkName } from '../sync/model/link-names.ts';
import { type Known, type LinkRow, NOTHING_TO_READ } from '../sync/model/rows.ts';
import { usagerLink, usagerOf } from '../sync/people/people-names.ts';
import { follow } from '../sync/rules/merges.ts';
import {
  type Candidate,
  type Progress,
  readContacts,
  readLinksWithoutContact,
  readTies,
  type UsagerTie,
} from './candidates.ts';
import type { Described } from './described.ts';
import type { Person } from './identity.ts';
import { isNear, judge } from './judge.ts';
import { type Alike, indexPeople, type PeopleIndex } from './people-index.ts';
import { type Identity, portrait } from './portrait.ts';
import type { Match, Suggestion } from './suggestion.ts';

/** Links read together. */
const AT_ONCE = 100;
/** Contacts shown for one usager, beside all that come near. */
const SHOWN = 5;
const NOBODY: readonly string[] = [];

/** What Dynamics holds, ready to be searched. */
interface Desk {
  readonly contacts: readonly Candidate[];
  readonly index: PeopleIndex;
  /** Contact → the usagers tied to it. */
  readonly usagersOf: ReadonlyMap<Guid, readonly LinkName[]>;
}

/**
 * Looks for the contacts of usagers; those who were destroyed in RDV-Solidarités are left out.
 *
 * @throws DataverseError
 */
export async function suggestFor(
  dataverse: DataverseAccess,
  usagers: readonly Person[],
  progress?: Progress,
): Promise<readonly Suggestion[]> {
  const calls = openCalls(dataverse);
  const byId = await readContacts(calls, progress);
  const ties = await readTies(calls, progress);
  const present = usagers.filter(({ id }) => ties.get(usagerLink(id))?.isRemoved !== true);
  const unclear = present.flatMap(({ id }) => {
    const tie = ties.get(usagerLink(id));
    return tie !== undefined && (tie.contact === null || !byId.has(tie.contact)) ? tie.name : [];
  });
  const links = await readLinks(calls, unclear);
  const desk = openDesk(byId, ties);
  const found = present.map((who) => {
    const { id } = who;
    const name = usagerLink(id);
    const { link = null, contact = ties.get(name)?.contact ?? undefined } = links.get(name) ?? {};
    return compare({ usager: id, who, link, contact }, desk);
  });
  return judge(found);
}

/**
 * Looks among the contacts for others like those that usagers are tied to, and lists the usagers who have no contact: a link
 * holds no name, so people must find theirs.
 *
 * @returns the usagers about whom there is something to decide
 * @throws DataverseError
 */
export async function suggestForLinks(
  dataverse: DataverseAccess,
  progress?: Progress,
): Promise<{ readonly suggestions: readonly Suggestion[]; readonly linked: number }> {
  const calls = openCalls(dataverse);
  const byId = await readContacts(calls, progress);
  const ties = await readTies(calls, progress);
  const lost = await readLinksWithoutContact(calls);
  const desk = openDesk(byId, ties);
  const tied = [...ties.values()].flatMap(({ name, contact, isRemoved }) => {
    const who = contact === null || isRemoved ? undefined : byId.get(contact);
    const usager = usagerOf(name);
    return who === undefined || usager === undefined ? [] : { usager, who, link: null, contact: who.id };
  });
  const twice = tied.map((one) => compare(one, desk)).filter(({ matches }) => matches.length > 0);
  const without = lost.flatMap((link): Suggestion[] => {
    const usager = usagerOf(link.name);
    return usager === undefined ? [] : [{ usager, who: undefined, situation: 'unknown', matches: [], link }];
  });
  const suggestions = [...judge(twice), ...without].sort((a, b) => a.usager - b.usager);
  return { suggestions, linked: tied.length };
}

/** Opened when all is read: meanwhile the server would close the connection, which nobody would notice. */
function openDesk(byId: ReadonlyMap<Guid, Candidate>, ties: ReadonlyMap<LinkName, UsagerTie>): Desk {
  const contacts = [...byId.values()];
  const usagersOf = new Map<Guid, LinkName[]>();
  for (const { contact, name } of ties.values()) {
    if (contact !== null) usagersOf.set(contact, [...(usagersOf.get(contact) ?? []), name]);
  }
  return { contacts, index: indexPeople(contacts), usagersOf };
}

/** Links with the contacts that they lead to, through merges. */
async function readLinks(calls: Calls, names: readonly LinkName[]) {
  const found = new Map<LinkName, { readonly link: LinkRow | null; readonly contact: Guid | undefined }>();
  for (const some of chunks(names, AT_ONCE)) {
    const known: Known = await readRows(calls, { ...NOTHING_TO_READ, links: some });
    for (const name of some) {
      const link = known.links.get(name) ?? null;
      const row = link?.contactId == null ? null : follow(known, link.contactId);
      const contact = row !== null && 'id' in row ? row.id : (link?.contactId ?? undefined);
      found.set(name, { link, contact });
    }
  }
  return found;
}

interface Wanted extends Pick<Suggestion, 'usager' | 'link'> {
  readonly who: Described<unknown>;
  readonly contact: Guid | undefined;
}

function compare({ usager, who, link, contact }: Wanted, desk: Desk): Suggestion {
  const { identity } = who;
  const own = usagerLink(usager);
  const matches = desk.index.alike(portrait(identity)).flatMap(({ at, likeness }: Alike): Match[] => {
    const candidate = desk.contacts[at];
    if (candidate === undefined || candidate.id === contact) return [];
    const tiedTo = desk.usagersOf.get(candidate.id)?.filter((name) => name !== own) ?? NOBODY;
    return [
      { contact: candidate, likeness, sameEmail: sameEmail(identity, candidate.identity), tiedTo, alsoLike: NOBODY },
    ];
  });
  const suggestion = {
    usager,
    who,
    link,
    matches: matches.filter(({ likeness }, at) => at < SHOWN || isNear(likeness)),
  };
  return contact === undefined ? { ...suggestion, situation: 'none' } : { ...suggestion, situation: 'tied', contact };
}

function sameEmail({ email: mine }: Identity, { email: theirs }: Identity): boolean | undefined {
  if (mine === null || theirs === null) return undefined;
  return mine.trim().toLowerCase() === theirs.trim().toLowerCase();
}
