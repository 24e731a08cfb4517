// What a form of the agenda does: one act, whose webhooks then leave.
import type { Acts } from '../acts/acts.ts';
import { Refused } from '../acts/transaction.ts';
import type { Answer } from '../api/answer.ts';
import { instant, whole } from '../api/parameters.ts';
import type { Store } from '../records/store.ts';
import { seeOther } from './frame.ts';
import { isStatus } from './words.ts';

export interface Agenda {
  readonly store: Store;
  readonly acts: Acts;
}

const dateOf = (form: URLSearchParams): number => {
  const at = instant(form.get('debut') ?? '');
  if (at === undefined) throw new Refused('La date n’est pas lisible.');
  return at;
};
const idOf = (form: URLSearchParams, name: string) => whole(form.get(name) ?? '');
const textOf = (form: URLSearchParams, name: string) => form.get(name)?.trim() || null;

/** @throws {Refused} */
export function book({ store, acts }: Agenda, form: URLSearchParams): Answer {
  const motif = store.motifs.get(idOf(form, 'motif'));
  const agents = form.getAll('agent').map(whole);
  const users = form.getAll('usager').map(whole);
  const known = agents.every((id) => store.agents.get(id)) && users.every((id) => store.usagers.get(id));
  if (motif === undefined || !known) throw new Refused('Le motif, l’agent ou l’usager n’existe plus.');
  const starts_at = dateOf(form);
  const id = acts.book({ motif: motif.id, agents, users, starts_at, context: textOf(form, 'contexte') });
  return seeOther(`/rdv/${id}`);
}

/** @throws {Refused} */
export function addUsager({ store, acts }: Agenda, form: URLSearchParams): Answer {
  const [organisation, responsible] = [idOf(form, 'organisation'), store.usagers.get(idOf(form, 'responsable'))];
  const [first_name, last_name] = [textOf(form, 'prenom'), textOf(form, 'nom')];
  if (store.organisations.get(organisation) === undefined) throw new Refused('Cette organisation n’existe plus.');
  if (first_name === null || last_name === null) throw new Refused('Le prénom et le nom sont nécessaires.');
  acts.addUsager(organisation, {
    ...{ first_name, last_name, email: textOf(form, 'courriel'), phone_number: textOf(form, 'telephone') },
    birth_date: textOf(form, 'naissance'),
    responsible_id: responsible?.id ?? null,
  });
  return seeOther(`/rdv/nouveau?organisation=${organisation}`);
}

/** By the last part of the address: `/rdv/{id}/deplacer`. They throw {@link Refused}. */
export const RDV_ACTIONS: Readonly<Record<string, (agenda: Agenda, id: number, form: URLSearchParams) => Answer>> = {
  deplacer: ({ acts }, id, form) => {
    acts.move(id, dateOf(form));
    return seeOther(`/rdv/${id}`);
  },
  annuler: ({ acts }, id) => {
    acts.setStatus(id, 'revoked');
    return seeOther(`/rdv/${id}`);
  },
  supprimer: ({ store, acts }, id) => {
    const { organisation_id } = store.rdvs.at(id);
    acts.destroyRdv(id);
    return seeOther(`/?organisation=${organisation_id}`);
  },
  presence: ({ acts }, id, form) => {
    const status = form.get('statut');
    if (!isStatus(status)) throw new Refused('Ce statut n’existe pas.');
    acts.setAttendance(id, idOf(form, 'participation'), status);
    return seeOther(`/rdv/${id}`);
  },
};
