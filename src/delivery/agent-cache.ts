// Agents' users in Dynamics, remembered for a while: most notifications of a day name the same agents.
import { LRUCache } from 'lru-cache';
import type { Guid } from '../sync/links.ts';

const TEN_MINUTES_MS = 600_000;
const MAX_AGENTS = 5_000;

/** E-mail in lower case → the user's id, or null for an agent without one. */
export interface AgentCache {
  get(email: string): Guid | null | undefined;
  learn(agents: ReadonlyMap<string, Guid | null>): void;
}

export function createAgentCache(): AgentCache {
  const cache = new LRUCache<string, { readonly id: Guid | null }>({ max: MAX_AGENTS, ttl: TEN_MINUTES_MS });
  return {
    get: (email) => cache.get(email)?.id,
    learn: (agents) => {
      for (const [email, id] of agents) cache.set(email, { id });
    },
  };
}
