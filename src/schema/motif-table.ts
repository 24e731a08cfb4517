// `rdvs_motif`: one row per motif, the reason for which people take an RDV. The connector fills what the sender says;
// people fill how RDV of this motif are to be treated.

import { removeLink } from './link-table.ts';
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
  description: { fr: 'Motif de RDV dans RDV-Solidarités.', en: 'Reason for RDV in RDV-Solidarités.' },
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
    rdvs_organisation: {
      type: 'string',
      schemaName: 'rdvs_organisation',
      maxLength: 20,
      format: 'Text',
      audit: true,
      label: { fr: "N° de l'organisation", en: 'Organisation number' },
      description: {
        fr: "Numéro de l'organisation dans RDV-Solidarités : un motif ne dit pas son nom.",
        en: 'Number of the organisation in RDV-Solidarités: a motif does not say its name.',
      },
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
    rdvs_place: {
      type: 'choice',
      schemaName: 'rdvs_place',
      audit: true,
      options: {
        public_office: { value: 1, label: { fr: 'Sur place', en: 'On site' } },
        home: { value: 2, label: { fr: 'À domicile', en: 'At home' } },
        phone: { value: 3, label: { fr: 'Par téléphone', en: 'By telephone' } },
        visio: { value: 4, label: { fr: 'Par visioconférence', en: 'By video' } },
      },
      label: { fr: 'Type de lieu', en: 'Kind of place' },
      description: { fr: 'Où se tiennent les RDV de ce motif.', en: 'Where RDV of this motif take place.' },
    },
    rdvs_collective: {
      type: 'boolean',
      schemaName: 'rdvs_collective',
      audit: true,
      whenTrue: { fr: 'Collectif', en: 'Collective' },
      whenFalse: { fr: 'Individuel', en: 'Individual' },
      label: { fr: 'Collectif', en: 'Collective' },
      description: { fr: 'Motif de RDV collectifs.', en: 'Motif of collective RDV.' },
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
    rdvs_subject: {
      type: 'string',
      schemaName: 'rdvs_subject',
      maxLength: 200,
      format: 'Text',
      audit: true,
      label: { fr: 'Objet des RDV', en: 'Subject of RDV' },
      description: {
        fr: 'À remplir si besoin : objet des rendez-vous, avec {motif}, {usagers}, {initiales}, {organisation}.',
        en: 'To fill where needed: subject of the appointments, with {motif}, {usagers}, {initiales}, {organisation}.',
      },
    },
    rdvs_ownerteam: {
      type: 'lookup',
      schemaName: 'rdvs_ownerteam',
      target: 'team',
      targetKey: 'teamid',
      relationship: 'rdvs_team_motif',
      navigationProperty: 'rdvs_ownerteam',
      referencedNavigationProperty: 'rdvs_team_motif',
      relatedLabel: { fr: 'Motifs', en: 'Motifs' },
      cascade: removeLink,
      audit: true,
      label: { fr: 'Équipe propriétaire', en: 'Owner team' },
      description: {
        fr: "À remplir si besoin : équipe à qui vont les rendez-vous quand l'agent n'est pas utilisateur de Dynamics.",
        en: 'To fill where needed: team that owns the appointments when the agent is no user of Dynamics.',
      },
    },
    rdvs_handling: {
      type: 'choice',
      schemaName: 'rdvs_handling',
      audit: true,
      options: {
        synchronise: { value: 1, label: { fr: 'Synchroniser', en: 'Synchronise' } },
        ignore: { value: 2, label: { fr: 'Ignorer', en: 'Ignore' } },
      },
      label: { fr: 'Traitement', en: 'Handling' },
      description: {
        fr: "À remplir si besoin : « Ignorer » n'écrit plus de nouveaux rendez-vous de ce motif.",
        en: 'To fill where needed: “Ignore” writes no more new appointments of this motif.',
      },
    },
  },
} as const satisfies OwnTable;
