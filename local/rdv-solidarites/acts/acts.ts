// What agents, usagers and the night do at the sender, with the webhooks that each act sends (models and callbacks of the sender).
import { agendaActs } from './agenda.ts';
import { attendanceActs } from './attendance.ts';
import { profileActs } from './profiles.ts';
import { purge } from './purge.ts';
import { rdvActs } from './rdvs.ts';
import type { ActsParts } from './transaction.ts';
import { usagerActs } from './usagers.ts';

export type Acts = ReturnType<typeof createActs>;

export function createActs(parts: ActsParts) {
  return {
    ...usagerActs(parts),
    ...profileActs(parts),
    ...rdvActs(parts),
    ...attendanceActs(parts),
    ...agendaActs(parts),
    /** The nightly crons. */
    purge: () => purge(parts),
  };
}
