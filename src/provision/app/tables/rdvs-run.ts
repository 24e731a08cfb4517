// Runs in the application: the present state of the connector, backfills and reconciliations.

import { columns, where } from '../../views.ts';
import type { TableParts } from '../table-parts.ts';

const readOnly = (...names: readonly string[]) => names.map((name) => ({ readOnly: name }));

export const runParts: TableParts = {
  table: 'rdvs_run',
  key: 'rdvs_runid',
  primaryName: 'rdvs_name',
  title: { fr: 'Passages', en: 'Runs' },
  group: 'follow',
  form: {
    name: { fr: 'RDV-Solidarités', en: 'RDV-Solidarités' },
    description: {
      fr: "L'état du connecteur ou un passage : à lire seulement.",
      en: 'The state of the connector or a run: to be read only.',
    },
    header: ['rdvs_kind'],
    order: 1,
    columns: [
      {
        width: 100,
        sections: [
          {
            name: 'run',
            label: { fr: 'Passage', en: 'Run' },
            columns: 2,
            cells: readOnly('rdvs_name', 'rdvs_started', 'rdvs_ended', 'rdvs_version', 'rdvs_counts'),
          },
          {
            name: 'state',
            label: { fr: 'État du connecteur', en: 'State of the connector' },
            columns: 2,
            cells: readOnly('rdvs_lastreceived', 'rdvs_lastapplied', 'rdvs_waiting', 'rdvs_oldest', 'rdvs_incidents'),
          },
        ],
      },
    ],
  },
  views: [
    {
      key: 'latest',
      name: { fr: 'Derniers passages', en: 'Latest runs' },
      description: { fr: "L'état du connecteur et ses passages.", en: 'The state of the connector and its runs.' },
      columns: columns(
        ['rdvs_name', 200],
        ['rdvs_lastreceived', 140],
        ['rdvs_lastapplied', 140],
        ['rdvs_waiting', 90],
        ['rdvs_oldest', 140],
        ['rdvs_incidents', 90],
        ['rdvs_started', 140],
        ['rdvs_ended', 140],
        ['rdvs_version', 110],
        ['modifiedon', 140],
      ),
      order: { column: 'modifiedon', descending: true },
      filter: [where('rdvs_kind', 'not-null')],
    },
  ],
  charts: [],
};
