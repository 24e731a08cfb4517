// Incidents in the application: notifications in quarantine, replayed or set aside by people who follow the connector.

import { optionValues } from '../../../schema/schema.ts';
import { columns, where } from '../../views.ts';
import type { TableParts } from '../table-parts.ts';

const { tosettle, replay, discard, replaying } = optionValues.rdvs_incident.rdvs_state;

const shown = columns(
  ['rdvs_name', 130],
  ['rdvs_state', 110],
  ['rdvs_reason', 300],
  ['rdvs_since', 140],
  ['rdvs_organisation', 110],
  ['rdvs_code', 130],
  ['rdvs_attempts', 90],
  ['rdvs_result', 250],
);

const readOnly = (...names: readonly string[]) => names.map((name) => ({ readOnly: name }));

export const incidentParts: TableParts = {
  table: 'rdvs_incident',
  key: 'rdvs_incidentid',
  primaryName: 'rdvs_name',
  title: { fr: 'Incidents', en: 'Incidents' },
  group: 'follow',
  form: {
    name: { fr: 'RDV-Solidarités', en: 'RDV-Solidarités' },
    description: {
      fr: 'Une notification en quarantaine : choisissez Rejouer ou Écarter, puis enregistrez.',
      en: 'A notification in quarantine: choose Replay or Discard, then save.',
    },
    header: ['rdvs_since'],
    order: 1,
    columns: [
      {
        width: 100,
        sections: [
          {
            name: 'settle',
            label: { fr: 'Régler', en: 'Settle' },
            columns: 1,
            cells: ['rdvs_state', { readOnly: 'rdvs_result' }],
          },
          {
            name: 'incident',
            label: { fr: 'Incident', en: 'Incident' },
            columns: 2,
            cells: readOnly(
              'rdvs_name',
              'rdvs_model',
              'rdvs_reason',
              'rdvs_code',
              'rdvs_organisation',
              'rdvs_attempts',
              'rdvs_notification',
              'rdvs_endedon',
            ),
          },
        ],
      },
    ],
  },
  views: [
    {
      key: 'to settle',
      name: { fr: 'Incidents à régler', en: 'Incidents to settle' },
      description: {
        fr: 'Notifications que le connecteur ne peut pas appliquer sans vous.',
        en: 'Notifications that the connector cannot apply without you.',
      },
      columns: shown,
      order: { column: 'rdvs_since', descending: true },
      filter: [where('rdvs_state', 'in', tosettle, replay, discard, replaying)],
    },
    {
      key: 'all',
      name: { fr: 'Tous les incidents', en: 'All incidents' },
      description: { fr: 'Tous les incidents, réglés ou non.', en: 'All incidents, settled or not.' },
      columns: shown,
      order: { column: 'rdvs_since', descending: true },
      filter: [where('rdvs_name', 'not-null')],
    },
  ],
  charts: [],
};
