// Whose a RDV's appointment is: it shows in the calendar of its owner.
import { usersOf } from './agent-parties.ts';
import type { Applied } from './links.ts';
import type { RdvCase } from './rdv-case.ts';
import { hashOf } from './reconcile.ts';
import type { Columns, Reference } from './rows.ts';

const OWNER = 'ownerid';

/**
 * The owner is written on create, and again when the sender's agents make it another one: whoever was made the owner by
 * hand stays as long as the sender says the same.
 *
 * @returns the column to write, if any, and what the link is to remember of it
 */
export function decideOwner(rdv: RdvCase, applied: Applied): { column: Columns; remembered: Record<string, string> } {
  const { name, row } = rdv;
  if (rdv.rdv.agents == null && row !== null) return { column: {}, remembered: {} };
  const owner = ownerOf(rdv);
  const now = hashOf(name, OWNER, owner);
  const before = applied.columns[OWNER];
  const changes = row === null || (before !== undefined && before !== now);
  return { column: changes && owner !== null ? { [OWNER]: owner } : {}, remembered: { [OWNER]: now } };
}

/** The first agent who is a user of Dynamics, else the team of the organisation; null for the connector itself. */
function ownerOf(rdv: RdvCase): Reference | null {
  const [agent] = usersOf(rdv);
  if (agent !== undefined) return { table: 'systemuser', id: agent };
  const team = rdv.context.ownerTeam;
  return team === undefined ? null : { table: 'team', id: team };
}
