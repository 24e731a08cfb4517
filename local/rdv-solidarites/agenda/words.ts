// People, days and statuses as the agenda says them.
import { Temporal } from 'temporal-polyfill';
import { type Html, html } from '../../page/html.ts';
import type { RdvRow, Status } from '../records/rows.ts';
import type { Store } from '../records/store.ts';

/** In the order of the menus. */
export const STATUSES: Readonly<Record<Status, { readonly name: string; readonly look: string }>> = {
  unknown: { name: 'À renseigner', look: 'plain' },
  seen: { name: 'Venu', look: 'good' },
  noshow: { name: 'Absent', look: 'warn' },
  excused: { name: 'Annulé par l’usager', look: 'quiet' },
  revoked: { name: 'Annulé par le service', look: 'bad' },
};

export const isStatus = (text: string | null): text is Status => text !== null && Object.hasOwn(STATUSES, text);

export const badge = (status: Status): Html =>
  html`<span class="badge ${STATUSES[status].look}">${STATUSES[status].name}</span>`;

export const agentName = (store: Store, id: number): string => nameOf(store.agents.at(id));
export const usagerName = (store: Store, id: number): string => nameOf(store.usagers.at(id));

const nameOf = ({ first_name, last_name }: { first_name: string | null; last_name: string | null }) =>
  [first_name, last_name].filter(Boolean).join(' ');

export const rdvName = (store: Store, { motif_id, name }: RdvRow): string => name ?? store.motifs.at(motif_id).name;

export const inParis = (ms: number): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO('Europe/Paris');

/** Ten o'clock of the next working day. */
export function nextMorning(now: number): number {
  const today = inParis(now).startOfDay();
  const days = today.dayOfWeek >= 5 ? 8 - today.dayOfWeek : 1;
  return today.add({ days }).with({ hour: 10 }).epochMilliseconds;
}

/** `2026-12-03T09:30`: what a field of date and time holds. */
export const fieldTime = (ms: number): string => inParis(ms).toPlainDateTime().toString({ smallestUnit: 'minute' });
