// The columns that we add to Microsoft's `contact` and `appointment` tables.

import { followMerge } from './link-table.ts';
import type { ExtendedTable } from './shape.ts';

export const contactTable = {
  kind: 'extended',
  entitySet: 'contacts',
  primaryKey: 'contactid',
  columns: {
    rdvs_birthname: {
      type: 'string',
      schemaName: 'rdvs_birthname',
      maxLength: 100,
      format: 'Text',
      audit: true,
      label: { fr: 'Nom de naissance', en: 'Birth name' },
      description: { fr: "Nom de naissance de l'usager.", en: 'Birth name of the usager.' },
    },
    rdvs_responsible: {
      type: 'lookup',
      schemaName: 'rdvs_responsible',
      target: 'contact',
      targetKey: 'contactid',
      relationship: 'rdvs_contact_responsible',
      navigationProperty: 'rdvs_responsible',
      referencedNavigationProperty: 'rdvs_contact_responsible',
      relatedLabel: { fr: 'Proches', en: 'Relatives' },
      cascade: followMerge,
      audit: true,
      label: { fr: 'Responsable', en: 'Responsible person' },
      description: {
        fr: 'Personne qui prend les rendez-vous de ce proche dans RDV-Solidarités.',
        en: 'Person who books for this relative in RDV-Solidarités.',
      },
    },
  },
} as const satisfies ExtendedTable;

export const appointmentTable = {
  kind: 'extended',
  entitySet: 'appointments',
  primaryKey: 'activityid',
  columns: {
    rdvs_rdvid: {
      type: 'string',
      schemaName: 'rdvs_rdvid',
      maxLength: 20,
      format: 'Text',
      audit: false,
      label: { fr: 'Numéro RDV-Solidarités', en: 'RDV-Solidarités number' },
      description: { fr: 'Identifiant du RDV dans RDV-Solidarités.', en: 'Identifier of the RDV in RDV-Solidarités.' },
    },
    rdvs_status: {
      type: 'choice',
      schemaName: 'rdvs_status',
      audit: true,
      options: {
        unknown: { value: 1, label: { fr: 'À venir', en: 'To come' } },
        seen: { value: 2, label: { fr: 'Vu', en: 'Seen' } },
        excused: { value: 3, label: { fr: 'Excusé', en: 'Excused' } },
        revoked: { value: 4, label: { fr: 'Annulé par le service', en: 'Cancelled by the service' } },
        noshow: { value: 5, label: { fr: 'Absent', en: 'No show' } },
        destroyed: { value: 6, label: { fr: 'Supprimé', en: 'Deleted' } },
      },
      label: { fr: 'Statut RDV-Solidarités', en: 'RDV-Solidarités status' },
      description: {
        fr: 'Statut exact du RDV dans RDV-Solidarités.',
        en: 'Exact status of the RDV in RDV-Solidarités.',
      },
    },
    rdvs_statustext: {
      type: 'string',
      schemaName: 'rdvs_statustext',
      maxLength: 50,
      format: 'Text',
      audit: true,
      label: { fr: 'Statut inconnu', en: 'Unknown status' },
      description: {
        fr: "Statut reçu de RDV-Solidarités quand il n'est pas dans la liste.",
        en: 'Status received from RDV-Solidarités when it is not in the list.',
      },
    },
    rdvs_motif: {
      type: 'string',
      schemaName: 'rdvs_motif',
      maxLength: 250,
      format: 'Text',
      audit: true,
      label: { fr: 'Motif', en: 'Reason' },
      description: { fr: 'Motif du RDV.', en: 'Reason for the RDV.' },
    },
    rdvs_organisation: {
      type: 'string',
      schemaName: 'rdvs_organisation',
      maxLength: 250,
      format: 'Text',
      audit: true,
      label: { fr: 'Organisation', en: 'Organisation' },
      description: {
        fr: 'Organisation de RDV-Solidarités qui reçoit.',
        en: 'Organisation of RDV-Solidarités that receives.',
      },
    },
    rdvs_agent: {
      type: 'string',
      schemaName: 'rdvs_agent',
      maxLength: 250,
      format: 'Text',
      audit: true,
      label: { fr: 'Agents', en: 'Agents' },
      description: { fr: 'Noms des agents qui reçoivent.', en: 'Names of the agents who receive.' },
    },
    rdvs_url: {
      type: 'string',
      schemaName: 'rdvs_url',
      maxLength: 500,
      format: 'Url',
      audit: false,
      label: { fr: 'Ouvrir dans RDV-Solidarités', en: 'Open in RDV-Solidarités' },
      description: { fr: 'Page du RDV, pour les agents.', en: 'Page of the RDV, for agents.' },
    },
    rdvs_collective: {
      type: 'boolean',
      schemaName: 'rdvs_collective',
      audit: true,
      whenTrue: { fr: 'Oui', en: 'Yes' },
      whenFalse: { fr: 'Non', en: 'No' },
      label: { fr: 'RDV collectif', en: 'Collective RDV' },
      description: { fr: 'Plusieurs usagers sont reçus ensemble.', en: 'Several usagers are received together.' },
    },
    rdvs_cancelledon: {
      type: 'datetime',
      schemaName: 'rdvs_cancelledon',
      audit: true,
      label: { fr: 'Annulé le', en: 'Cancelled on' },
      description: {
        fr: "Date de l'annulation ou de l'absence, selon RDV-Solidarités.",
        en: 'When it was cancelled or missed, according to RDV-Solidarités.',
      },
    },
    rdvs_calendarentry: {
      type: 'string',
      schemaName: 'rdvs_calendarentry',
      maxLength: 50,
      format: 'Text',
      audit: false,
      label: { fr: "Absence ou plage d'ouverture", en: 'Absence or plage d’ouverture' },
      description: {
        fr: "Enregistrement de RDV-Solidarités dont c'est une occurrence, par exemple absence-5 ou plage-9.",
        en: 'Record of RDV-Solidarités of which this is an occurrence, for example absence-5 or plage-9.',
      },
    },
  },
} as const satisfies ExtendedTable;
