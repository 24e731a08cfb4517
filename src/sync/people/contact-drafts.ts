// A contact as one notification leaves it: several usagers may share one contact, which is one part.
import type { UsagerId } from '../../rdv-solidarites/models.ts';
import type { Guid } from '../model/link-names.ts';
import type { Write } from '../model/plan.ts';
import type { ContactRow, Etag } from '../model/rows.ts';
import type { Columns, Value } from '../model/values.ts';

/** A contact and what is to be written to it. */
export interface Draft {
  readonly id: Guid;
  readonly condition: Etag | 'absent';
  /** The usager that first touched it. */
  readonly owner: UsagerId;
  /** The contact as it was read; null for a new one. */
  readonly row: ContactRow | null;
  readonly write: Columns;
  /** Its state, which a new row takes in a part of its own. */
  readonly state: Columns;
}

/** The draft of a contact that exists. */
export function draftOf(row: ContactRow, owner: UsagerId): Draft {
  return { id: row.id, condition: row.etag, owner, row, write: {}, state: {} };
}

/** The draft of a contact to create. */
export function newDraft(id: Guid, owner: UsagerId): Draft {
  return { id, condition: 'absent', owner, row: null, write: {}, state: {} };
}

export function isNew({ condition }: Draft): boolean {
  return condition === 'absent';
}

/** Whether the contact was active before. */
export function wasActive({ row }: Draft): boolean {
  return row === null || row.active;
}

/** What a column holds as this notification leaves it. */
export function presentIn({ row, write }: Draft, column: string): Value {
  return write[column] ?? (column in write ? null : (row?.columns[column] ?? null));
}

/** The draft with these changes. */
export function change(draft: Draft, columns: Columns): Draft {
  return { ...draft, write: { ...draft.write, ...columns } };
}

/** The part that creates a new contact: apart, because links point to it. */
export function creationOf(draft: Draft, ownerTeam: Guid | undefined): readonly Write[] {
  if (!isNew(draft)) return [];
  const given = Object.entries(draft.write).filter((entry): entry is [string, Value] => entry[1] !== null);
  const owner: Columns = ownerTeam === undefined ? {} : { ownerid: { table: 'team', id: ownerTeam } };
  const columns = { ...Object.fromEntries(given), ...owner };
  return [{ table: 'contact', id: draft.id, operation: 'create', condition: 'absent', columns }];
}

/** The part that changes a contact, if anything changes. */
export function updateOf(draft: Draft): readonly Write[] {
  const { id, condition, write, state } = draft;
  const columns = isNew(draft) ? state : { ...write, ...state };
  if (Object.keys(columns).length === 0) return [];
  return [
    { table: 'contact', id, operation: 'update', condition: condition === 'absent' ? 'any' : condition, columns },
  ];
}
