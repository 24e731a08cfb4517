// The owner of an RDV's appointment. The appointment shows in the owner's calendar.

import { type Applied, shortHash } from '../model/applied.ts';
import type { Guid } from '../model/link-names.ts';
import type { Columns, Reference } from '../model/values.ts';
import { teamOfMotif } from '../motif/motif-settings.ts';
import { inOrder } from '../rules/agents.ts';
import { hashOf } from '../rules/reconcile.ts';
import { usersOf } from './agent-parties.ts';
import type { RdvCase } from './rdv-case.ts';

const OWNER = 'ownerid';
/** The place of the sender's agents among the remembered columns. */
const AGENTS = 'agents';
/** The place of those whom Dataverse refused as owners. */
const REFUSED = 'refused';

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
  const { name, row, context } = rdv;
  const agents = rdv.rdv.agents;
  const { [REFUSED]: refusedBefore = '' } = applied.columns;
  if (agents == null && row !== null) return { column: {}, remembered: refusalOf([refusedBefore]) };
  const isRefused = (id: Guid) => context.refusedOwners.has(id) || wasRefused(rdv, refusedBefore, id);
  const owner = appointmentOwner(rdv, isRefused);
  const named = shortHash(name, AGENTS, ...inOrder(agents ?? []).map(({ id }) => String(id)));
  const refused = firstChoices(rdv).filter(isRefused);
  const remembered = {
    [OWNER]: hashOf(name, OWNER, owner),
    [AGENTS]: named,
    ...refusalOf(refused.map((id) => shortHash(name, REFUSED, id))),
  };
  const { [OWNER]: before, [AGENTS]: namedBefore } = applied.columns;
  const changes = before !== undefined && before !== remembered[OWNER];
  const isOurs = () => [null, row?.columns[OWNER] ?? null].some((value) => before === hashOf(name, OWNER, value));
  const writes = row === null || (changes && (namedBefore !== named || isOurs()));
  return { column: writes && owner !== null ? { [OWNER]: owner } : {}, remembered };
}

const refusalOf = (hashes: readonly string[]) => {
  const said = hashes.filter((hash) => hash !== '').join(',');
  return said === '' ? {} : { [REFUSED]: said };
};

/** What a link remembers, without who was refused: that is said anew each time. */
export const withoutRefusal = ({ [REFUSED]: _, ...columns }: OwnerDecision['remembered']) => columns;

/**
 * A snapshot asks nobody again who was refused: else every night would find the RDV of an agent who may own none to differ. The
 * next notification does.
 */
const wasRefused = ({ name, context }: RdvCase, before: string, id: Guid) =>
  context.stamp.snapshot === true && before.split(',').includes(shortHash(name, REFUSED, id));

/** The first agent who is a user of Dynamics, then the team that people chose for the motif. */
function firstChoices(rdv: RdvCase): readonly Guid[] {
  const [agent] = usersOf(rdv);
  return [agent, teamOfMotif(rdv.rdv.motif, rdv.context)].filter((id) => id !== undefined);
}

/**
 * The first agent who is a user of Dynamics and may own appointments, else the team that people chose for the motif, else
 * the team of the organisation; null for the connector itself.
 */
function appointmentOwner(rdv: RdvCase, isRefused: (id: Guid) => boolean): Reference | null {
  const [agent] = usersOf(rdv);
  if (agent !== undefined && !isRefused(agent)) return { table: 'systemuser', id: agent };
  const chosen = teamOfMotif(rdv.rdv.motif, rdv.context);
  const team = chosen === undefined || isRefused(chosen) ? rdv.context.ownerTeam : chosen;
  return team === undefined ? null : { table: 'team', id: team };
}
