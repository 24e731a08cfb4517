// `rdvs_referent`: one row per usager and agent who follows that usager.

import { removeLink } from './link-table.ts';
import type { Cascade, OwnTable } from './shape.ts';

/**
 * Rows follow their contact: its deletion, its merge, its shares, and its owner where they had the same one. An agent keeps
 * the rows that are the agent's own (Microsoft Learn, "Configure table relationship cascading behavior").
 */
const followContact = {
  assign: 'UserOwned',
  delete: 'Cascade',
  merge: 'Cascade',
  reparent: 'Cascade',
  share: 'Cascade',
  unshare: 'Cascade',
} as const satisfies Cascade;

export const referentTable = {
  kind: 'own',
  schemaName: 'rdvs_referent',
  entitySet: 'rdvs_referents',
  primaryKey: 'rdvs_referentid',
  primaryName: 'rdvs_name',
  ownership: 'UserOwned',
  audit: true,
  label: { fr: 'Référent RDV-Solidarités', en: 'RDV-Solidarités referent' },
  pluralLabel: { fr: 'Référents RDV-Solidarités', en: 'RDV-Solidarités referents' },
  description: {
    fr: "Tenu par le connecteur : l'agent qui suit un usager.",
    en: 'Kept by the connector: the agent who follows a usager.',
  },
  columns: {
    rdvs_name: {
      type: 'string',
      schemaName: 'rdvs_name',
      maxLength: 50,
      format: 'Text',
      audit: false,
      label: { fr: 'Référent', en: 'Referent' },
      description: {
        fr: 'Enregistrement de RDV-Solidarités, par exemple referent-12-5. Sans donnée personnelle.',
        en: 'Record of RDV-Solidarités, for example referent-12-5. Without personal data.',
      },
    },
    rdvs_contact: {
      type: 'lookup',
      schemaName: 'rdvs_contact',
      target: 'contact',
      targetKey: 'contactid',
      relationship: 'rdvs_contact_referent',
      navigationProperty: 'rdvs_contact',
      referencedNavigationProperty: 'rdvs_contact_referent',
      relatedLabel: { fr: 'Référents', en: 'Referents' },
      cascade: followContact,
      audit: true,
      label: { fr: 'Usager', en: 'Usager' },
      description: { fr: 'Contact de la personne suivie.', en: 'Contact of the person who is followed.' },
    },
    rdvs_user: {
      type: 'lookup',
      schemaName: 'rdvs_user',
      target: 'systemuser',
      targetKey: 'systemuserid',
      relationship: 'rdvs_systemuser_referent',
      navigationProperty: 'rdvs_user',
      referencedNavigationProperty: 'rdvs_systemuser_referent',
      relatedLabel: { fr: 'Usagers suivis', en: 'Usagers followed' },
      cascade: removeLink,
      audit: true,
      label: { fr: 'Utilisateur', en: 'User' },
      description: {
        fr: "L'agent dans Dynamics ; vide quand il n'y est pas utilisateur.",
        en: 'The agent in Dynamics; empty for one who is no user there.',
      },
    },
    rdvs_agent: {
      type: 'string',
      schemaName: 'rdvs_agent',
      maxLength: 250,
      format: 'Text',
      audit: true,
      label: { fr: 'Agent référent', en: 'Referent agent' },
      description: { fr: "Prénom et nom de l'agent.", en: 'First and last name of the agent.' },
    },
  },
} as const satisfies OwnTable;
