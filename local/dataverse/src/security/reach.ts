// How far a principal's privileges go: which rows each of them covers.
// Microsoft Learn, "Security concepts in Dataverse" (access levels: user, business unit, parent: child business units,
// organization); "How access to a record is determined" (own roles, roles of teams, shares).

import type { Organization } from '../organization.ts';
import type { Ref, Row } from '../store/row.ts';
import { isRef } from '../store/row.ts';
import { DEPTH_MASK, privilegesOfRole, type Right } from './privileges.ts';
import { isShared } from './shares.ts';

/** A depth at which a privilege is held, counted from the business unit of whoever holds it. */
interface Holding {
  readonly mask: number;
  readonly unit: string;
}

/** A right on a row, by the privilege that gives it. */
export interface Access {
  readonly right: Right;
  readonly privilege: string;
}

export class Reach {
  readonly #organization: Organization;
  /** The user or team itself and the teams of the user: a row of any of them is its own. */
  readonly #principals: readonly Ref[];
  readonly #holdings = new Map<string, Holding[]>();

  /** The roles are read here, once. */
  constructor(organization: Organization, principal: Ref) {
    this.#organization = organization;
    this.#principals = [principal, ...teamsOf(organization, principal)];
    for (const holder of this.#principals) {
      const unit = unitOf(organization, holder);
      for (const roleId of rolesOf(organization, holder)) {
        for (const { privilege, mask } of privilegesOfRole(organization, roleId)) {
          const name = String(privilege.values['name']);
          const held = this.#holdings.get(name);
          if (held === undefined) this.#holdings.set(name, [{ mask, unit }]);
          else held.push({ mask, unit });
        }
      }
    }
  }

  /** Whether any role names the privilege, at whatever depth. */
  holds(privilege: string): boolean {
    return this.#holdings.has(privilege);
  }

  /**
   * Whether the right reaches a row of this owner, or is shared, or comes from the row above; undefined: a row without
   * owner. Whoever has the privilege at no depth gets nothing by a share either.
   */
  covers({ right, privilege }: Access, owner: Ref | undefined, row?: Row): boolean {
    const holdings = this.#holdings.get(privilege) ?? [];
    if (owner === undefined || holdings.some(({ mask }) => mask === DEPTH_MASK.Global)) return holdings.length > 0;
    if (holdings.length === 0) return false;
    const isOwn = this.#principals.some(({ id }) => id === owner.id);
    const unit = unitOf(this.#organization, owner);
    const reached = ({ mask, unit: from }: Holding) =>
      (mask === DEPTH_MASK.Local && from === unit) ||
      (mask === DEPTH_MASK.Deep && isBelow(this.#organization, unit, from));
    if (isOwn || holdings.some(reached)) return true;
    if (row === undefined) return false;
    if (isShared(this.#organization, { row, right, principals: this.#principals })) return true;
    return right === 'Read' && this.#ownsAbove(row, new Set());
  }

  /**
   * "How to clean up inherited access": who owns a parent has access to the row, where Reparent cascades. That it is
   * access to read alone is an [inference] on the careful side.
   */
  #ownsAbove(row: Row, seen: Set<string>): boolean {
    const { schema, store } = this.#organization;
    seen.add(row.id);
    return schema.known(row.table).relationships.some(({ cascade, column, target }) => {
      const value = row.values[column];
      if (cascade.Reparent === 'NoCascade' || !isRef(value) || value.table !== target) return false;
      const parent = store.get(value.table, value.id);
      if (parent === undefined || seen.has(parent.id)) return false;
      const owner = parent.values['ownerid'];
      const isOwn = isRef(owner) && this.#principals.some(({ id }) => id === owner.id);
      return isOwn || this.#ownsAbove(parent, seen);
    });
  }
}

/** Ids of the roles of a user or of a team. */
export function rolesOf({ store }: Organization, { table, id }: Ref): string[] {
  const [pairs, own] =
    table === 'team' ? (['teamroles', 'teamid'] as const) : (['systemuserroles', 'systemuserid'] as const);
  return [...store.rows(pairs)]
    .filter(({ values }) => values[own] === id)
    .map(({ values }) => String(values['roleid']));
}

/** A member has the privileges of the teams: Microsoft Learn, "Security roles", "Direct User (Basic) access level and Team privileges". */
function teamsOf({ store }: Organization, { table, id }: Ref): Ref[] {
  if (table !== 'systemuser') return [];
  return [...store.rows('teammembership')]
    .filter(({ values }) => values['systemuserid'] === id)
    .map(({ values }) => ({ table: 'team', id: String(values['teamid']) }));
}

function unitOf({ store, businessUnit }: Organization, { table, id }: Ref): string {
  const unit = store.get(table, id)?.values['businessunitid'];
  return isRef(unit) ? unit.id : businessUnit.id;
}

/** Whether a business unit is another one, or below it. */
function isBelow({ store }: Organization, unit: string, top: string): boolean {
  const seen = new Set<string>();
  for (let at: string | undefined = unit; at !== undefined && !seen.has(at); ) {
    if (at === top) return true;
    seen.add(at);
    const parent: unknown = store.get('businessunit', at)?.values['parentbusinessunitid'];
    at = typeof parent === 'object' && parent !== null && 'id' in parent ? String(parent.id) : undefined;
  }
  return false;
}

/** The row that access is decided by: an activity party is part of its activity. */
export function carrierOf({ store }: Organization, row: Row): Row {
  const { activityid } = row.values;
  if (row.table !== 'activityparty' || !isRef(activityid)) return row;
  return store.get(activityid.table, activityid.id) ?? row;
}

export function ownerOf({ values: { ownerid } }: Row): Ref | undefined {
  return isRef(ownerid) ? ownerid : undefined;
}
