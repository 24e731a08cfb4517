// RDV, as the door of the core knows them.
import type { Usager } from '../../rdv-solidarites/models.ts';
import type { NotificationOf } from '../../rdv-solidarites/notification.ts';
import type { Policy } from '../model/policy.ts';
import { needsMore, type RecordKind } from '../model/record-kind.ts';
import { NOTHING_TO_READ } from '../model/rows.ts';
import { decideNamedMotifs, readsOfMotifs } from '../motif/decide-motif.ts';
import { decidePeople } from '../people/decide-people.ts';
import { everyone, namedUsagers } from '../people/people.ts';
import { usagerLink } from '../people/people-names.ts';
import { emailsOf } from '../rules/agents.ts';
import { decideRdv } from './decide-rdv.ts';
import { decideIgnored } from './ignored-rdv.ts';
import { endingOf, isPurge } from './rdv-content.ts';
import { appointmentId, rdvLink } from './rdv-names.ts';

export const rdvKind: RecordKind<'Rdv'> = {
  sentFor: ({ data }) => data.organisation?.id,
  open: (notification, policy) => {
    const rdv = notification.data;
    const usagers = usagersOf(notification, policy);
    const motifs = rdv.motif ? [rdv.motif] : [];
    const motif = readsOfMotifs(motifs);
    return {
      reads: {
        ...NOTHING_TO_READ,
        ...motif,
        links: [...motif.links, rdvLink(rdv.id), ...usagers.map(({ id }) => usagerLink(id))],
        appointment: [appointmentId(rdv.id)],
        agents: emailsOf(rdv.agents ?? []),
      },
      named: motif.links,
      organisation: rdv.organisation?.id,
      countsSource: true,
      decide: (context) => {
        const ignored = decideIgnored(notification, context);
        if (ignored !== undefined) {
          const { record } = ignored;
          const writes = [...decideNamedMotifs(motifs, context), ...ignored.writes];
          return { kind: 'parts', record, records: [record], people: [], writes, cut: [] };
        }
        const people = decidePeople(usagers, context, new Map());
        if (people.missing !== undefined) return needsMore(people.missing);
        const decided = decideRdv(notification, people, context);
        const { missing } = decided;
        if (missing.columns !== undefined) {
          return needsMore({ appointment: [appointmentId(rdv.id)], columns: missing.columns });
        }
        if (missing.links.length + missing.contact.length > 0) return needsMore(missing);
        return {
          kind: 'parts',
          record: decided.record,
          records: [...people.records, decided.record],
          people: people.writes,
          writes: [...decideNamedMotifs(motifs, context), ...decided.link, ...decided.appointment],
          cut: [...people.cut, ...decided.cut],
          unfit: [...people.unfit, ...decided.unfit],
        };
      },
    };
  },
};

/** The usagers to write about. What the sender's retention rule purges brings nobody back. */
function usagersOf(notification: NotificationOf<'Rdv'>, policy: Policy): readonly Usager[] {
  const purged = isPurge(notification) && policy.onRgpd !== 'keep';
  return purged && endingOf(notification, policy) !== 'none' ? [] : everyone(namedUsagers(notification));
}
