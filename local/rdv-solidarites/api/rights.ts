// What an agent may see (app/policies/agent).
import type { AccessLevel, AgentRow, RdvRow, UsagerRow } from '../records/rows.ts';
import type { Store } from '../records/store.ts';

export type Rights = ReturnType<typeof rightsOf>;

export function rightsOf(store: Store, agent: AgentRow) {
  const levels = new Map<number, AccessLevel>();
  for (const { organisation_id, access_level } of store.roles.where('agent_id', agent.id)) {
    levels.set(organisation_id, access_level);
  }
  const secretary = agent.services.some((id) => store.services.get(id)?.secretariat);
  const isAdmin = (organisation: number) => levels.get(organisation) === 'admin';

  /** rdv_policy.rb:55-75. An intervenant sees its own RDV alone, a basic agent those of its services too. */
  const seesRdv = ({ organisation_id, motif_id, agents }: RdvRow) => {
    const level = levels.get(organisation_id);
    if (level === undefined) return false;
    if (secretary || level === 'admin' || agents.includes(agent.id)) return true;
    return level === 'basic' && agent.services.includes(store.motifs.at(motif_id).service_id);
  };

  /** agent_policy.rb:38-50. Absences follow their agent (absence_policy.rb:18-27). */
  const seesAgent = (other: AgentRow) => {
    if (agent.territory_admin || other.id === agent.id) return true;
    const colleague = other.services.some((service) => agent.services.includes(service));
    return store.roles
      .where('agent_id', other.id)
      .some(
        ({ organisation_id }) => isAdmin(organisation_id) || (levels.has(organisation_id) && (secretary || colleague)),
      );
  };

  return {
    agent,
    /** organisation_policy.rb:44-48: a territorial admin without a role sees none. */
    organisations: [...levels.keys()].sort((a, b) => a - b),
    hasRole: (organisation: number) => levels.has(organisation),
    seesRdv,
    seesAgent,
    /** motif_policy.rb:45-53. */
    seesMotif: (organisation: number, service: number) =>
      levels.has(organisation) && (isAdmin(organisation) || secretary || agent.services.includes(service)),
    /** The organisations that both know (user_policy.rb:37-47), no service limit. */
    sharedWith: ({ id }: UsagerRow) =>
      store.profiles
        .where('user_id', id)
        .flatMap(({ organisation_id }) => (levels.has(organisation_id) ? [organisation_id] : [])),
  };
}
