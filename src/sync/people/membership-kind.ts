// Memberships of organisations, as the door of the core knows them.

import { needsMore, type RecordKind } from '../model/record-kind.ts';
import { NOTHING_TO_READ } from '../model/rows.ts';
import { decideMembership } from './decide-membership.ts';
import { decidePeople } from './decide-people.ts';
import { leaves } from './departure.ts';
import { everyone, namedUsagers } from './people.ts';
import { usagerLink } from './people-names.ts';

export const membershipKind: RecordKind<'UserProfile'> = {
  sentFor: ({ data }) => data.organisation.id,
  open: (notification, policy) => {
    const { data, event, reason } = notification;
    const named = namedUsagers(notification);
    // What the sender's retention rule purges brings nobody back.
    const usagers = reason === 'rgpd' ? named : everyone(named);
    return {
      reads: {
        ...NOTHING_TO_READ,
        links: usagers.map(({ id }) => usagerLink(id)),
        memberships: [data.user.id],
        companions: leaves(event, policy) ? [data.user.id] : [],
      },
      organisation: data.organisation.id,
      countsSource: true,
      decide: (context) => {
        const membership = decideMembership(notification, context);
        const people = decidePeople(usagers, context, new Map([[data.user.id, membership.presence]]));
        if (people.missing !== undefined) return needsMore(people.missing);
        return {
          kind: 'parts',
          record: membership.record,
          records: [...people.records, membership.record],
          people: people.writes,
          writes: membership.link,
          cut: people.cut,
        };
      },
    };
  },
};
