// Who follows whom, in the application: read, never written by people.

import { columns, where } from '../../views.ts';
import { readOnly } from '../form-shape.ts';
import type { TableParts } from '../table-parts.ts';

export const referentParts: TableParts = {
  table: 'rdvs_referent',
  key: 'rdvs_referentid',
  primaryName: 'rdvs_name',
  title: { fr: 'Référents', en: 'Referents' },
  group: 'people',
  form: {
    name: { fr: 'RDV-Solidarités', en: 'RDV-Solidarités' },
    description: {
      fr: 'Un agent qui suit un usager, tenu par le connecteur : à lire seulement.',
      en: 'An agent who follows a usager, kept by the connector: to be read only.',
    },
    header: ['rdvs_agent'],
    order: 1,
    columns: [
      {
        width: 100,
        sections: [
          {
            name: 'referent',
            label: { fr: 'Référent', en: 'Referent' },
            columns: 2,
            cells: readOnly('rdvs_contact', 'rdvs_agent', 'rdvs_user', 'rdvs_name', 'createdon', 'modifiedon'),
          },
        ],
      },
    ],
  },
  views: [
    {
      key: 'all',
      name: { fr: 'Référents', en: 'Referents' },
      description: { fr: 'Quel agent suit quel usager.', en: 'Which agent follows which usager.' },
      columns: columns(
        ['rdvs_contact', 200],
        ['rdvs_agent', 200],
        ['rdvs_user', 180],
        ['createdon', 140],
        ['ownerid', 150],
      ),
      order: { column: 'rdvs_agent', descending: false },
      filter: [where('rdvs_name', 'not-null')],
    },
  ],
  charts: [],
};
