// The contacts of one notification, as it leaves them: several usagers may share one contact, which is one part.
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
  /** Whether it was active before. */
  readonly active: boolean;
  /** The columns as this notification leaves them; null before a new contact has any. */
  columns: Columns | null;
  write: Columns;
  /** Its state, which a new row takes in a part of its own. */
  state: Columns;
}

export class ContactDrafts {
  readonly #drafts = new Map<Guid, Draft>();

  /** The draft of a contact that exists. */
  of(row: ContactRow, owner: UsagerId): Draft {
    return (
      this.#drafts.get(row.id) ??
      this.#add({ id: row.id, condition: row.etag, owner, active: row.active, columns: row.columns })
    );
  }

  /** The draft of a contact to create. */
  create(id: Guid, owner: UsagerId): Draft {
    return this.#add({ id, condition: 'absent', owner, active: true, columns: null });
  }

  get created(): ReadonlySet<Guid> {
    return new Set([...this.#drafts.values()].filter(isNew).map(({ id }) => id));
  }

  /** The parts for the contacts that a usager was the first to touch: new rows apart, because links point to them. */
  writesOf(owner: UsagerId, ownerTeam: Guid | undefined): { created: readonly Write[]; updated: readonly Write[] } {
    const drafts = [...this.#drafts.values()].filter((draft) => draft.owner === owner);
    return {
      created: drafts.filter(isNew).map((draft) => creation(draft, ownerTeam)),
      updated: drafts.map(update).filter(({ columns }) => Object.keys(columns).length > 0),
    };
  }

  #add(draft: Omit<Draft, 'write' | 'state'>): Draft {
    const added = { ...draft, write: {}, state: {} };
    this.#drafts.set(draft.id, added);
    return added;
  }
}

export function isNew({ condition }: Draft): boolean {
  return condition === 'absent';
}

/** Enters changes into a draft. */
export function change(draft: Draft, columns: Columns): void {
  draft.columns = { ...draft.columns, ...columns };
  draft.write = { ...draft.write, ...columns };
}

function creation({ id, write }: Draft, ownerTeam: Guid | undefined): Write {
  const given = Object.entries(write).filter((entry): entry is [string, Value] => entry[1] !== null);
  const owner: Columns = ownerTeam === undefined ? {} : { ownerid: { table: 'team', id: ownerTeam } };
  const columns = { ...Object.fromEntries(given), ...owner };
  return { table: 'contact', id, operation: 'create', condition: 'absent', columns };
}

function update(draft: Draft): Write {
  const { id, condition, write, state } = draft;
  return {
    table: 'contact',
    id,
    operation: 'update',
    condition: condition === 'absent' ? 'any' : condition,
    columns: isNew(draft) ? state : { ...write, ...state },
  };
}
