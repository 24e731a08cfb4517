// Motifs in the application: what the sender says is read, how their RDV are treated is chosen here.

import { columns, where } from '../../views.ts';
import { readOnly } from '../form-shape.ts';
import type { TableParts } from '../table-parts.ts';

const shown = columns(
  ['rdvs_name', 250],
  ['rdvs_organisation', 120],
  ['rdvs_category', 180],
  ['rdvs_place', 130],
  ['rdvs_subject', 220],
  ['rdvs_ownerteam', 180],
  ['rdvs_handling', 130],
  ['rdvs_deletedon', 140],
);
const byName = { column: 'rdvs_name', descending: false };

export const motifParts: TableParts = {
  table: 'rdvs_motif',
  key: 'rdvs_motifid',
  primaryName: 'rdvs_name',
  title: { fr: 'Motifs', en: 'Motifs' },
  group: 'settings',
  form: {
    name: { fr: 'RDV-Solidarités', en: 'RDV-Solidarités' },
    description: {
      fr: 'Un motif, et comment ses rendez-vous sont traités.',
      en: 'A motif, and how its appointments are treated.',
    },
    header: ['rdvs_handling'],
    order: 1,
    columns: [
      {
        width: 50,
        sections: [
          {
            name: 'treatment',
            label: { fr: 'Ses rendez-vous', en: 'Its appointments' },
            columns: 1,
            cells: ['rdvs_subject', 'rdvs_ownerteam', 'rdvs_handling'],
          },
        ],
      },
      {
        width: 50,
        sections: [
          {
            name: 'motif',
            label: { fr: 'Dans RDV-Solidarités', en: 'In RDV-Solidarités' },
            columns: 1,
            cells: readOnly(
              'rdvs_name',
              'rdvs_organisation',
              'rdvs_category',
              'rdvs_place',
              'rdvs_collective',
              'rdvs_deletedon',
            ),
          },
        ],
      },
    ],
  },
  views: [
    {
      key: 'active',
      name: { fr: 'Motifs', en: 'Motifs' },
      description: { fr: 'Motifs de RDV-Solidarités.', en: 'Motifs of RDV-Solidarités.' },
      columns: shown,
      order: byName,
      filter: [where('statecode', 'eq', 0)],
    },
    {
      key: 'deleted',
      name: { fr: 'Motifs supprimés', en: 'Deleted motifs' },
      description: {
        fr: 'Motifs qui ont été supprimés dans RDV-Solidarités.',
        en: 'Motifs that were deleted in RDV-Solidarités.',
      },
      columns: shown,
      order: byName,
      filter: [where('statecode', 'eq', 1)],
    },
  ],
  charts: [],
};
