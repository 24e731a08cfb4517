// The sender's agents, and the users of Dynamics that they are.
import type { Agent } from '../../rdv-solidarites/models.ts';
import type { Guid } from '../model/link-names.ts';
import type { Known } from '../model/rows.ts';
import { tidy } from './fit.ts';

/** In the order of their ids: the sender's own order is not fixed. */
export const inOrder = (agents: readonly Agent[]): readonly Agent[] => agents.toSorted((a, b) => a.id - b.id);

/** What a user's column holds (systemuser.internalemailaddress): nobody has a longer one. */
const LONGEST_EMAIL = 100;

function emailOf({ email }: Agent): string | undefined {
  const tidied = email?.trim().toLowerCase();
  return tidied && tidied.length <= LONGEST_EMAIL ? tidied : undefined;
}

/** The e-mails by which users of Dynamics are looked for, in lower case, each once. */
export function emailsOf(agents: readonly Agent[]): readonly string[] {
  return [...new Set(agents.flatMap((agent) => emailOf(agent) ?? []))];
}

/** The one enabled user of Dynamics who has the agent's e-mail. */
export function userOfAgent(agent: Agent, { agents }: Known): Guid | undefined {
  const email = emailOf(agent);
  return (email === undefined ? undefined : agents.get(email)) ?? undefined;
}

/** `Prénom Nom, Prénom Nom`, or null when no agent has a name. */
export function namesOf(agents: readonly Agent[]): string | null {
  const names = inOrder(agents).map(({ first_name, last_name }) =>
    [tidy(first_name), tidy(last_name)].filter(Boolean).join(' '),
  );
  return names.filter(Boolean).join(', ') || null;
}
