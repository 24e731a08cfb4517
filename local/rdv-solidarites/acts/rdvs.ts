// An RDV is booked, moved, filled, deleted.
import type { LieuRow, ParticipationRow, RdvRow } from '../records/rows.ts';
import { join } from './profiles.ts';
import { type ActsParts, Refused, transact } from './transaction.ts';

export interface Booking {
  readonly motif: number;
  readonly agents: readonly number[];
  readonly users: readonly number[];
  /** ms. */
  readonly starts_at: number;
  /** A lieu of the organisation, or a new one for this RDV alone; absent: its first, when the motif is on site. */
  readonly lieu?: number | Pick<LieuRow, 'name' | 'address'>;
  readonly context?: string | null;
  readonly name?: string | null;
  /** The usager who booked it; absent: the first agent. */
  readonly byUser?: number;
}

const MINUTE_MS = 60_000;

export function rdvActs(parts: ActsParts) {
  const { store, clock } = parts;

  const participation = (
    user_id: number,
    by: Pick<ParticipationRow, 'created_by' | 'created_by_id'>,
  ): ParticipationRow => ({
    ...{ id: store.nextId(), user_id, status: 'unknown' },
    ...by,
  });
  const change = (id: number, changes: Partial<RdvRow>): void =>
    transact(parts, (transaction) => {
      store.rdvs.put({ ...store.rdvs.at(id), ...changes });
      transaction.updated('Rdv', id);
    });

  return {
    /**
     * Rdv created, then a lieu entered for it, then the profiles of whoever is new to the organisation.
     *
     * @throws {Refused} without agent or, unless collective, without usager
     */
    book: (booking: Booking): number =>
      transact(parts, (transaction) => {
        const { motif: motif_id, agents, users, starts_at, byUser, lieu, context = null, name = null } = booking;
        const { organisation_id, minutes, location_type, collectif } = store.motifs.at(motif_id);
        if (agents.length === 0) throw new Refused('Choisissez un agent.');
        if (users.length === 0 && !collectif) throw new Refused('Choisissez un usager.');
        const id = store.nextId();
        transaction.created('Rdv', id);
        let lieu_id = typeof lieu === 'number' ? lieu : null;
        if (typeof lieu === 'object') {
          lieu_id = store.nextId();
          store.lieux.put({ ...lieu, id: lieu_id, organisation_id, availability: 'single_use' });
          transaction.created('Lieu', lieu_id);
        }
        if (location_type === 'public_office')
          lieu_id ??= store.lieux.where('organisation_id', organisation_id)[0]?.id ?? null;
        const by =
          byUser === undefined
            ? ({ created_by: 'agent', created_by_id: agents[0] ?? 0 } as const)
            : ({ created_by: 'user', created_by_id: byUser } as const);
        store.rdvs.put({
          ...{ id, organisation_id, motif_id, lieu_id, agents, starts_at, context, name, ...by },
          participations: [...new Set(users)].map((user) => participation(user, by)),
          ends_at: starts_at + minutes * MINUTE_MS,
          status: 'unknown',
          cancelled_at: null,
          created_at: clock.now(),
        });
        join(store, transaction, users, organisation_id);
        return id;
      }),

    /** Same id, same uuid; the duration stays. */
    move: (id: number, starts_at: number): void => {
      const rdv = store.rdvs.at(id);
      change(id, { starts_at, ends_at: starts_at + rdv.ends_at - rdv.starts_at });
    },

    /** Agents and date in one form: the new agents are announced first with the old date (edit_rdv_form.rb:12-16). */
    edit: (
      id: number,
      { agents, ...others }: Partial<Pick<RdvRow, 'agents' | 'starts_at' | 'ends_at' | 'context'>>,
    ): void => {
      if (agents !== undefined) change(id, { agents });
      change(id, others);
    },

    /** An usager joins a collective RDV: no profile is made (concerns/participation/creatable.rb:4-10). */
    joinRdv: (id: number, user: number): void => {
      const by = { created_by: 'user', created_by_id: user } as const;
      change(id, { participations: [...store.rdvs.at(id).participations, participation(user, by)] });
    },

    /** An agent takes somebody off the list: only the shorter list says so. */
    removeParticipation: (id: number, removed: number): void =>
      change(id, { participations: store.rdvs.at(id).participations.filter((one) => one.id !== removed) }),

    destroyRdv: (id: number): void =>
      transact(parts, (transaction) => {
        transaction.destroying('Rdv', id);
        store.rdvs.remove(id);
      }),
  };
}
