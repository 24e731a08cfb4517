// The forms that make an RDV and an usager.
import { html } from '../../page/html.ts';
import { READER } from '../records/departement.ts';
import type { Store } from '../records/store.ts';
import type { View } from './frame.ts';
import { option, organisationOptions } from './week.ts';
import { agentName, fieldTime, usagerName } from './words.ts';

/** @param at a date to begin with, ms */
export function bookingForm(store: Store, { organisation, at }: { organisation: number; at: number }): View {
  const motifs = store.motifs.where('organisation_id', organisation).filter(({ deleted_at }) => deleted_at === null);
  const agents = store.roles
    .where('organisation_id', organisation)
    .flatMap(({ agent_id }) => (agent_id === READER ? [] : [agent_id]));
  const users = store.profiles.where('organisation_id', organisation).map(({ user_id }) => user_id);
  return {
    title: 'Nouveau rendez-vous',
    body: html`<p>${store.organisations.at(organisation).name}</p>
<form class="card form" method="post" action="/rdv">
<input type="hidden" name="organisation" value="${organisation}">
<div><label for="motif">Motif</label><select id="motif" name="motif" required>${motifs.map(({ id, name }) => option(id, name))}</select></div>
<div><label for="agent">Agent</label><select id="agent" name="agent" required>${agents.map((id) => option(id, agentName(store, id)))}</select></div>
<div><label for="usager">Usagers (plusieurs avec Ctrl)</label><select id="usager" name="usager" multiple size="8">${users.map((id) => option(id, usagerName(store, id)))}</select></div>
<div><label for="debut">Date et heure</label><input id="debut" name="debut" type="datetime-local" required value="${fieldTime(at)}"></div>
<div><label for="contexte">Contexte (facultatif)</label><textarea id="contexte" name="contexte" rows="3"></textarea></div>
<button>Prendre le rendez-vous</button>
</form>`,
  };
}

export function usagerForm(store: Store, organisation: number): View {
  const members = store.profiles.where('organisation_id', organisation).map(({ user_id }) => user_id);
  const field = (name: string, label: string, type: string) =>
    html`<div><label for="${name}">${label}</label><input id="${name}" name="${name}" type="${type}" autocomplete="off"></div>`;
  return {
    title: 'Nouvel usager',
    body: html`<form class="card form" method="post" action="/usagers">
<div><label for="organisation">Organisation</label><select id="organisation" name="organisation">${organisationOptions(store, organisation)}</select></div>
<div><label for="prenom">Prénom</label><input id="prenom" name="prenom" required autocomplete="off"></div>
<div><label for="nom">Nom</label><input id="nom" name="nom" required autocomplete="off"></div>
${field('naissance', 'Date de naissance (facultatif)', 'date')}
${field('courriel', 'Adresse électronique (facultatif)', 'email')}
${field('telephone', 'Téléphone (facultatif)', 'tel')}
<div><label for="responsable">Responsable, pour un proche (facultatif)</label><select id="responsable" name="responsable">${option('', 'Aucun')}${members.map((id) => option(id, usagerName(store, id)))}</select></div>
<button>Ajouter l’usager</button>
</form>`,
  };
}
