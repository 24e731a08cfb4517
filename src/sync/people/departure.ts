// A usager who left RDV-Solidarités, or came back: what becomes of the contact.
import type { OrganisationId } from '../../rdv-solidarites/models.ts';
import type { NotificationEvent } from '../../rdv-solidarites/notification.ts';
import { contactStates } from '../../schema/standard-columns.ts';
import type { Applied } from '../model/applied.ts';
import type { Policy } from '../model/policy.ts';
import type { ContactRow, LinkRow } from '../model/rows.ts';
import type { Value } from '../model/values.ts';
import { ownColumns } from '../rules/fill.ts';
import { asSaidOnly, hashOf, isSaidOnly } from '../rules/reconcile.ts';
import { change, type Draft, presentIn, wasActive } from './contact-drafts.ts';

/** What a notification says about a usager's presence in RDV-Solidarités. */
export interface Presence {
  /** Since when the usager has no membership, `2026-01-02T03:04:05Z`; null for one who is there. */
  readonly removedOn: string | null;
  /** The account itself was destroyed: it never comes back. */
  readonly destroyed: boolean;
  /** The sender was asked for the account by id, and has it no more: any newer copy shows that it is there. */
  readonly missing?: true;
  /** The organisation whose page of the usager is shown, null for none; undefined where nothing is known of it. */
  readonly page?: OrganisationId | null;
  /** Whether the body's copy of the person is to be applied. */
  readonly bringsCopy: boolean;
  /** Whether a membership is written too: the usager's link then goes along, so that two memberships cannot end unseen. */
  readonly changes: boolean;
}

/** Whether the notification may end a presence, so that the usagers who share the contact must be read. */
export const leaves = (event: NotificationEvent, policy: Policy): boolean =>
  (event === 'destroyed' || event === 'missing') && policy.onUsagerRemoved !== 'keep';

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

export type Departure = Pick<DepartureCase, 'draft' | 'applied'>;

/**
 * Applies `ON_USAGER_REMOVED` to a contact, and takes it back when the usager returns.
 *
 * `deactivate` changes the state only when presence changed since we last set it: a contact that a CRM user deactivated
 * or reactivated stays so. `anonymise` empties the values that are still the sender's, never those of a CRM user.
 *
 * @returns the contact afterwards, and what the link is to remember
 */
export function applyDeparture(policy: Policy['onUsagerRemoved'], given: DepartureCase): Departure {
  if (policy === 'deactivate') return applyState(given);
  if (policy === 'anonymise' && given.departed) return empty(given);
  return given;
}

function applyState({ draft, applied, scope, departed }: DepartureCase): Departure {
  const { [STATE]: deactivated, ...columns } = applied.columns;
  // Only a deactivation of ours is remembered, and only that is taken back.
  if (departed === (deactivated !== undefined) || (departed && !wasActive(draft))) return { draft, applied };
  if (departed) {
    const hash = hashOf(scope, STATE, contactStates.inactive.statecode);
    return {
      draft: { ...draft, state: contactStates.inactive },
      applied: { ...applied, columns: { ...columns, [STATE]: hash } },
    };
  }
  const reactivates = deactivated !== undefined && !isSaidOnly(deactivated);
  return {
    draft: reactivates ? { ...draft, state: contactStates.active } : draft,
    applied: { ...applied, columns },
  };
}

/**
 * Once people reactivated a contact that we had deactivated, its state is theirs: not deactivated again while the usager
 * is away, and not reactivated, should they deactivate it, when the usager comes back.
 */
export function noticeReactivation(draft: Draft, applied: Applied): Applied {
  const { [STATE]: deactivated, ...columns } = applied.columns;
  if (deactivated === undefined || !wasActive(draft)) return applied;
  return { ...applied, columns: { ...columns, [STATE]: asSaidOnly(deactivated) } };
}

/** The columns that links remember, also those that no mapping names any more. */
function rememberedBy(links: readonly Pick<Applied, 'columns'>[]): readonly string[] {
  return [...new Set(links.flatMap(({ columns }) => Object.keys(columns)))].filter((column) => column !== STATE);
}

/** Columns of the département that links remember, and that were not read: no mapping names them any more. */
export function unreadOf({ columns }: ContactRow, links: readonly LinkRow[]): readonly string[] {
  const remembered = new Set(links.flatMap(({ applied }) => ownColumns('contact', applied.columns)));
  return [...remembered].filter((column) => !Object.hasOwn(columns, column));
}

/**
 * Empties the values of this usager, and of others who had the same contact. No hash of a personal value survives. The
 * hash of the label stays, so that a usager who returns may replace it by a name.
 */
function empty({ draft, applied, scope, others }: DepartureCase): Departure {
  const said = [
    { scope, columns: applied.columns },
    ...others.map((other) => ({ scope: other.name, columns: other.applied.columns })),
  ];
  const emptied = rememberedBy(said).flatMap((column): [string, Value][] => {
    const value = presentIn(draft, column);
    const isTheSenders = value !== null && said.some((one) => one.columns[column] === hashOf(one.scope, column, value));
    return isTheSenders ? [[column, column === 'lastname' ? ANONYMISED_NAME : null]] : [];
  });
  const label = emptied.some(([column]) => column === 'lastname')
    ? { lastname: hashOf(scope, 'lastname', ANONYMISED_NAME) }
    : {};
  return {
    draft: change(draft, Object.fromEntries(emptied)),
    applied: { ...applied, columns: label, responsible: undefined },
  };
}
