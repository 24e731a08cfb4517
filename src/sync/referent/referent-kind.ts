// Referents of usagers, as the door of the core knows them.
import { needsMore, type RecordKind } from '../model/record-kind.ts';
import { NOTHING_TO_READ } from '../model/rows.ts';
import { decidePeople } from '../people/decide-people.ts';
import { everyone, namedUsagers } from '../people/people.ts';
import { usagerLink } from '../people/people-names.ts';
import { emailsOf } from '../rules/agents.ts';
import { decideReferent } from './decide-referent.ts';
import { referentLink, referentRowId } from './referent-names.ts';

export const referentKind: RecordKind<'ReferentAssignation'> = {
  sentFor: () => undefined,
  open: (notification) => {
    const { user, agent } = notification.data;
    // What the sender's retention rule purges brings nobody back.
    const usagers = notification.reason === 'rgpd' ? [] : everyone(namedUsagers(notification));
    return {
      reads: {
        ...NOTHING_TO_READ,
        links: [referentLink(user.id, agent.id), ...usagers.map(({ id }) => usagerLink(id))],
        rdvs_referent: [referentRowId(user.id, agent.id)],
        agents: emailsOf([agent]),
      },
      organisation: undefined,
      countsSource: true,
      decide: (context) => {
        const people = decidePeople(usagers, context, new Map());
        if (people.missing !== undefined) return needsMore(people.missing);
        const { record, writes, cut } = decideReferent(notification, people, context);
        return {
          kind: 'parts',
          record,
          records: [...people.records, record],
          people: people.writes,
          writes,
          cut: [...people.cut, ...cut],
          unfit: people.unfit,
        };
      },
    };
  },
};
