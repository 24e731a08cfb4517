// Possible duplicates in the application: people merge contacts as usual, or say that two are distinct.

import { optionValues } from '../../../schema/schema.ts';
import { columns, where } from '../../views.ts';
import type { TableParts } from '../table-parts.ts';

const { toreview } = optionValues.rdvs_duplicate.rdvs_state;

const shown = columns(
  ['rdvs_contact', 200],
  ['rdvs_othercontact', 200],
  ['rdvs_score', 110],
  ['rdvs_name', 350],
  ['rdvs_state', 120],
  ['modifiedon', 140],
);

const readOnly = (...names: readonly string[]) => names.map((name) => ({ readOnly: name }));

export const duplicateParts: TableParts = {
  table: 'rdvs_duplicate',
  key: 'rdvs_duplicateid',
  primaryName: 'rdvs_name',
  title: { fr: 'Doublons possibles', en: 'Possible duplicates' },
  group: 'people',
  form: {
    name: { fr: 'RDV-Solidarités', en: 'RDV-Solidarités' },
    description: {
      fr: 'Deux contacts qui se ressemblent : fusionnez-les, ou choisissez « distinct ».',
      en: 'Two contacts that look alike: merge them, or choose “distinct”.',
    },
    header: ['rdvs_score'],
    order: 1,
    columns: [
      {
        width: 100,
        sections: [
          {
            name: 'pair',
            label: { fr: 'Doublon possible', en: 'Possible duplicate' },
            columns: 2,
            cells: ['rdvs_state', ...readOnly('rdvs_name', 'rdvs_contact', 'rdvs_othercontact', 'createdon')],
          },
        ],
      },
    ],
  },
  views: [
    {
      key: 'to review',
      name: { fr: 'Doublons à examiner', en: 'Duplicates to review' },
      description: {
        fr: 'Contacts qui sont peut-être la même personne, les plus ressemblants en premier.',
        en: 'Contacts who may be the same person, the most alike first.',
      },
      columns: shown,
      order: { column: 'rdvs_score', descending: true },
      filter: [where('rdvs_state', 'eq', toreview)],
    },
  ],
  charts: [],
};
