// Who attends an RDV: its participants and agents, as the appointment shows them and as the link remembers them.
import type { Applied } from '../model/applied.ts';
import type { Guid } from '../model/link-names.ts';
import type { AppointmentRow, Party } from '../model/rows.ts';
import { namesDeleted, withoutDerived } from '../rules/parties.ts';
import {
  type AgentParty,
  agentsWanted,
  changesAgents,
  mergeAgents,
  rememberAgents,
  toAgentParties,
} from './agent-parties.ts';
import {
  type Attendee,
  type Merged,
  mergeParties,
  rememberAttendees,
  sameAttendees,
  toParties,
  type Wish,
  wishOf,
} from './attendees.ts';
import type { RdvCase } from './rdv-case.ts';

export interface PartiesDecision {
  /** The complete list to write; undefined when the appointment has it already. */
  readonly parties: readonly Party[] | undefined;
  /** The attendees that the sender wants; undefined when the body says nothing about participants. */
  readonly attendees: readonly Attendee[] | undefined;
  /** The contacts that are, or were, attendees by the sender's word alone; undefined where nobody comes or goes. */
  readonly ours: ReadonlySet<Guid> | undefined;
  /** What the link is to remember. */
  readonly remembered: Partial<Applied>;
}

/** Decides about the parties, or says which rows must be read first. */
export function decideParties(rdv: RdvCase, applied: Applied): PartiesDecision | Pick<Merged, 'missing'> {
  const wish = rdv.participants && wishOf(rdv.rdv, rdv.participants, applied, rdv.people.contactOf);
  const agents = agentsWanted(rdv);
  return rdv.row === null ? freshParties(rdv, wish, agents) : mergedParties(rdv, rdv.row, { wish, agents, applied });
}

function freshParties(
  { name }: RdvCase,
  wish: Wish | undefined,
  agents: readonly AgentParty[] | undefined,
): PartiesDecision {
  return {
    parties: [...toParties(wish?.attendees ?? []), ...toAgentParties(agents ?? [])],
    attendees: wish?.attendees,
    ours: undefined,
    remembered: {
      ...(wish && { attendees: rememberAttendees(name, wish.attendees), pending: wish.pending }),
      ...(agents && { agents: rememberAgents(name, agents) }),
    },
  };
}

function mergedParties(
  rdv: RdvCase,
  row: AppointmentRow,
  { wish, agents, applied }: { wish: Wish | undefined; agents: readonly AgentParty[] | undefined; applied: Applied },
): PartiesDecision | Pick<Merged, 'missing'> {
  const { name, context } = rdv;
  const merged =
    wish && changesAttendees(rdv, row, { attendees: wish.attendees, applied })
      ? mergeParties(row.parties, wish.attendees, applied, { rdv: name, known: context.known })
      : undefined;
  if (merged && merged.missing.links.length + merged.missing.contact.length > 0) return { missing: merged.missing };
  const withAgents =
    agents && changesAgents(name, agents, applied)
      ? mergeAgents(name, merged?.parties ?? withoutDerived(row.parties), agents, applied)
      : undefined;
  return {
    parties: withAgents?.parties ?? merged?.parties,
    attendees: wish?.attendees,
    ours: merged?.ours,
    remembered: {
      ...(wish && { attendees: merged?.remembered ?? applied.attendees, pending: wish.pending }),
      ...(agents && { agents: withAgents?.remembered ?? applied.agents }),
    },
  };
}

function changesAttendees(
  { name, people, ending }: RdvCase,
  row: AppointmentRow,
  { attendees, applied }: { attendees: readonly Attendee[]; applied: Applied },
): boolean {
  if (!sameAttendees(name, attendees, applied)) return true;
  if (attendees.some(({ contact }) => people.created.has(contact))) return true;
  return ending === 'anonymise' && namesDeleted(row.parties);
}
