// Motifs in the application: what the sender says of them is read only; how their RDV are treated is for people to fill.

import { columns, where } from '../../views.ts';
import { readOnly } from '../form-shape.ts';
import type { TableParts } from '../table-parts.ts';

const shown = columns(
  ['rdvs_name', 250],
  ['rdvs_category', 150],
  ['rdvs_organisation', 120],
  ['rdvs_place', 150],
  ['rdvs_collective', 110],
  ['rdvs_handling', 130],
  ['rdvs_subject', 200],
  ['rdvs_ownerteam', 180],
  ['createdon', 140],
  ['rdvs_deletedon', 140],
);

const ACTIVE = where('statecode', 'eq', 0);

export const motifParts: TableParts = {
  table: 'rdvs_motif',
  key: 'rdvs_motifid',
  primaryName: 'rdvs_name',
  title: { fr: 'Motifs', en: 'Motifs' },
  group: 'settings',
  form: {
    name: { fr: 'RDV-Solidarités', en: 'RDV-Solidarités' },
    description: {
      fr: 'Un motif : choisissez comment ses RDV sont traités.',
      en: 'A motif: choose how its RDV are treated.',
    },
    header: ['rdvs_handling'],
    order: 1,
    columns: [
      {
        width: 100,
        sections: [
          {
            name: 'choices',
            label: { fr: 'À compléter', en: 'To fill' },
            columns: 1,
            cells: ['rdvs_handling', 'rdvs_subject', 'rdvs_ownerteam'],
          },
          {
            name: 'motif',
            label: { fr: 'Dans RDV-Solidarités', en: 'In RDV-Solidarités' },
            columns: 2,
            cells: readOnly(
              'rdvs_name',
              'rdvs_category',
              'rdvs_organisation',
              'rdvs_place',
              'rdvs_collective',
              'rdvs_deletedon',
            ),
          },
          {
            name: 'rdv',
            label: { fr: 'RDV de ce motif', en: 'RDV of this motif' },
            columns: 1,
            cells: [
              {
                grid: 'rdv',
                label: { fr: 'RDV de ce motif', en: 'RDV of this motif' },
                of: 'appointment',
                view: 'coming',
                relationship: 'rdvs_motif_appointment',
              },
            ],
          },
        ],
      },
    ],
  },
  views: [
    {
      key: 'to fill',
      name: { fr: 'Motifs à compléter', en: 'Motifs to fill' },
      description: {
        fr: "Motifs dont personne n'a encore choisi le traitement, les plus récents d'abord.",
        en: 'Motifs whose handling nobody has chosen yet, the newest first.',
      },
      columns: shown,
      order: { column: 'createdon', descending: true },
      filter: [ACTIVE, where('rdvs_handling', 'null')],
    },
    {
      key: 'all',
      name: { fr: 'Motifs RDV-Solidarités', en: 'Motifs of RDV-Solidarités' },
      description: { fr: 'Les motifs en service.', en: 'The motifs in use.' },
      columns: shown,
      order: { column: 'rdvs_name', descending: false },
      filter: [ACTIVE],
    },
    {
      key: 'deleted',
      name: { fr: 'Motifs supprimés', en: 'Deleted motifs' },
      description: {
        fr: 'Motifs qui ont été supprimés dans RDV-Solidarités.',
        en: 'Motifs that were deleted in RDV-Solidarités.',
      },
      columns: shown,
      order: { column: 'rdvs_deletedon', descending: true },
      filter: [where('statecode', 'eq', 1)],
    },
  ],
  charts: [],
};
