// A usager who left RDV-Solidarités: what becomes of the contact.
import { contactStates } from '../dataverse/standard-columns.ts';
import type { Policy } from '../settings.ts';
import { CONTACT_COLUMNS } from './contact-mapping.ts';
import { hashOf } from './reconcile.ts';
import type { Columns, Value } from './rows.ts';

/** What an anonymised contact is called: Dynamics lists contacts by their name. */
const ANONYMISED_NAME = 'Usager supprimé';

export interface Departure {
  /** Columns to write, over what the notification itself writes. */
  readonly write: Columns;
  /** A state to set, in a part of its own where the row is new. */
  readonly state: Columns;
  /** Whether the link forgets what it applied: a hash of a name is still about a person. */
  readonly forget: boolean;
}

/**
 * Applies `ON_USAGER_REMOVED` to a contact.
 *
 * @param current the contact's columns as the notification leaves them
 * @param applied the hashes of what the sender said last: only values that are still the sender's are emptied
 */
export function departureOf(
  policy: Policy['onUsagerRemoved'],
  current: Columns,
  { applied, scope }: { applied: Readonly<Record<string, string>>; scope: string },
): Departure {
  if (policy === 'keep') return { write: {}, state: {}, forget: false };
  if (policy === 'deactivate') return { write: {}, state: contactStates.inactive, forget: false };
  const emptied = CONTACT_COLUMNS.flatMap((column): [string, Value][] => {
    const value = current[column] ?? null;
    const isTheSenders = value !== null && applied[column] === hashOf(scope, column, value);
    return isTheSenders ? [[column, column === 'lastname' ? ANONYMISED_NAME : null]] : [];
  });
  return { write: Object.fromEntries(emptied), state: {}, forget: true };
}
