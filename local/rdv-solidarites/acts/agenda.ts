// Absences, plages, and what the service sets up: motifs, roles, referents.
import type { AbsenceRow, AccessLevel, MotifRow, PlageRow } from '../records/rows.ts';
import { type ActsParts, transact } from './transaction.ts';

export function agendaActs(parts: ActsParts) {
  const { store, clock } = parts;
  return {
    addAbsence: (absence: Omit<AbsenceRow, 'id'>): number =>
      transact(parts, (transaction) => {
        const id = store.nextId();
        store.absences.put({ ...absence, id });
        transaction.created('Absence', id);
        return id;
      }),
    editAbsence: (id: number, changes: Partial<AbsenceRow>): void =>
      transact(parts, (transaction) => {
        store.absences.put({ ...store.absences.at(id), ...changes, id });
        transaction.updated('Absence', id);
      }),
    destroyAbsence: (id: number): void =>
      transact(parts, (transaction) => {
        transaction.destroying('Absence', id);
        store.absences.remove(id);
      }),

    addPlage: (plage: Omit<PlageRow, 'id'>): number =>
      transact(parts, (transaction) => {
        const id = store.nextId();
        store.plages.put({ ...plage, id });
        transaction.created('PlageOuverture', id);
        return id;
      }),
    destroyPlage: (id: number): void =>
      transact(parts, (transaction) => {
        transaction.destroying('PlageOuverture', id);
        store.plages.remove(id);
      }),

    /** Its RDV are not sent again. */
    editMotif: (id: number, changes: Partial<Pick<MotifRow, 'name' | 'minutes'>>): void =>
      transact(parts, (transaction) => {
        store.motifs.put({ ...store.motifs.at(id), ...changes });
        transaction.updated('Motif', id);
      }),
    /** Kept with `deleted_at` when an RDV has it (motif.rb:137-139). */
    removeMotif: (id: number): void =>
      transact(parts, (transaction) => {
        const used = [...store.rdvs.values()].some(({ motif_id }) => motif_id === id);
        if (used) {
          store.motifs.put({ ...store.motifs.at(id), deleted_at: clock.now() });
          return transaction.updated('Motif', id);
        }
        transaction.destroying('Motif', id);
        store.motifs.remove(id);
      }),

    addRole: (agent_id: number, organisation_id: number, access_level: AccessLevel): number =>
      transact(parts, (transaction) => {
        const id = store.nextId();
        store.roles.put({ id, agent_id, organisation_id, access_level });
        transaction.created('AgentRole', id);
        return id;
      }),
    /** With the agent's plages there (agent_removal.rb:11-18). */
    removeRole: (id: number): void =>
      transact(parts, (transaction) => {
        const { agent_id, organisation_id } = store.roles.at(id);
        for (const plage of store.plages.where('organisation_id', organisation_id)) {
          if (plage.agent_id !== agent_id) continue;
          transaction.destroying('PlageOuverture', plage.id);
          store.plages.remove(plage.id);
        }
        transaction.destroying('AgentRole', id);
        store.roles.remove(id);
      }),

    addReferent: (user_id: number, agent_id: number): void =>
      transact(parts, (transaction) => {
        const id = `${user_id}-${agent_id}`;
        store.referents.put({ id, user_id, agent_id });
        transaction.created('ReferentAssignation', id);
      }),
    removeReferent: (user_id: number, agent_id: number): void =>
      transact(parts, (transaction) => {
        const id = `${user_id}-${agent_id}`;
        transaction.destroying('ReferentAssignation', id);
        store.referents.remove(id);
      }),
  };
}
