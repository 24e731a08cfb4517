// Usagers, as the door of the core knows them.
import { toSeconds } from '../../rdv-solidarites/times.ts';
import { needsMore, type RecordKind } from '../model/record-kind.ts';
import { NOTHING_TO_READ } from '../model/rows.ts';
import { decidePeople } from './decide-people.ts';
import { leaves, type Presence } from './departure.ts';
import { openMissing } from './missing-usager.ts';
import { everyone, namedUsagers } from './people.ts';
import { usagerLink } from './people-names.ts';

export const usagerKind: RecordKind<'User'> = {
  sentFor: () => undefined,
  open: (notification, policy) => {
    if (notification.event === 'missing') return openMissing(notification, policy);
    const { data, event, snapshotAt } = notification;
    const usagers = everyone(namedUsagers(notification));
    // A destroyed usager never comes back; the sender in practice announces the end of memberships instead.
    const removedOn = toSeconds(snapshotAt);
    const gone: Presence = { removedOn, destroyed: true, page: null, bringsCopy: true, changes: true };
    const presences = new Map(event === 'destroyed' ? [[data.id, gone]] : []);
    return {
      reads: {
        ...NOTHING_TO_READ,
        links: usagers.map(({ id }) => usagerLink(id)),
        companions: leaves(event, policy) ? [data.id] : [],
      },
      organisation: undefined,
      countsSource: true,
      decide: (context) => {
        const people = decidePeople(usagers, context, presences);
        if (people.missing !== undefined) return needsMore(people.missing);
        const record = people.records.find(({ record }) => record === usagerLink(data.id));
        return {
          kind: 'parts',
          record,
          records: people.records,
          people: people.writes,
          writes: [],
          cut: people.cut,
          unfit: people.unfit,
        };
      },
    };
  },
};
