// Absence, plage d'ouverture → the columns that all of its occurrences share: one line a column.

import type { Lieu } from '../../rdv-solidarites/models.ts';
import type { NotificationOf } from '../../rdv-solidarites/notification.ts';
import type { AppointmentColumn } from '../../schema/schema.ts';
import type { StandardColumnName } from '../../schema/standard-columns.ts';
import type { Value } from '../model/values.ts';
import { namesOf } from '../rules/agents.ts';
import { tidy, toColumn } from '../rules/fit.ts';
import type { WantedColumns } from '../rules/reconcile.ts';

/** A notification about an absence or a plage d'ouverture. */
export type CalendarNotification = NotificationOf<'Absence'> | NotificationOf<'PlageOuverture'>;

/** Whether the body holds more than an id. A destroyed record may have lost the rest: see `REMNANTS`. */
export const isWhole = ({ data }: CalendarNotification) => 'first_day' in data;

type SharedColumn = Extract<StandardColumnName<'appointment'> | AppointmentColumn, keyof typeof calendarMapping>;

const calendarMapping = {
  subject: ({ model, data }: CalendarNotification) =>
    data.title === undefined ? undefined : (tidy(data.title) ?? UNTITLED[model]),
  location: ({ model, data }: CalendarNotification) => (model === 'PlageOuverture' ? placeOf(data.lieu) : undefined),
  rdvs_motif: ({ model, data }: CalendarNotification) =>
    model === 'PlageOuverture' ? motifsOf(data.motifs) : undefined,
  rdvs_organisation: ({ data }: CalendarNotification) =>
    data.organisation == null ? data.organisation : tidy(data.organisation.name),
  rdvs_agent: ({ data }: CalendarNotification) => namesOf([data.agent]),
} as const;

/** The subject of an appointment whose title is empty: Dynamics lists rows by their subject. */
export const UNTITLED = { Absence: 'Absence', PlageOuverture: "Plage d'ouverture" } as const;

/** The values that a notification asks for, fitted to their columns, and the columns that were cut. */
export function sharedContent(notification: CalendarNotification): { wanted: WantedColumns; cut: readonly string[] } {
  const cut: string[] = [];
  const wanted: Record<string, Value | undefined> = {};
  for (const column of Object.keys(calendarMapping) as SharedColumn[]) {
    const fitted = toColumn('appointment', column, calendarMapping[column](notification));
    if (fitted.cut) cut.push(`appointment.${column}`);
    wanted[column] = fitted.value;
  }
  return { wanted, cut };
}

function placeOf(lieu: Lieu | null | undefined): string | null | undefined {
  return lieu == null ? lieu : [tidy(lieu.name), tidy(lieu.address)].filter(Boolean).join(', ') || null;
}

type Motifs = NotificationOf<'PlageOuverture'>['data']['motifs'];

/** In the order of their ids: the sender's own order is not fixed. */
function motifsOf(motifs: Motifs): string | null | undefined {
  if (motifs == null) return motifs;
  const names = motifs.toSorted((a, b) => a.id - b.id).map(({ name }) => tidy(name));
  return names.filter(Boolean).join(', ') || null;
}
