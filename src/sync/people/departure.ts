// A usager who left RDV-Solidarités, or came back: what becomes of the contact.
import { contactStates } from '../../schema/standard-columns.ts';
import type { Applied } from '../model/applied.ts';
import type { Policy } from '../model/policy.ts';
import type { LinkRow } from '../model/rows.ts';
import type { Value } from '../model/values.ts';
import { asSaidOnly, hashOf, isSaidOnly } from '../rules/reconcile.ts';
import { change, type Draft } from './contact-drafts.ts';
import { CONTACT_COLUMNS } from './contact-mapping.ts';

/** What a notification says about a usager's presence in RDV-Solidarités. */
export interface Presence {
  /** Since when the usager has no membership, `2026-01-02T03:04:05Z`; null for one who is there. */
  readonly removedOn: string | null;
  /** The account itself was destroyed: it never comes back. */
  readonly destroyed: boolean;
  /** Whether the body's copy of the person is to be applied. */
  readonly bringsCopy: boolean;
  /** Whether a membership is written too: the usager's link then goes along, so that two memberships cannot end unseen. */
  readonly changes: boolean;
}

/** What an anonymised contact is called: Dynamics lists contacts by their name. */
const ANONYMISED_NAME = 'Usager supprimé';

/** The place of the contact's state among the remembered columns. */
const STATE = 'state';

export interface DepartureCase {
  readonly draft: Draft;
  readonly applied: Applied;
  /** The link's name. */
  readonly scope: string;
  readonly departed: boolean;
  /** Links of others who stood for the same contact and have left too. */
  readonly others: readonly LinkRow[];
}

/**
 * Applies `ON_USAGER_REMOVED` to a contact, and takes it back when the usager returns.
 *
 * `deactivate` changes the state only when presence changed since we last set it: a contact that a CRM user deactivated
 * or reactivated stays so. `anonymise` empties the values that are still the sender's, never those of a CRM user.
 *
 * @returns what the link is to remember
 */
export function applyDeparture(
  policy: Policy['onUsagerRemoved'],
  { draft, applied, scope, departed, others }: DepartureCase,
): Applied {
  if (policy === 'deactivate') return applyState(draft, { applied, scope, departed });
  if (policy === 'anonymise' && departed) return empty(draft, applied, { scope, others });
  return applied;
}

function applyState(
  draft: Draft,
  { applied, scope, departed }: { applied: Applied; scope: string; departed: boolean },
): Applied {
  const { [STATE]: deactivated, ...columns } = applied.columns;
  // Only a deactivation of ours is remembered, and only that is taken back.
  if (departed === (deactivated !== undefined) || (departed && !draft.active)) return applied;
  if (departed) {
    draft.state = contactStates.inactive;
    return { ...applied, columns: { ...columns, [STATE]: hashOf(scope, STATE, contactStates.inactive.statecode) } };
  }
  if (deactivated !== undefined && !isSaidOnly(deactivated)) draft.state = contactStates.active;
  return { ...applied, columns };
}

/**
 * Once people reactivated a contact that we had deactivated, its state is theirs: not deactivated again while the usager
 * is away, and not reactivated, should they deactivate it, when the usager comes back.
 */
export function noticeReactivation({ active }: Draft, applied: Applied): Applied {
  const { [STATE]: deactivated, ...columns } = applied.columns;
  if (!active || deactivated === undefined) return applied;
  return { ...applied, columns: { ...columns, [STATE]: asSaidOnly(deactivated) } };
}

/**
 * Empties what this usager said, or another one who stood for the same contact. No hash of a personal value survives;
 * that of the label tells a later return that the name is ours to replace.
 */
function empty(
  draft: Draft,
  applied: Applied,
  { scope, others }: { scope: string; others: readonly LinkRow[] },
): Applied {
  const said = [
    { scope, columns: applied.columns },
    ...others.map((other) => ({ scope: other.name, columns: other.applied.columns })),
  ];
  const emptied = CONTACT_COLUMNS.flatMap((column): [string, Value][] => {
    const value = draft.columns?.[column] ?? null;
    const isTheSenders = value !== null && said.some((one) => one.columns[column] === hashOf(one.scope, column, value));
    return isTheSenders ? [[column, column === 'lastname' ? ANONYMISED_NAME : null]] : [];
  });
  change(draft, Object.fromEntries(emptied));
  const label = emptied.some(([column]) => column === 'lastname')
    ? { lastname: hashOf(scope, 'lastname', ANONYMISED_NAME) }
    : {};
  return { ...applied, columns: label, responsible: undefined };
}
