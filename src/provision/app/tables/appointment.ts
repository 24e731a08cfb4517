// RDV in the application.

import { optionValues } from '../../../schema/schema.ts';
import { appointmentStates } from '../../../schema/standard-columns.ts';
import { anyOf, columns, where } from '../../views.ts';
import { readOnly } from '../form-shape.ts';
import type { TableParts } from '../table-parts.ts';

const OURS = where('rdvs_rdvid', 'not-null');
const { excused, revoked, noshow } = optionValues.appointment.rdvs_status;

const shown = columns(
  ['scheduledstart', 140],
  ['scheduledend', 140],
  ['subject', 200],
  ['rdvs_status', 140],
  ['rdvs_motif', 180],
  ['rdvs_organisation', 180],
  ['rdvs_agent', 180],
  ['regardingobjectid', 180],
  ['location', 180],
  ['rdvs_collective', 100],
  ['ownerid', 150],
  ['rdvs_rdvid', 120],
  ['rdvs_url', 160],
);

const byStart = { column: 'scheduledstart', descending: false };

export const appointmentParts: TableParts = {
  table: 'appointment',
  key: 'activityid',
  primaryName: 'subject',
  title: { fr: 'RDV', en: 'RDV' },
  group: 'rdv',
  form: {
    name: { fr: 'RDV-Solidarités', en: 'RDV-Solidarités' },
    description: { fr: 'Un RDV, tel que RDV-Solidarités le donne.', en: 'An RDV as RDV-Solidarités gives it.' },
    header: ['rdvs_status', 'scheduledstart', 'ownerid'],
    order: 99,
    columns: [
      {
        width: 60,
        sections: [
          {
            name: 'rdv',
            label: { fr: 'Rendez-vous', en: 'Appointment' },
            columns: 2,
            cells: [
              'subject',
              { readOnly: 'rdvs_status' },
              'scheduledstart',
              'scheduledend',
              { readOnly: 'rdvs_motif' },
              { readOnly: 'rdvs_organisation' },
              { readOnly: 'rdvs_agent' },
              'location',
              { readOnly: 'rdvs_collective' },
              { readOnly: 'rdvs_cancelledon' },
              { readOnly: 'rdvs_statustext' },
              'statuscode',
            ],
          },
          {
            name: 'people',
            label: { fr: 'Participants', en: 'Attendees' },
            columns: 1,
            cells: ['regardingobjectid', 'requiredattendees', 'optionalattendees'],
          },
          {
            name: 'attendance',
            label: { fr: 'Présences', en: 'Attendance' },
            columns: 1,
            cells: [
              {
                grid: 'attendance',
                label: { fr: 'Présences', en: 'Attendance' },
                of: 'rdvs_participation',
                view: 'all',
                relationship: 'rdvs_appointment_participation',
              },
            ],
          },
        ],
      },
      {
        width: 40,
        sections: [
          {
            name: 'source',
            label: { fr: 'Dans RDV-Solidarités', en: 'In RDV-Solidarités' },
            columns: 1,
            cells: readOnly('rdvs_url', 'rdvs_rdvid', 'rdvs_calendarentry'),
          },
          { name: 'notes', label: { fr: 'Notes', en: 'Notes' }, columns: 1, cells: ['description', 'ownerid'] },
        ],
      },
    ],
  },
  views: [
    {
      key: 'coming',
      name: { fr: 'RDV à venir', en: 'RDV to come' },
      description: {
        fr: "Rendez-vous RDV-Solidarités à partir d'aujourd'hui.",
        en: 'Appointments of RDV-Solidarités from today on.',
      },
      columns: shown,
      order: byStart,
      filter: [
        OURS,
        anyOf(where('scheduledstart', 'today'), where('scheduledstart', 'next-x-years', 5)),
        where('statecode', 'eq', appointmentStates.scheduled.statecode),
      ],
    },
    {
      key: 'today',
      name: { fr: "RDV d'aujourd'hui", en: 'RDV of today' },
      description: { fr: 'Rendez-vous RDV-Solidarités du jour.', en: 'Appointments of RDV-Solidarités of today.' },
      columns: shown,
      order: byStart,
      filter: [OURS, where('scheduledstart', 'today')],
    },
    {
      key: 'week',
      name: { fr: 'RDV de la semaine', en: 'RDV of the week' },
      description: {
        fr: 'Rendez-vous RDV-Solidarités de la semaine en cours.',
        en: 'Appointments of RDV-Solidarités of this week.',
      },
      columns: shown,
      order: byStart,
      filter: [OURS, where('scheduledstart', 'this-week')],
    },
    {
      key: 'mine',
      name: { fr: 'Mes RDV', en: 'My RDV' },
      description: {
        fr: 'Rendez-vous RDV-Solidarités à venir dont je suis propriétaire.',
        en: 'Appointments of RDV-Solidarités to come that I own.',
      },
      columns: shown,
      order: byStart,
      filter: [
        OURS,
        where('ownerid', 'eq-userid'),
        anyOf(where('scheduledstart', 'today'), where('scheduledstart', 'next-x-years', 5)),
      ],
    },
    {
      key: 'cancelled',
      name: { fr: 'RDV annulés ou manqués', en: 'RDV cancelled or missed' },
      description: {
        fr: "Rendez-vous excusés, annulés par le service, ou auxquels l'usager n'est pas venu.",
        en: 'Appointments excused, cancelled by the service, or missed.',
      },
      columns: [...shown, ...columns(['rdvs_cancelledon', 140], ['rdvs_statustext', 140])],
      order: { column: 'scheduledstart', descending: true },
      filter: [OURS, where('rdvs_status', 'in', excused, revoked, noshow)],
    },
    {
      // Charts count the rows of a view. Dataverse stops counting at 50,000 rows, hence the bound.
      key: 'year',
      name: { fr: 'RDV des douze derniers mois', en: 'RDV of the last twelve months' },
      description: {
        fr: 'Rendez-vous RDV-Solidarités commencés ces douze derniers mois.',
        en: 'Appointments of RDV-Solidarités that began in the last twelve months.',
      },
      columns: shown,
      order: { column: 'scheduledstart', descending: true },
      filter: [OURS, where('scheduledstart', 'last-x-months', 12)],
    },
  ],
  charts: [
    {
      name: 'status by month',
      title: { fr: 'RDV par mois et par statut', en: 'RDV by month and status' },
      groupBy: { column: 'scheduledstart', by: 'month' },
      stackedBy: 'rdvs_status',
    },
    {
      name: 'week by owner',
      title: { fr: 'RDV par agent', en: 'RDV by agent' },
      groupBy: { column: 'ownerid' },
      stackedBy: 'rdvs_status',
    },
    {
      name: 'status by organisation',
      title: { fr: 'RDV par organisation et par statut', en: 'RDV by organisation and status' },
      groupBy: { column: 'rdvs_organisation' },
      stackedBy: 'rdvs_status',
    },
    {
      name: 'booked by',
      title: { fr: 'RDV par mois et par qui les a pris', en: 'RDV by month and by who booked' },
      groupBy: { column: 'scheduledstart', by: 'month' },
      stackedBy: 'rdvs_createdby',
    },
  ],
};
