// Contacts merged in Dynamics: the losing one is inactive and names its master.
import type { Guid } from '../model/link-names.ts';
import type { ContactRow, Known } from '../model/rows.ts';

/**
 * The contact that stands for this one now. Dynamics repoints links when it merges; a link that was left behind is
 * followed.
 *
 * @returns null when there is none, or the id of a contact to read first
 */
export function follow(known: Known, id: Guid): ContactRow | null | { readonly unread: Guid } {
  const seen = new Set<Guid>();
  for (let next = id; ; ) {
    const row = known.contact.get(next);
    if (row === undefined) return { unread: next };
    seen.add(next);
    if (row === null || row.active || row.masterId === null || seen.has(row.masterId)) return row;
    next = row.masterId;
  }
}
