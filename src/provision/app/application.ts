// Our application: the tables that it shows, its dashboard, its icon. A new table is one file in tables/ and one line here.

import type { Text } from '../../schema/shape.ts';
import type { View } from '../views.ts';
import type { Grid } from './form-shape.ts';
import type { TableParts } from './table-parts.ts';
import { appointmentParts } from './tables/appointment.ts';
import { contactParts } from './tables/contact.ts';
import { duplicateParts } from './tables/rdvs-duplicate.ts';
import { incidentParts } from './tables/rdvs-incident.ts';
import { linkParts } from './tables/rdvs-link.ts';
import { motifParts } from './tables/rdvs-motif.ts';
import { participationParts } from './tables/rdvs-participation.ts';
import { referentParts } from './tables/rdvs-referent.ts';
import { runParts } from './tables/rdvs-run.ts';

/** In the order of the site map. */
export const tableParts: readonly TableParts[] = [
  appointmentParts,
  participationParts,
  contactParts,
  referentParts,
  duplicateParts,
  motifParts,
  linkParts,
  incidentParts,
  runParts,
];

export const views: readonly View[] = tableParts.flatMap((parts) => parts.views);

export const application = {
  /** Of the app and of its site map. */
  uniqueName: 'rdvs_app',
  name: { fr: 'RDV-Solidarités', en: 'RDV-Solidarités' } satisfies Text,
  description: {
    fr: 'Rendez-vous et usagers de RDV-Solidarités.',
    en: 'Appointments and usagers of RDV-Solidarités.',
  } satisfies Text,
} as const;

export const dashboard: { readonly name: Text; readonly description: Text; readonly grids: readonly Grid[] } = {
  name: { fr: "Aujourd'hui", en: 'Today' },
  description: { fr: "Les RDV du jour et de la semaine, et l'état du connecteur.", en: 'RDV of the day and week.' },
  grids: [
    { grid: 'today', label: { fr: 'RDV du jour', en: 'RDV of today' }, of: 'appointment', view: 'today' },
    {
      grid: 'week_by_owner',
      label: { fr: 'RDV de la semaine par agent', en: 'RDV of the week by agent' },
      of: 'appointment',
      view: 'week',
      chart: 'week by owner',
    },
    {
      grid: 'status_by_month',
      label: { fr: 'RDV par mois et par statut', en: 'RDV by month and status' },
      of: 'appointment',
      view: 'year',
      chart: 'status by month',
    },
    {
      grid: 'absences',
      label: { fr: 'Absences du mois par motif', en: 'Absences of the month by motif' },
      of: 'rdvs_participation',
      view: 'absences of the month',
      chart: 'absences by motif',
    },
    // Shown to holders of “Suivi” alone; Dynamics tells the others that they have no right to these rows.
    {
      grid: 'incidents',
      label: { fr: 'Incidents à régler', en: 'Incidents to settle' },
      of: 'rdvs_incident',
      view: 'to settle',
    },
    {
      grid: 'state',
      label: { fr: 'État du connecteur', en: 'State of the connector' },
      of: 'rdvs_run',
      view: 'latest',
    },
  ],
};
