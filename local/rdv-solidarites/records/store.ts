// Everything that the stand-in knows, and the way back: a fail-over loses the last seconds.
import type { Clock } from './clock.ts';
import type {
  AbsenceRow,
  AgentRow,
  EndpointRow,
  LieuRow,
  MotifRow,
  OrganisationRow,
  PlageRow,
  ProfileRow,
  RdvRow,
  ReferentRow,
  RoleRow,
  ServiceRow,
  UsagerRow,
} from './rows.ts';
import { type Remember, Table } from './table.ts';

/** How long a write can be lost. */
const REMEMBERED_MS = 600_000;

export type Store = ReturnType<typeof createStore>;

export function createStore(clock: Clock) {
  const undone: { readonly at: number; readonly undo: () => void }[] = [];
  let recording = false;
  const remember: Remember = (undo) => {
    if (!recording) return;
    const at = clock.now();
    undone.push({ at, undo });
    while (undone[0] !== undefined && undone[0].at < at - REMEMBERED_MS) undone.shift();
  };
  let last = 0;
  return {
    organisations: new Table<number, OrganisationRow>(remember),
    services: new Table<number, ServiceRow>(remember),
    agents: new Table<number, AgentRow>(remember),
    roles: new Table<number, RoleRow>(remember, ['agent_id', 'organisation_id']),
    motifs: new Table<number, MotifRow>(remember, ['organisation_id']),
    lieux: new Table<number, LieuRow>(remember, ['organisation_id']),
    usagers: new Table<number, UsagerRow>(remember),
    profiles: new Table<string, ProfileRow>(remember, ['user_id', 'organisation_id']),
    referents: new Table<string, ReferentRow>(remember),
    rdvs: new Table<number, RdvRow>(remember, ['organisation_id']),
    absences: new Table<number, AbsenceRow>(remember, ['agent_id']),
    plages: new Table<number, PlageRow>(remember, ['organisation_id']),
    endpoints: new Table<number, EndpointRow>(remember, ['organisation_id']),
    /** An id that no row had before, of any table: a database sequence never goes back. */
    nextId: (): number => {
      last += 1;
      return last;
    },
    /** Ids up to this one are taken. */
    idsTakenUpTo: (id: number): void => {
      last = Math.max(last, id);
    },
    /** From here on, writes can be lost. */
    startRecording: (): void => {
      recording = true;
    },
    /** What a fail-over does: the writes of the last `ms` never happened (at most ten minutes). */
    loseLast: (ms: number): void => {
      const from = clock.now() - ms;
      recording = false;
      for (let one = undone.at(-1); one !== undefined && one.at >= from; one = undone.at(-1)) {
        undone.pop();
        one.undo();
      }
      recording = true;
    },
  };
}
