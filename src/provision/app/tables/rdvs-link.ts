// Links in the application: read, never written by people.

import { columns, where } from '../../views.ts';
import { readOnly } from '../form-shape.ts';
import type { TableParts } from '../table-parts.ts';

const shown = columns(
  ['rdvs_name', 150],
  ['rdvs_contact', 200],
  ['rdvs_state', 100],
  ['rdvs_removedon', 140],
  ['rdvs_version', 220],
  ['rdvs_lastnotification', 200],
  ['modifiedon', 140],
);

export const linkParts: TableParts = {
  table: 'rdvs_link',
  key: 'rdvs_linkid',
  primaryName: 'rdvs_name',
  title: { fr: 'Liens', en: 'Links' },
  group: 'follow',
  form: {
    name: { fr: 'RDV-Solidarités', en: 'RDV-Solidarités' },
    description: {
      fr: 'Un lien, tenu par le connecteur : à lire seulement.',
      en: 'A link, kept by the connector: to be read only.',
    },
    header: ['rdvs_state'],
    order: 1,
    columns: [
      {
        width: 100,
        sections: [
          {
            name: 'link',
            label: { fr: 'Lien', en: 'Link' },
            columns: 2,
            cells: readOnly(
              'rdvs_name',
              'rdvs_contact',
              'rdvs_version',
              'rdvs_lastnotification',
              'rdvs_removedon',
              'rdvs_nextturn',
              'createdon',
              'modifiedon',
            ),
          },
        ],
      },
    ],
  },
  views: [
    {
      key: 'left',
      name: { fr: 'Usagers sortis de RDV-Solidarités', en: 'Usagers who left RDV-Solidarités' },
      description: {
        fr: 'Usagers qui ne sont plus dans RDV-Solidarités, et depuis quand.',
        en: 'Usagers who are no longer in RDV-Solidarités, and since when.',
      },
      columns: shown,
      order: { column: 'rdvs_removedon', descending: true },
      // Departure is the date: a usager whose last membership ended keeps a live link.
      filter: [where('rdvs_name', 'like', 'usager-%'), where('rdvs_removedon', 'not-null')],
    },
    {
      key: 'recent',
      name: { fr: 'Liens récents', en: 'Recent links' },
      description: {
        fr: 'Enregistrements de RDV-Solidarités reçus ces sept derniers jours.',
        en: 'Records of RDV-Solidarités received in the last seven days.',
      },
      columns: shown,
      order: { column: 'modifiedon', descending: true },
      filter: [where('modifiedon', 'last-seven-days')],
    },
    {
      key: 'all',
      name: { fr: 'Tous les liens', en: 'All links' },
      description: { fr: 'Tous les liens RDV-Solidarités.', en: 'All links of RDV-Solidarités.' },
      columns: shown,
      order: { column: 'rdvs_name', descending: false },
      filter: [where('rdvs_name', 'not-null')],
    },
  ],
  charts: [],
};
