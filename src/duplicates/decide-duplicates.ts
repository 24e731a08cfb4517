// What becomes of the list of possible duplicates, from the pairs that were found and the rows that are there. Pure.
import { v5 as uuidV5 } from 'uuid';
import { inFrench } from '../matching/reasons.ts';
import type { DuplicateState } from '../schema/schema.ts';
import type { Guid } from '../sync/model/link-names.ts';
import type { Etag } from '../sync/model/rows.ts';
import { inOrder, type Pair, pairKey } from './pairs.ts';

/** A row of `rdvs_duplicate`. */
export interface DuplicateRow {
  readonly id: Guid;
  readonly etag: Etag;
  /** `undefined`: emptied, or a number that is none of ours. */
  readonly state: DuplicateState | undefined;
  readonly score: number | null;
  readonly name: string | null;
  /** null for a contact that was deleted. */
  readonly contacts: readonly [Guid | null, Guid | null];
}

export interface DuplicateColumns {
  readonly name: string;
  readonly score: number;
  readonly state: DuplicateState;
}

export type DuplicateWrite =
  | {
      readonly kind: 'create';
      readonly id: Guid;
      readonly contacts: Pair['contacts'];
      readonly columns: DuplicateColumns;
    }
  | { readonly kind: 'update'; readonly id: Guid; readonly etag: Etag; readonly columns: Partial<DuplicateColumns> }
  | { readonly kind: 'delete'; readonly id: Guid; readonly etag: Etag };

/** The contacts as they are now. */
export interface Present {
  /** The active ones. */
  readonly active: ReadonlySet<Guid>;
  /** Merged contact → the one that took its place. */
  readonly masters: ReadonlyMap<Guid, Guid>;
}

/**
 * Keeps one row for each pair. Rows are found by the contacts that they point to now, so that `distinct` follows a merge:
 * what was said of somebody holds for whoever took their place.
 */
export function decideDuplicates(
  pairs: readonly Pair[],
  rows: readonly DuplicateRow[],
  present: Present,
): readonly DuplicateWrite[] {
  const found = new Map(pairs.map((pair) => [pairKey(pair.contacts), pair]));
  const kept = new Map<string, DuplicateRow>();
  const writes: DuplicateWrite[] = [];
  for (const row of rows.toSorted(byWeight)) {
    const place = placeOf(row, present);
    if (place === 'one') writes.push(...close(row));
    else if (place === 'absent') writes.push(...(row.state === 'distinct' && !isLost(row) ? [] : [remove(row)]));
    else if (kept.has(place)) writes.push(remove(row));
    else {
      kept.set(place, row);
      writes.push(...refresh(row, found.get(place)));
    }
  }
  const taken = new Set(rows.map(({ id }) => id));
  const missing = pairs.filter(({ contacts }) => !kept.has(pairKey(contacts)));
  return [...writes, ...missing.map((pair) => create(pair, taken))];
}

const WEIGHT: Readonly<Record<DuplicateState, number>> = { distinct: 0, toreview: 1, merged: 2 };

/** What people said of a pair comes before what was only found. */
function byWeight(a: DuplicateRow, b: DuplicateRow): number {
  const weight = ({ state }: DuplicateRow) => WEIGHT[state ?? 'toreview'];
  return weight(a) - weight(b) || (a.id < b.id ? -1 : 1);
}

/** The pair that a row is about now; `one` when its contacts were merged, `absent` when one of them is not active. */
function placeOf({ contacts: [first, second] }: DuplicateRow, present: Present): string {
  const [a, b] = [successor(first, present), successor(second, present)];
  if (a === undefined || b === undefined) return 'absent';
  return a === b ? 'one' : pairKey(inOrder(a, b));
}

function successor(contact: Guid | null, { active, masters }: Present): Guid | undefined {
  const seen = new Set<Guid>();
  for (let next = contact ?? undefined; next !== undefined && !seen.has(next); next = masters.get(next)) {
    if (active.has(next)) return next;
    seen.add(next);
  }
  return undefined;
}

/** A contact of it was deleted: nothing of that person is kept. */
const isLost = ({ contacts }: DuplicateRow) => contacts.includes(null);

const remove = ({ id, etag }: DuplicateRow): DuplicateWrite => ({ kind: 'delete', id, etag });

function close({ id, etag, state }: DuplicateRow): readonly DuplicateWrite[] {
  return state === 'merged' ? [] : [{ kind: 'update', id, etag, columns: { state: 'merged' } }];
}

/** Whom nobody decided about leaves the list when they no longer resemble each other. */
function refresh(row: DuplicateRow, pair: Pair | undefined): readonly DuplicateWrite[] {
  const { id, etag, state } = row;
  if (state === 'distinct') return [];
  if (pair === undefined) return [remove(row)];
  const columns = columnsOf(pair);
  const isSame = state === columns.state && row.score === columns.score && row.name === columns.name;
  return isSame ? [] : [{ kind: 'update', id, etag, columns }];
}

function columnsOf({ likeness: { score, reasons } }: Pair): DuplicateColumns {
  return { name: reasons.map(inFrench).join(', '), score, state: 'toreview' };
}

const DUPLICATE_NAMESPACE = '2d6b8f04-91c3-4e5a-b7d2-6f0e3a9c1b58';

/**
 * A row's key, derived from its contacts so that two searches can only meet in one row. A row that followed a merge may hold
 * the key of a pair that it is no longer about: the next key is taken then.
 */
function create(pair: Pair, taken: Set<Guid>): DuplicateWrite {
  for (let attempt = 0; ; attempt += 1) {
    const id = uuidV5(`${pairKey(pair.contacts)}${attempt === 0 ? '' : `/${attempt}`}`, DUPLICATE_NAMESPACE) as Guid;
    if (taken.has(id)) continue;
    taken.add(id);
    return { kind: 'create', id, contacts: pair.contacts, columns: columnsOf(pair) };
  }
}
