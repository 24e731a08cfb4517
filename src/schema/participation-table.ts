// `rdvs_participation`: one row per participation, because attendance belongs to a person and not to the RDV as a whole.

import { appointmentTable } from './extended-tables.ts';
import { followMerge } from './link-table.ts';
import type { Cascade, OwnTable } from './shape.ts';

/**
 * Rows follow their appointment: its deletion, its shares, and its owner where they had the same one. A row that went to
 * somebody else, because the agent may not read it, stays there: `Cascade` would refuse the agent the appointment too
 * (Microsoft Learn, "Configure table relationship cascading behavior").
 */
const followAppointment = {
  assign: 'UserOwned',
  delete: 'Cascade',
  merge: 'NoCascade',
  reparent: 'Cascade',
  share: 'Cascade',
  unshare: 'Cascade',
} as const satisfies Cascade;

/** Where an environment has no room for a parent: the connector deletes the rows itself. */
const referToAppointment = {
  assign: 'NoCascade',
  delete: 'RemoveLink',
  merge: 'NoCascade',
  reparent: 'NoCascade',
  share: 'NoCascade',
  unshare: 'NoCascade',
} as const satisfies Cascade;

export const participationTable = {
  kind: 'own',
  schemaName: 'rdvs_participation',
  entitySet: 'rdvs_participations',
  primaryKey: 'rdvs_participationid',
  primaryName: 'rdvs_name',
  ownership: 'UserOwned',
  audit: true,
  label: { fr: 'Participation RDV-Solidarités', en: 'RDV-Solidarités participation' },
  pluralLabel: { fr: 'Participations RDV-Solidarités', en: 'RDV-Solidarités participations' },
  description: {
    fr: "Tenu par le connecteur : la présence d'une personne à un RDV.",
    en: 'Kept by the connector: the attendance of one person at an RDV.',
  },
  columns: {
    rdvs_name: {
      type: 'string',
      schemaName: 'rdvs_name',
      maxLength: 50,
      format: 'Text',
      audit: false,
      label: { fr: 'Participation', en: 'Participation' },
      description: {
        fr: 'Enregistrement de RDV-Solidarités, par exemple participation-12. Sans donnée personnelle.',
        en: 'Record of RDV-Solidarités, for example participation-12. Without personal data.',
      },
    },
    rdvs_appointment: {
      type: 'lookup',
      schemaName: 'rdvs_appointment',
      target: 'appointment',
      targetKey: 'activityid',
      relationship: 'rdvs_appointment_participation',
      navigationProperty: 'rdvs_appointment',
      referencedNavigationProperty: 'rdvs_appointment_participation',
      relatedLabel: { fr: 'Participations', en: 'Participations' },
      cascade: followAppointment,
      unlessParental: referToAppointment,
      audit: false,
      label: { fr: 'Rendez-vous', en: 'Appointment' },
      description: { fr: 'Rendez-vous de cette participation.', en: 'Appointment of this participation.' },
    },
    rdvs_contact: {
      type: 'lookup',
      schemaName: 'rdvs_contact',
      target: 'contact',
      targetKey: 'contactid',
      relationship: 'rdvs_contact_participation',
      navigationProperty: 'rdvs_contact',
      referencedNavigationProperty: 'rdvs_contact_participation',
      relatedLabel: { fr: 'Participations aux RDV', en: 'Participations in RDV' },
      cascade: followMerge,
      audit: true,
      label: { fr: 'Usager', en: 'Usager' },
      description: {
        fr: "Contact de la personne attendue ; vide quand elle n'est pas ou plus dans Dynamics.",
        en: 'Contact of the person expected; empty when that person is not, or no longer, in Dynamics.',
      },
    },
    rdvs_status: {
      ...appointmentTable.columns.rdvs_status,
      label: { fr: 'Présence', en: 'Attendance' },
      description: {
        fr: 'Statut exact de cette personne pour ce RDV dans RDV-Solidarités.',
        en: 'Exact status of this person for this RDV in RDV-Solidarités.',
      },
    },
    rdvs_statustext: appointmentTable.columns.rdvs_statustext,
    rdvs_start: {
      type: 'datetime',
      schemaName: 'rdvs_start',
      audit: false,
      label: { fr: 'Début du RDV', en: 'Start of the RDV' },
      description: { fr: 'Quand le RDV commence.', en: 'When the RDV begins.' },
    },
    rdvs_motif: appointmentTable.columns.rdvs_motif,
    rdvs_createdby: {
      type: 'choice',
      schemaName: 'rdvs_createdby',
      audit: false,
      options: {
        agent: { value: 1, label: { fr: 'Agent', en: 'Agent' } },
        usager: { value: 2, label: { fr: 'Usager', en: 'Usager' } },
        prescripteur: { value: 3, label: { fr: 'Prescripteur', en: 'Prescripteur' } },
        fileAttente: { value: 4, label: { fr: "File d'attente", en: 'Waiting list' } },
      },
      label: { fr: 'Pris par', en: 'Booked by' },
      description: { fr: 'Qui a inscrit cette personne au RDV.', en: 'Who booked the RDV for this person.' },
    },
  },
} as const satisfies OwnTable;
