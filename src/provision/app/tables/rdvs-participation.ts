// Who came, in the application: read, never written by people.

import { optionValues } from '../../../schema/schema.ts';
import { anyOf, columns, where } from '../../views.ts';
import { readOnly } from '../form-shape.ts';
import type { TableParts } from '../table-parts.ts';

const { excused, revoked, noshow } = optionValues.appointment.rdvs_status;

const more = columns(
  ['rdvs_motif', 200],
  ['rdvs_createdby', 120],
  ['rdvs_appointment', 200],
  ['rdvs_statustext', 140],
  ['ownerid', 150],
);
// What tells most stands first: lists in forms are narrow.
const shown = [...columns(['rdvs_contact', 200], ['rdvs_status', 160], ['rdvs_start', 140]), ...more];
const shownOfOne = [...columns(['rdvs_start', 140], ['rdvs_status', 160]), ...more, ...columns(['rdvs_contact', 200])];
const ABSENT = where('rdvs_status', 'in', excused, revoked, noshow);
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
      key: 'coming',
      name: { fr: 'Participations à venir', en: 'Participations to come' },
      description: { fr: "À partir d'aujourd'hui, la plus proche d'abord.", en: 'From today on, the nearest first.' },
      columns: shownOfOne,
      order: { column: 'rdvs_start', descending: false },
      filter: [anyOf(where('rdvs_start', 'today'), where('rdvs_start', 'next-x-years', 5))],
    },
    {
      key: 'past',
      name: { fr: 'Participations passées', en: 'Past participations' },
      description: { fr: "RDV déjà commencés, le dernier d'abord.", en: 'RDV that have begun, the last first.' },
      columns: shownOfOne,
      order: latestFirst,
      filter: [where('rdvs_start', 'last-x-years', 10)],
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
      filter: [ABSENT],
    },
    {
      key: 'absences of the month',
      name: { fr: 'Absences du mois', en: 'Absences of the month' },
      description: {
        fr: 'Personnes excusées, annulées par le service, ou qui ne sont pas venues, ce mois-ci.',
        en: 'People excused, cancelled by the service, or who did not come, this month.',
      },
      columns: shown,
      order: latestFirst,
      filter: [ABSENT, where('rdvs_start', 'this-month')],
    },
    {
      // Dataverse stops counting at 50,000 rows, hence the bound.
      key: 'absences of the year',
      name: { fr: 'Absences des douze derniers mois', en: 'Absences of the last twelve months' },
      description: {
        fr: 'Personnes excusées, annulées par le service, ou qui ne sont pas venues, depuis douze mois.',
        en: 'People excused, cancelled by the service, or who did not come, in the last twelve months.',
      },
      columns: shown,
      order: latestFirst,
      filter: [ABSENT, where('rdvs_start', 'last-x-months', 12)],
    },
  ],
  charts: [
    {
      name: 'absences by motif',
      title: { fr: 'Absences par motif', en: 'Absences by motif' },
      groupBy: { column: 'rdvs_motif' },
      stackedBy: 'rdvs_status',
    },
    {
      name: 'absences by organisation',
      title: { fr: 'Absences par organisation', en: 'Absences by organisation' },
      groupBy: {
        column: 'rdvs_organisation',
        of: { lookup: 'rdvs_appointment', table: 'appointment', key: 'activityid' },
      },
      stackedBy: 'rdvs_status',
    },
  ],
};
