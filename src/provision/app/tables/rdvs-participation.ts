// Who came, in the application: read, never written by people.

import { optionValues } from '../../../schema/schema.ts';
import { columns, where } from '../../views.ts';
import { readOnly } from '../form-shape.ts';
import type { TableParts } from '../table-parts.ts';

const { excused, revoked, noshow } = optionValues.appointment.rdvs_status;

const shown = columns(
  ['rdvs_start', 140],
  ['rdvs_contact', 200],
  ['rdvs_status', 160],
  ['rdvs_statustext', 140],
  ['rdvs_motif', 200],
  ['rdvs_createdby', 120],
  ['rdvs_appointment', 200],
  ['ownerid', 150],
);
const latestFirst = { column: 'rdvs_start', descending: true };

export const participationParts: TableParts = {
  table: 'rdvs_participation',
  key: 'rdvs_participationid',
  primaryName: 'rdvs_name',
  title: { fr: 'Participations', en: 'Participations' },
  group: 'rdv',
  form: {
    name: { fr: 'RDV-Solidarités', en: 'RDV-Solidarités' },
    description: {
      fr: 'Une participation, tenue par le connecteur : à lire seulement.',
      en: 'A participation, kept by the connector: to be read only.',
    },
    header: ['rdvs_status', 'rdvs_start'],
    order: 1,
    columns: [
      {
        width: 100,
        sections: [
          {
            name: 'participation',
            label: { fr: 'Participation', en: 'Participation' },
            columns: 2,
            cells: readOnly(
              'rdvs_name',
              'rdvs_contact',
              'rdvs_appointment',
              'rdvs_status',
              'rdvs_statustext',
              'rdvs_start',
              'rdvs_motif',
              'rdvs_createdby',
            ),
          },
        ],
      },
    ],
  },
  views: [
    {
      key: 'all',
      name: { fr: 'Participations', en: 'Participations' },
      description: {
        fr: 'Qui est attendu ou venu, personne par personne.',
        en: 'Who is expected or came, one by one.',
      },
      columns: shown,
      order: latestFirst,
      filter: [where('rdvs_name', 'not-null')],
    },
    {
      key: 'absences',
      name: { fr: 'Absences', en: 'Absences' },
      description: {
        fr: 'Personnes excusées, annulées par le service, ou qui ne sont pas venues.',
        en: 'People excused, cancelled by the service, or who did not come.',
      },
      columns: shown,
      order: latestFirst,
      filter: [where('rdvs_status', 'in', excused, revoked, noshow)],
    },
  ],
  charts: [],
};
