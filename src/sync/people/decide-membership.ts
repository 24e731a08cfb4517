// UserProfile: a usager's membership of an organisation. A usager without any membership has left RDV-Solidarités.
import type { NotificationOf } from '../../rdv-solidarites/notification.ts';
import type { Context } from '../model/context.ts';
import { linkId } from '../model/link-names.ts';
import type { RecordDecision, Write } from '../model/plan.ts';
import type { LinkRow } from '../model/rows.ts';
import { decidePair } from '../rules/pairs.ts';
import type { Presence } from './departure.ts';
import { organisationIn, profileLink } from './people-names.ts';
import { organisationOfPage } from './usager-page.ts';

export interface MembershipDecision {
  readonly record: RecordDecision;
  readonly link: readonly Write[];
  readonly presence: Presence;
}

/** Decides about a membership, and what it means for the usager's presence. */
export function decideMembership(
  { data, event, reason }: NotificationOf<'UserProfile'>,
  { known, relyOn, stamp }: Context,
): MembershipDecision {
  const name = profileLink(data.user.id, data.organisation.id);
  const memberships = known.memberships.get(data.user.id) ?? [];
  const link = memberships.find((membership) => membership.name === name) ?? null;
  const pair = decidePair({ name, link, event }, stamp);
  const others = memberships.filter((membership) => membership.name !== name);
  // Presence follows from memberships that this notification does not write.
  for (const membership of others) relyOn(linkId(membership.name));
  return {
    record: pair.record,
    link: pair.link,
    presence: {
      removedOn: lastRemoval([pair.removedOn, ...others.map((membership) => membership.removedOn)]),
      destroyed: false,
      page: organisationOfPage([
        ...(pair.removedOn === null ? [data.organisation.id] : []),
        ...organisationsOf(others.filter(({ removedOn }) => removedOn === null)),
      ]),
      // A purge by the sender's retention rule brings nobody back.
      bringsCopy: reason !== 'rgpd',
      changes: pair.isNewer,
    },
  };
}

/** The organisations that links of memberships are about. */
export const organisationsOf = (memberships: readonly Pick<LinkRow, 'name'>[]) =>
  memberships.flatMap(({ name }) => organisationIn(name) ?? []);

/** When the last membership ended; null while one is left. */
export function lastRemoval(removals: readonly (LinkRow['removedOn'] | undefined)[]): string | null {
  const dates = removals.filter((date) => date != null);
  return dates.length === removals.length ? (dates.toSorted().at(-1) ?? null) : null;
}
