// `rdvs_motif`: one row per motif, the subject for which people take an RDV.

import type { OwnTable } from './shape.ts';

export const motifTable = {
  kind: 'own',
  schemaName: 'rdvs_motif',
  entitySet: 'rdvs_motifs',
  primaryKey: 'rdvs_motifid',
  primaryName: 'rdvs_name',
  ownership: 'OrganizationOwned',
  audit: true,
  label: { fr: 'Motif', en: 'Motif' },
  pluralLabel: { fr: 'Motifs', en: 'Motifs' },
  description: { fr: 'Motif de RDV dans RDV-Solidarités.', en: 'Motif of RDV in RDV-Solidarités.' },
  columns: {
    rdvs_name: {
      type: 'string',
      schemaName: 'rdvs_name',
      maxLength: 250,
      format: 'Text',
      audit: true,
      label: { fr: 'Nom', en: 'Name' },
      description: { fr: 'Nom du motif.', en: 'Name of the motif.' },
    },
    rdvs_category: {
      type: 'string',
      schemaName: 'rdvs_category',
      maxLength: 250,
      format: 'Text',
      audit: true,
      label: { fr: 'Catégorie', en: 'Category' },
      description: { fr: 'Catégorie du motif.', en: 'Category of the motif.' },
    },
    rdvs_deletedon: {
      type: 'datetime',
      schemaName: 'rdvs_deletedon',
      audit: true,
      label: { fr: 'Supprimé le', en: 'Deleted on' },
      description: {
        fr: 'Date de suppression du motif dans RDV-Solidarités.',
        en: 'When the motif was deleted in RDV-Solidarités.',
      },
    },
  },
} as const satisfies OwnTable;
