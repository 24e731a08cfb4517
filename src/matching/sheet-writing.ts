// Suggestions as a table for a spreadsheet: CSV (RFC 4180).
import { stringify } from 'csv-stringify/sync';
import { chunks } from '../sync/model/chunks.ts';
import type { Guid } from '../sync/model/link-names.ts';
import type { Candidate } from './candidates.ts';
import { lostContact } from './judge.ts';
import { inFrench } from './reasons.ts';
import type { Match, Suggestion, TieStatus } from './suggestion.ts';

const WORDS: Readonly<Record<TieStatus, string>> = {
  proposed: 'proposé',
  ambiguous: 'ambigu',
  none: 'aucun',
  tied: 'déjà lié',
  unknown: 'sans contact',
};

/** Names without accents: they survive a spreadsheet that saves in another encoding. */
const COLUMNS = [
  'usager',
  'contact',
  'situation',
  'contact_actuel',
  'prenom',
  'nom',
  'nom_naissance',
  'date_naissance',
  'candidat',
  'candidat_prenom',
  'candidat_nom',
  'candidat_nom_naissance',
  'candidat_date_naissance',
  'meme_email',
  'score',
  'raisons',
  'remarque',
  'fiche',
] as const;

type Row = Readonly<Partial<Record<(typeof COLUMNS)[number], string | number | null>>>;

/** Suggestions written together. */
const AT_ONCE = 100;

/**
 * Writes suggestions, one line a candidate, with the contact filled in where it is proposed.
 *
 * Semicolons and a byte order mark are what Excel in French opens by a double click. Texts that a spreadsheet would take
 * for a formula get an apostrophe before them (OWASP, "CSV Injection").
 *
 * @param url the Dynamics environment, for links to the contacts' pages
 * @returns the text in pieces: a sheet of 80,000 usagers is never whole in memory
 */
export function* writeSheet(suggestions: readonly Suggestion[], url: string): Generator<string> {
  yield `\uFEFF${stringify([[...COLUMNS]], FORM)}`;
  for (const some of chunks(suggestions, AT_ONCE)) {
    const rows = some.flatMap((suggestion) => toRows(suggestion, url));
    yield stringify(
      rows.map((row) => COLUMNS.map((column) => inert(oneLine(row[column])))),
      FORM,
    );
  }
}

const FORM = { delimiter: ';', record_delimiter: 'windows' } as const;

/**
 * Writes suggestions as JSON, for programs: as the sheet has them, with the candidates of each usager in a list and reasons as
 * codes.
 */
export function* writeJson(suggestions: readonly Suggestion[]): Generator<string> {
  yield '[';
  for (const [at, suggestion] of suggestions.entries()) {
    const { usager, who, situation, contact = null, matches, link } = suggestion;
    const identity = who?.identity ?? null;
    const candidates = matches.map(({ contact: candidate, likeness, tiedTo, alsoLike }) => ({
      contact: { id: candidate.id, ...candidate.identity },
      ...likeness,
      tiedTo,
      alsoLike,
    }));
    const notes = { contactDeleted: lostContact(suggestion), leftOn: link?.removedOn ?? null };
    const comma = at === 0 ? '' : ',';
    yield `${comma}\n${JSON.stringify({ usager, situation, contact, identity, candidates, ...notes })}`;
  }
  yield '\n]\n';
}

function toRows(suggestion: Suggestion, url: string): readonly Row[] {
  const { usager, who, situation, contact, matches } = suggestion;
  const identity = who?.identity;
  const person: Row = {
    usager,
    situation: WORDS[situation],
    contact_actuel: contact ?? null,
    prenom: identity?.firstName ?? null,
    nom: identity?.lastName ?? null,
    nom_naissance: identity?.birthName ?? null,
    date_naissance: identity?.birthDate ?? null,
  };
  if (matches.length === 0) {
    const page = contact === undefined ? {} : { candidat: contact, fiche: pageOf(url, contact) };
    return [{ ...person, ...page, remarque: remarks(...aboutLink(suggestion)) }];
  }
  return matches.map((match, at) => ({
    ...person,
    ...candidateColumns(match.contact),
    contact: situation === 'proposed' && at === 0 ? match.contact.id : null,
    meme_email: match.sameEmail === undefined ? null : match.sameEmail ? 'oui' : 'non',
    score: match.likeness.score,
    raisons: match.likeness.reasons.map(inFrench).join(', '),
    remarque: remarks(...aboutMatch(match), ...aboutLink(suggestion)),
    fiche: pageOf(url, match.contact.id),
  }));
}

function candidateColumns({ id, identity: { firstName, lastName, birthName, birthDate } }: Candidate): Row {
  return {
    candidat: id,
    candidat_prenom: firstName,
    candidat_nom: lastName,
    candidat_nom_naissance: birthName,
    candidat_date_naissance: birthDate,
  };
}

/** Microsoft Learn, "Open apps, forms, views, dialogs, and reports with a URL". */
function pageOf(url: string, contact: Guid): string {
  return `${url.replace(/\/+$/, '')}/main.aspx?pagetype=entityrecord&etn=contact&id=${contact}`;
}

function aboutMatch({ tiedTo, alsoLike }: Match): readonly string[] {
  return [
    tiedTo.length === 0 ? '' : `lié à ${tiedTo.join(', ')}`,
    alsoLike.length === 0 ? '' : `ressemble aussi à ${alsoLike.join(', ')}`,
  ];
}

function aboutLink(suggestion: Suggestion): readonly string[] {
  return [
    lostContact(suggestion) ? 'contact supprimé dans Dynamics' : '',
    suggestion.link?.removedOn == null ? '' : 'sorti de RDV-Solidarités',
  ];
}

const remarks = (...all: readonly string[]) => all.filter((remark) => remark !== '').join(' ; ');

// The characters that begin a formula or a command (`|`), and those that hide what follows: control and format
// characters, such as U+200B.
const LIVE = /^[=+\-@＝＋－＠|\p{C}]/u;

function inert(cell: string | number | null): string | number | null {
  return typeof cell === 'string' && LIVE.test(cell) ? `'${cell}` : cell;
}

/** Replaces line breaks, so that each line of the sheet is one line of the file. */
function oneLine(value: string | number | null | undefined): string | number | null {
  return typeof value === 'string' ? value.replaceAll(/\s+/g, ' ').trim() : (value ?? null);
}
