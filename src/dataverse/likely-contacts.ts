// The contacts that may be a person's: one query, of the same birth date or of the same names.
import type { RetrieveMultipleRequest } from 'dynamics-web-api';
import * as z from 'zod';
import type { MappedColumns } from '../sync/mapped-columns.ts';
import type { LinkName } from '../sync/model/link-names.ts';
import type { LikelyContact } from '../sync/model/rows.ts';
import { readSought, type Sought } from '../sync/model/sought.ts';
import { quoted } from './filters.ts';
import { COMPANIONS, readContact } from './row-readers.ts';
import { rowsWhere } from './tables.ts';

/** Beyond, the birth date was typed for want of one, and the name says nothing. */
const MOST = 200;

interface LikelyContacts {
  readonly request: RetrieveMultipleRequest;
  /** None when there are too many to be sure of one. */
  readonly read: (rows: readonly unknown[]) => readonly LikelyContact[];
}

/**
 * Asks for the active contacts of a birth date, among whom the person must be alone, and for those of the same names, who
 * tell how common they are; each with the usagers who have it.
 */
export function likelyContacts(sought: Sought, mapped: MappedColumns): LikelyContacts {
  return {
    request: {
      ...rowsWhere('contact', `statecode eq 0 and (${clausesFor(sought).join(' or ')})`, mapped),
      expand: [{ property: COMPANIONS, select: ['rdvs_name'] }],
      top: MOST + 1,
    },
    read: (rows) =>
      rows.length > MOST
        ? []
        : rows.map((row) => ({
            contact: readContact(row, mapped.contact),
            tiedTo: links.parse(row)[COMPANIONS].map(({ rdvs_name }) => rdvs_name as LinkName),
          })),
  };
}

const links = z.object({ [COMPANIONS]: z.array(z.object({ rdvs_name: z.string() })) });

function clausesFor(sought: Sought): readonly string[] {
  const { birthDate, firstName, families } = readSought(sought);
  const born = `birthdate eq ${birthDate}`;
  if (firstName === null || families.length === 0) return [born];
  const called = families.flatMap((name) => [`lastname eq ${quoted(name)}`, `rdvs_birthname eq ${quoted(name)}`]);
  return [born, `(firstname eq ${quoted(firstName)} and (${called.join(' or ')}))`];
}
