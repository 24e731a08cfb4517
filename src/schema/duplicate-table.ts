// `rdvs_duplicate`: two contacts that may be one person, and what people say about them.

import { followMerge } from './link-table.ts';
import type { OwnTable } from './shape.ts';

export const duplicateTable = {
  kind: 'own',
  schemaName: 'rdvs_duplicate',
  entitySet: 'rdvs_duplicates',
  primaryKey: 'rdvs_duplicateid',
  primaryName: 'rdvs_name',
  ownership: 'OrganizationOwned',
  audit: true,
  label: { fr: 'Doublon possible', en: 'Possible duplicate' },
  pluralLabel: { fr: 'Doublons possibles', en: 'Possible duplicates' },
  description: {
    fr: 'Deux contacts qui sont peut-être la même personne.',
    en: 'Two contacts who may be the same person.',
  },
  columns: {
    rdvs_name: {
      type: 'string',
      schemaName: 'rdvs_name',
      maxLength: 250,
      format: 'Text',
      audit: false,
      label: { fr: 'Raisons', en: 'Reasons' },
      description: {
        fr: 'Ce que les deux contacts ont en commun, sans aucune valeur.',
        en: 'What the two contacts have in common, without any value.',
      },
    },
    rdvs_state: {
      type: 'choice',
      schemaName: 'rdvs_state',
      audit: true,
      options: {
        toreview: { value: 1, label: { fr: 'À examiner', en: 'To review' } },
        distinct: { value: 2, label: { fr: 'Distinct', en: 'Distinct' } },
        merged: { value: 3, label: { fr: 'Fusionné', en: 'Merged' } },
      },
      label: { fr: 'État', en: 'State' },
      description: {
        fr: 'Choisissez Distinct pour deux personnes différentes ; Fusionné se met tout seul.',
        en: 'Choose Distinct for two different people; Merged comes by itself.',
      },
    },
    rdvs_score: {
      type: 'whole',
      schemaName: 'rdvs_score',
      audit: false,
      label: { fr: 'Ressemblance', en: 'Likeness' },
      description: { fr: 'De 60 à 100.', en: 'From 60 to 100.' },
    },
    rdvs_contact: {
      type: 'lookup',
      schemaName: 'rdvs_contact',
      target: 'contact',
      targetKey: 'contactid',
      relationship: 'rdvs_contact_duplicate',
      navigationProperty: 'rdvs_contact',
      referencedNavigationProperty: 'rdvs_contact_duplicate',
      relatedLabel: { fr: 'Doublons possibles (1)', en: 'Possible duplicates (1)' },
      cascade: followMerge,
      audit: false,
      label: { fr: 'Contact', en: 'Contact' },
      description: { fr: 'Le premier des deux contacts.', en: 'The first of the two contacts.' },
    },
    rdvs_othercontact: {
      type: 'lookup',
      schemaName: 'rdvs_othercontact',
      target: 'contact',
      targetKey: 'contactid',
      relationship: 'rdvs_othercontact_duplicate',
      navigationProperty: 'rdvs_othercontact',
      referencedNavigationProperty: 'rdvs_othercontact_duplicate',
      relatedLabel: { fr: 'Doublons possibles (2)', en: 'Possible duplicates (2)' },
      cascade: followMerge,
      audit: false,
      label: { fr: 'Autre contact', en: 'Other contact' },
      description: { fr: 'Le second des deux contacts.', en: 'The second of the two contacts.' },
    },
  },
} as const satisfies OwnTable;
