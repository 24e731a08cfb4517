// `rdvs_link`: one row per record of RDV-Solidarités, saying which row it became and how fresh that row is.

import type { Cascade, OwnTable } from './shape.ts';

/**
 * The link survives the deletion of its contact, and follows a merge. When rows of the other table can be merged,
 * Cascade is the only valid choice (Microsoft Learn, "Configure table relationship cascading behavior").
 */
export const followMerge = {
  assign: 'NoCascade',
  delete: 'RemoveLink',
  merge: 'Cascade',
  reparent: 'NoCascade',
  share: 'NoCascade',
  unshare: 'NoCascade',
} as const satisfies Cascade;

/** The row outlives what it points to, whose table knows no merge. */
export const removeLink = { ...followMerge, merge: 'NoCascade' } as const satisfies Cascade;

export const linkTable = {
  kind: 'own',
  schemaName: 'rdvs_link',
  entitySet: 'rdvs_links',
  primaryKey: 'rdvs_linkid',
  primaryName: 'rdvs_name',
  ownership: 'OrganizationOwned',
  audit: false,
  label: { fr: 'Lien RDV-Solidarités', en: 'RDV-Solidarités link' },
  pluralLabel: { fr: 'Liens RDV-Solidarités', en: 'RDV-Solidarités links' },
  description: {
    fr: 'Tenu par le connecteur : à quelle fiche correspond un enregistrement de RDV-Solidarités.',
    en: 'Kept by the connector: which row a record of RDV-Solidarités became.',
  },
  columns: {
    rdvs_name: {
      type: 'string',
      schemaName: 'rdvs_name',
      maxLength: 50,
      format: 'Text',
      audit: false,
      label: { fr: 'Enregistrement', en: 'Record' },
      description: {
        fr: 'Enregistrement de RDV-Solidarités, par exemple usager-12 ou rdv-77.',
        en: 'Record of RDV-Solidarités, for example usager-12 or rdv-77.',
      },
    },
    rdvs_version: {
      type: 'string',
      schemaName: 'rdvs_version',
      maxLength: 60,
      format: 'Text',
      audit: false,
      label: { fr: 'Version', en: 'Version' },
      description: {
        fr: 'Date de la notification la plus récente appliquée, sous une forme qui se compare comme un texte.',
        en: 'Time of the newest notification applied, in a form that compares as text.',
      },
    },
    rdvs_state: {
      type: 'choice',
      schemaName: 'rdvs_state',
      audit: false,
      options: {
        live: { value: 1, label: { fr: 'Présent', en: 'Live' } },
        removed: { value: 2, label: { fr: 'Supprimé', en: 'Removed' } },
        missing: { value: 3, label: { fr: 'Introuvable', en: 'Missing' } },
      },
      label: { fr: 'État', en: 'State' },
      description: {
        fr: "Dit si l'enregistrement existe encore dans RDV-Solidarités.",
        en: 'Whether the record still exists in RDV-Solidarités.',
      },
    },
    rdvs_contact: {
      type: 'lookup',
      schemaName: 'rdvs_contact',
      target: 'contact',
      targetKey: 'contactid',
      relationship: 'rdvs_contact_link',
      navigationProperty: 'rdvs_contact',
      referencedNavigationProperty: 'rdvs_contact_link',
      relatedLabel: { fr: 'Liens RDV-Solidarités', en: 'RDV-Solidarités links' },
      cascade: followMerge,
      audit: false,
      label: { fr: 'Contact', en: 'Contact' },
      description: { fr: "Contact qui représente l'usager.", en: 'Contact that stands for the usager.' },
    },
    rdvs_removedon: {
      type: 'datetime',
      schemaName: 'rdvs_removedon',
      audit: false,
      label: { fr: 'Supprimé le', en: 'Removed on' },
      description: {
        fr: "Date à laquelle RDV-Solidarités a supprimé l'enregistrement.",
        en: 'When RDV-Solidarités removed the record.',
      },
    },
    rdvs_lastnotification: {
      type: 'string',
      schemaName: 'rdvs_lastnotification',
      maxLength: 100,
      format: 'Text',
      audit: false,
      label: { fr: 'Dernière notification', en: 'Last notification' },
      description: {
        fr: 'Identifiant de la dernière notification appliquée.',
        en: 'Identifier of the last notification applied.',
      },
    },
    rdvs_applied: {
      type: 'memo',
      schemaName: 'rdvs_applied',
      maxLength: 20_000,
      audit: false,
      secured: true,
      label: { fr: 'Valeurs appliquées', en: 'Applied values' },
      description: {
        fr: 'Empreinte de chaque valeur écrite par le connecteur, pour respecter les corrections faites à la main.',
        en: 'Short hash of each value the connector wrote, so that corrections made by hand are respected.',
      },
    },
    rdvs_series: {
      type: 'memo',
      schemaName: 'rdvs_series',
      maxLength: 10_000,
      audit: false,
      secured: true,
      label: { fr: 'Série', en: 'Series' },
      description: {
        fr: "Absence ou plage d'ouverture : ses horaires, sa récurrence, son agent et son propriétaire, sans aucun texte.",
        en: 'Absence or plage d’ouverture: its times, recurrence, agent and owner, without any text.',
      },
    },
    rdvs_nextturn: {
      type: 'datetime',
      schemaName: 'rdvs_nextturn',
      audit: false,
      label: { fr: 'Prochaine mise à jour', en: 'Next turn' },
      description: {
        fr: 'Quand écrire les occurrences suivantes de la série et retirer les anciennes.',
        en: 'When to write the next occurrences of the series and to take away the old ones.',
      },
    },
  },
} as const satisfies OwnTable;
