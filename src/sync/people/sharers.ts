// Usagers who share one contact. A value that one of them drops stays while another one still has it.

import type { LinkName } from '../model/link-names.ts';
import type { Write } from '../model/plan.ts';
import type { LinkRow } from '../model/rows.ts';
import type { Columns, Value } from '../model/values.ts';
import { linkWrite } from '../rules/link-writes.ts';
import { hashOf, isSaid, isSaidOnly } from '../rules/reconcile.ts';

/** The links of other usagers among those that lead to a contact. */
export function othersThan(own: LinkName, companions: readonly LinkRow[]): readonly LinkRow[] {
  return companions.filter(({ name }) => name !== own && name.startsWith('usager-'));
}

/** Whether the usager is still with the sender. */
export function isPresent({ state, removedOn }: LinkRow): boolean {
  return state === 'live' && removedOn === null;
}

/** Whether a usager's last word on a column is what the contact holds. */
export function says({ name, applied }: LinkRow, column: string, present: Value): boolean {
  return present !== null && isSaid(applied.columns[column], hashOf(name, column, present));
}

/** A hash of a name is still about a person. */
export function forget(link: LinkRow): readonly Write[] {
  const { name, version, applied } = link;
  if (Object.keys(applied.columns).length === 0) return [];
  return [linkWrite(link, { name, version, applied: { ...applied, columns: {}, responsible: undefined } })];
}

/**
 * A value that one usager wrote and now drops passes to the others who have the same value. Otherwise no usager would be
 * left who may clear it.
 *
 * @param released the values that stay in the contact for the others' sake
 */
export function handOver(released: Columns, others: readonly LinkRow[]): readonly Write[] {
  return others.flatMap((link) => {
    const { name, version, applied } = link;
    const taken = Object.entries(released)
      .filter(([column, value]) => says(link, column, value) && isSaidOnly(applied.columns[column] ?? ''))
      .map(([column, value]) => [column, hashOf(name, column, value)]);
    const columns = { ...applied.columns, ...Object.fromEntries(taken) };
    return taken.length === 0 ? [] : [linkWrite(link, { name, version, applied: { ...applied, columns } })];
  });
}
