// A week of one organisation.

import { longDate, span } from '../../page/dates.ts';
import { html } from '../../page/html.ts';
import type { RdvRow } from '../records/rows.ts';
import type { Store } from '../records/store.ts';
import type { View } from './frame.ts';
import { agentName, badge, inParis, rdvName, usagerName } from './words.ts';

export interface Week {
  readonly organisation: number;
  /** Any moment of the week, ms. */
  readonly at: number;
}

export function weekView(store: Store, { organisation, at }: Week): View {
  const today = inParis(at).startOfDay();
  const monday = today.subtract({ days: today.dayOfWeek - 1 });
  const days = Array.from({ length: 7 }, (_, day) => monday.add({ days: day }));
  const rdvs = store.rdvs.where('organisation_id', organisation).sort((a, b) => a.starts_at - b.starts_at);
  const onDay = (from: number, to: number) => rdvs.filter(({ starts_at }) => starts_at >= from && starts_at < to);
  const week = (distance: number) =>
    `/?organisation=${organisation}&jour=${monday.add({ weeks: distance }).toPlainDate().toString()}`;
  return {
    title: store.organisations.at(organisation).name,
    body: html`<form class="inline" action="/" method="get"><div><label for="organisation">Organisation</label>
<select id="organisation" name="organisation">${organisationOptions(store, organisation)}</select></div>
<button>Afficher</button></form>
<nav class="commands" aria-label="Semaine"><a class="button" href="${week(-1)}">Semaine précédente</a>
<a class="button" href="${week(1)}">Semaine suivante</a>
<a class="button" href="/rdv/nouveau?organisation=${organisation}">Nouveau rendez-vous</a></nav>
${days.map((day) => {
  const found = onDay(day.epochMilliseconds, day.add({ days: 1 }).epochMilliseconds);
  if (found.length === 0) return null;
  const id = day.toPlainDate().toString();
  return html`<section class="card" aria-labelledby="j-${id}"><h2 id="j-${id}">${longDate(new Date(day.epochMilliseconds))}</h2>
<ul>${found.map((rdv) => line(store, rdv))}</ul></section>`;
})}
${rdvs.some(({ starts_at }) => starts_at >= monday.epochMilliseconds && starts_at < monday.add({ weeks: 1 }).epochMilliseconds) ? null : html`<div class="empty"><p><strong>Aucun rendez-vous cette semaine.</strong></p></div>`}`,
  };
}

function line(store: Store, rdv: RdvRow) {
  const people = rdv.participations.map(({ user_id }) => usagerName(store, user_id)).join(', ');
  const hours = span(new Date(rdv.starts_at).toISOString(), new Date(rdv.ends_at).toISOString());
  return html`<li class="state"><span class="when">${hours}</span> ${badge(rdv.status)}
<span>${rdvName(store, rdv)}</span> <span>${people || 'Sans participant'}</span>
<span>${rdv.agents.map((id) => agentName(store, id)).join(', ')}</span>
<a href="/rdv/${rdv.id}">Ouvrir<span class="hidden"> le rendez-vous de ${hours}, ${people}</span></a></li>`;
}

export const organisationOptions = (store: Store, chosen: number) =>
  [...store.organisations.values()].map(({ id, name }) => option(id, name, id === chosen));

/** A line of a menu. */
export function option(value: string | number, name: string, chosen?: unknown) {
  return html`<option value="${value}"${chosen === true && html` selected`}>${name}</option>`;
}
