// Which rows a decision relied on: recorded while it is made, so that no rule has to keep count.
import type { Guid } from './link-names.ts';
import { everyRow, type Known, type Row, type RowsById } from './rows.ts';

export interface Watched {
  /** The rows, of which each counts as relied on once its content is asked for. */
  readonly known: Known;
  /** Counts a row as relied on. */
  readonly relyOn: (id: Guid) => void;
  readonly reliedOn: () => readonly Guid[];
}

/**
 * Watches what a decision makes of the rows that it knows.
 *
 * Links are not watched: what they say of the order of snapshots only grows, and needs no proof. A rule that believes
 * anything else of a link says so with `relyOn`. Lists of rows are not watched either: they are never remembered.
 */
export function watch(known: Known): Watched {
  const relied = new Set<Guid>();
  const relyOn = (id: Guid): void => {
    relied.add(id);
  };
  const rows: RowsById = known;
  return {
    known: { ...known, ...everyRow((table) => watched(rows[table], relyOn)) },
    relyOn,
    reliedOn: () => [...relied],
  };
}

function watched<R extends Row>(rows: ReadonlyMap<Guid, R | null>, relyOn: Watched['relyOn']): [Guid, R | null][] {
  return [...rows].map(([id, row]) => [id, row === null ? null : watchRow(row, relyOn)]);
}

/** Which row it is, and where a merge led: looked at, not relied on. */
const IDENTITY: ReadonlySet<string> = new Set(['id', 'etag', 'masterId']);

function watchRow<R extends Row>(row: R, relyOn: Watched['relyOn']): R {
  const content = Object.entries(row).filter(([name]) => !IDENTITY.has(name));
  const getters = content.map(([name, value]) => {
    const get = () => {
      relyOn(row.id);
      return value;
    };
    return [name, { get }];
  });
  return Object.defineProperties({ ...row }, Object.fromEntries(getters));
}
