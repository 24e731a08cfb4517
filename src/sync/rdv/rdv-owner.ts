// The owner of an RDV's appointment. The appointment shows in the owner's calendar.

import { type Applied, shortHash } from '../model/applied.ts';
import type { Columns, Reference } from '../model/values.ts';
import { teamOfMotif } from '../motif/motif-settings.ts';
import { inOrder } from '../rules/agents.ts';
import { hashOf } from '../rules/reconcile.ts';
import { firstFit, refusalIn } from '../rules/refused-owners.ts';
import { usersOf } from './agent-parties.ts';
import type { RdvCase } from './rdv-case.ts';

const OWNER = 'ownerid';
/** The place of the sender's agents among the remembered columns. */
const AGENTS = 'agents';

export interface OwnerDecision {
  /** The column to write, if any. */
  readonly column: Columns;
  /** What the link is to remember. */
  readonly remembered: Readonly<Record<string, string>>;
}

/**
 * The owner is written on create, and again when the sender names other agents. It is also written when the right owner
 * changed for another reason (the agent became a user of Dynamics, the team changed), but only while the owner that we
 * wrote is still there. An owner whom people chose stays as long as the sender says the same.
 */
export function decideOwner(rdv: RdvCase, applied: Applied): OwnerDecision {
  const { name, row } = rdv;
  const agents = rdv.rdv.agents;
  if (agents == null && row !== null) return { column: {}, remembered: refusalIn(applied.columns) };
  const { owner, refusal } = appointmentOwner(rdv, applied);
  const named = shortHash(name, AGENTS, ...inOrder(agents ?? []).map(({ id }) => String(id)));
  const remembered = {
    [OWNER]: hashOf(name, OWNER, owner),
    [AGENTS]: named,
    ...refusal,
  };
  const { [OWNER]: before, [AGENTS]: namedBefore } = applied.columns;
  const changes = before !== undefined && before !== remembered[OWNER];
  const isOurs = () => [null, row?.columns[OWNER] ?? null].some((value) => before === hashOf(name, OWNER, value));
  const writes = row === null || (changes && (namedBefore !== named || isOurs()));
  return { column: writes && owner !== null ? { [OWNER]: owner } : {}, remembered };
}

/**
 * The first agent who is a user of Dynamics and may own appointments, else the team that people chose for the motif, else
 * the team of the organisation; null for the connector itself.
 */
function appointmentOwner(rdv: RdvCase, applied: Applied) {
  const [agent] = usersOf(rdv);
  const teams = [teamOfMotif(rdv.rdv.motif, rdv.context), ...rdv.context.ownerTeams];
  const choices = [agent, ...teams].filter((id) => id !== undefined);
  const { owner: id, refusal } = firstFit(choices, applied.columns, rdv);
  const table = id === agent ? ('systemuser' as const) : ('team' as const);
  const owner: Reference | null = id === undefined ? null : { table, id };
  return { owner, refusal };
}
