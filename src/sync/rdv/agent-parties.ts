// The agents of an RDV as parties of its appointment, where the département wants them there.

import { type Applied, shortHash } from '../model/applied.ts';
import type { Guid, LinkName } from '../model/link-names.ts';
import { PARTY_ROLES, type Party } from '../model/rows.ts';
import { inOrder, userOfAgent } from '../rules/agents.ts';
import type { RdvCase } from './rdv-case.ts';

type AgentRole = 'organizer' | 'required';

/** An agent who is a user of Dynamics, and as what the RDV is to show in the agent's calendar. */
export interface AgentParty {
  readonly as: AgentRole;
  readonly user: Guid;
}

/** The RDV's agents who are users of Dynamics, each once, in the order of their ids: the first one owns the appointment. */
export function usersOf({ rdv, context: { known } }: RdvCase): readonly Guid[] {
  return [...new Set(inOrder(rdv.agents ?? []).flatMap((agent) => userOfAgent(agent, known) ?? []))];
}

/**
 * The agents that a snapshot makes parties: the first as organizer by `AGENT_AS_ORGANIZER`, the others as required
 * attendees by `AGENTS_AS_ATTENDEES`. Undefined when the body says nothing of agents.
 */
export function agentsWanted(rdv: RdvCase): readonly AgentParty[] | undefined {
  if (rdv.ending === 'anonymise') return [];
  if (rdv.rdv.agents == null) return undefined;
  const { agentAsOrganizer, agentsAsAttendees } = rdv.context.policy;
  const [first, ...others] = usersOf(rdv);
  const wanted = (users: readonly Guid[], as: AgentRole) => users.map((user) => ({ as, user }));
  return [
    ...wanted(agentAsOrganizer && first !== undefined ? [first] : [], 'organizer'),
    ...wanted(agentsAsAttendees ? others : [], 'required'),
  ];
}

const LETTERS = { organizer: 'O', required: 'R' } as const;

/** How a link remembers an agent: capital when we added it, small when somebody had done so before. */
const remember = (rdv: LinkName, { as, user }: AgentParty) => LETTERS[as] + shortHash(rdv, 'agent', user);
const asTheirs = (code: string) => code.charAt(0).toLowerCase() + code.slice(1);
const asOurs = (code: string) => code.charAt(0).toUpperCase() + code.slice(1);

/** Whether the sender's agents are other ones than those applied last. */
export function changesAgents(rdv: LinkName, wanted: readonly AgentParty[], applied: Applied): boolean {
  const before = new Set(applied.agents.map(asOurs));
  const now = new Set(wanted.map((agent) => remember(rdv, agent)));
  return now.size !== before.size || [...now].some((code) => !before.has(code));
}

/**
 * Replaces the agents that we added by those that the sender wants now, and keeps all other parties. An appointment has
 * one organizer: the one that people chose stays.
 *
 * @returns the complete list, and the agents as the link is to remember them
 */
export function mergeAgents(
  rdv: LinkName,
  present: readonly Party[],
  wanted: readonly AgentParty[],
  applied: Applied,
): { readonly parties: readonly Party[]; readonly remembered: readonly string[] } {
  const codeOf = ({ role, target }: Party): string | undefined => {
    const as = role === PARTY_ROLES.organizer ? 'organizer' : role === PARTY_ROLES.required ? 'required' : undefined;
    return target?.table === 'systemuser' && as ? remember(rdv, { as, user: target.id }) : undefined;
  };
  const ours = new Set(applied.agents);
  const kept = present.filter((party) => !ours.has(codeOf(party) ?? ''));
  const organizer = kept.find(({ role }) => role === PARTY_ROLES.organizer)?.target?.id;
  const attending = new Set(
    kept.flatMap(({ role, target }) => (role === PARTY_ROLES.organizer ? [] : (target?.id ?? []))),
  );
  const isThere = ({ as, user }: AgentParty) => (as === 'organizer' ? organizer !== undefined : attending.has(user));
  return {
    parties: [...kept, ...toAgentParties(wanted.filter((agent) => !isThere(agent)))],
    // An attendee that people added stays theirs. There is only one organizer, so it counts as ours when the sender names
    // the same person.
    remembered: wanted
      .map((agent) => {
        const theirs = agent.as === 'organizer' ? organizer !== undefined && organizer !== agent.user : isThere(agent);
        return theirs ? asTheirs(remember(rdv, agent)) : remember(rdv, agent);
      })
      .sort(),
  };
}

export const rememberAgents = (rdv: LinkName, agents: readonly AgentParty[]): readonly string[] =>
  agents.map((agent) => remember(rdv, agent)).sort();

export function toAgentParties(agents: readonly AgentParty[]): readonly Party[] {
  return agents.map(({ as, user }) => ({ role: PARTY_ROLES[as], target: { table: 'systemuser', id: user } }));
}
