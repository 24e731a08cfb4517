// One RDV: what it is, and what can be done with it.
import { longDate, span } from '../../page/dates.ts';
import { facts } from '../../page/facts.ts';
import { html } from '../../page/html.ts';
import type { ParticipationRow, RdvRow } from '../records/rows.ts';
import type { Store } from '../records/store.ts';
import type { View } from './frame.ts';
import { option } from './week.ts';
import { agentName, badge, fieldTime, rdvName, STATUSES, usagerName } from './words.ts';

export function rdvView(store: Store, rdv: RdvRow): View {
  const { id, starts_at, ends_at, lieu_id, organisation_id } = rdv;
  const [start, end] = [new Date(starts_at).toISOString(), new Date(ends_at).toISOString()];
  const action = (name: string) => `/rdv/${id}/${name}`;
  return {
    title: rdvName(store, rdv),
    body: html`<p class="subtitle">${badge(rdv.status)}</p>
<div class="columns">
<section class="card" aria-labelledby="rdv"><h2 id="rdv">Rendez-vous</h2>${facts([
      ['Jour', longDate(start)],
      ['Heure', span(start, end)],
      ['Lieu', lieu_id === null ? undefined : store.lieux.at(lieu_id).name],
      ['Agents', rdv.agents.map((agent) => agentName(store, agent)).join(', ')],
      ['Numéro', String(id)],
    ])}
<form class="inline" method="post" action="${action('deplacer')}"><div><label for="debut">Nouvelle date</label>
<input id="debut" name="debut" type="datetime-local" required value="${fieldTime(starts_at)}"></div>
<button>Déplacer</button></form>
<div class="inline">${command(action('annuler'), 'Annuler par le service')}${command(action('supprimer'), 'Supprimer')}</div></section>
<section class="card" aria-labelledby="qui"><h2 id="qui">Participants</h2>
<ul>${rdv.participations.map((one) => html`<li>${attendance(store, one, action('presence'))}</li>`)}</ul></section>
</div>
<p><a href="/?organisation=${organisation_id}&amp;jour=${fieldTime(starts_at).slice(0, 10)}">Revenir à la semaine</a></p>`,
  };
}

const command = (action: string, name: string) =>
  html`<form method="post" action="${action}"><button>${name}</button></form>`;

function attendance(store: Store, { id, user_id, status }: ParticipationRow, action: string) {
  const name = usagerName(store, user_id);
  return html`<form class="inline" method="post" action="${action}"><input type="hidden" name="participation" value="${id}">
<div><label for="p-${id}">${name}</label><select id="p-${id}" name="statut">${Object.entries(STATUSES).map(
    ([value, { name: words }]) => option(value, words, value === status),
  )}</select></div><button>Enregistrer<span class="hidden"> la présence de ${name}</span></button></form>`;
}
