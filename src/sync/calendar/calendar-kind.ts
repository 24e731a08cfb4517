// Absences and plages d'ouverture, as the door of the core knows them.
import type { Policy } from '../model/policy.ts';
import { needsMore, type Opened, type RecordKind } from '../model/record-kind.ts';
import { NOTHING_TO_READ } from '../model/rows.ts';
import { decideNamedMotifs, readsOfMotifs } from '../motif/decide-motif.ts';
import type { Motif } from '../motif/motif-names.ts';
import { emailsOf } from '../rules/agents.ts';
import { type CalendarNotification, isWhole } from './calendar-mapping.ts';
import { calendarLink, decideCalendar } from './decide-calendar.ts';

/** An absence names the first of its agent's organisations, and is sent for all of them (the sender's absence.rb). */
export const absenceKind: RecordKind<'Absence'> = { sentFor: () => undefined, open };
export const plageKind: RecordKind<'PlageOuverture'> = { sentFor: ({ data }) => data.organisation?.id, open };

function open(notification: CalendarNotification, _: Policy): Opened {
  const links = [calendarLink(notification)];
  const motifs = motifsOf(notification);
  const named = readsOfMotifs(motifs);
  const agents = isWhole(notification) ? emailsOf([notification.data.agent]) : [];
  return {
    reads: { ...NOTHING_TO_READ, ...named, links: [...links, ...named.links], occurrences: links, agents },
    named: named.links,
    organisation: notification.data.organisation?.id,
    // An absence comes by the webhook of every organisation of its agent: none of them says whose it is.
    countsSource: false,
    decide: (context) => {
      const decided = decideCalendar(notification, context);
      if (decided === undefined) return needsMore({ occurrences: links });
      const { record, link, appointment, cut } = decided;
      const brought = decideNamedMotifs(motifs, context);
      // Agents are users of Dynamics, not contacts: nobody is decided about.
      return {
        kind: 'parts',
        record,
        records: [record],
        people: [],
        writes: [...brought, ...link, ...appointment],
        cut,
      };
    },
  };
}

/** A plage is open for some motifs; what was destroyed names none that matter. */
function motifsOf(notification: CalendarNotification): readonly Motif[] {
  return notification.model === 'PlageOuverture' && isWhole(notification) ? (notification.data.motifs ?? []) : [];
}
