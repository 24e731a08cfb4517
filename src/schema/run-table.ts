// `rdvs_run`: the present state of the connector, and one row per backfill or reconciliation.

import type { OwnTable } from './shape.ts';

export const runTable = {
  kind: 'own',
  schemaName: 'rdvs_run',
  entitySet: 'rdvs_runs',
  primaryKey: 'rdvs_runid',
  primaryName: 'rdvs_name',
  ownership: 'OrganizationOwned',
  audit: false,
  label: { fr: 'Passage du connecteur', en: 'Run of the connector' },
  pluralLabel: { fr: 'Passages du connecteur', en: 'Runs of the connector' },
  description: {
    fr: "L'état présent du connecteur, et ses passages. Sans aucune donnée personnelle.",
    en: 'The present state of the connector, and its runs. Without any personal data.',
  },
  columns: {
    rdvs_name: {
      type: 'string',
      schemaName: 'rdvs_name',
      maxLength: 100,
      format: 'Text',
      audit: false,
      label: { fr: 'Passage', en: 'Run' },
      description: { fr: 'Nom du passage.', en: 'Name of the run.' },
    },
    rdvs_kind: {
      type: 'choice',
      schemaName: 'rdvs_kind',
      audit: false,
      options: {
        state: { value: 1, label: { fr: 'État', en: 'State' } },
        backfill: { value: 2, label: { fr: 'Reprise', en: 'Backfill' } },
        reconciliation: { value: 3, label: { fr: 'Réconciliation', en: 'Reconciliation' } },
      },
      label: { fr: 'Nature', en: 'Kind' },
      description: { fr: "L'état présent, ou un passage.", en: 'The present state, or a run.' },
    },
    rdvs_started: {
      type: 'datetime',
      schemaName: 'rdvs_started',
      audit: false,
      label: { fr: 'Début', en: 'Started' },
      description: { fr: 'Début du passage ; vide pour un état.', en: 'Start of the run; empty for a state.' },
    },
    rdvs_ended: {
      type: 'datetime',
      schemaName: 'rdvs_ended',
      audit: false,
      label: { fr: 'Fin', en: 'Ended' },
      description: { fr: 'Fin du passage ; vide pour un état.', en: 'End of the run; empty for a state.' },
    },
    rdvs_counts: {
      type: 'memo',
      schemaName: 'rdvs_counts',
      maxLength: 2000,
      audit: false,
      label: { fr: 'Bilan', en: 'Counts' },
      description: { fr: 'Ce qui a été compté, une ligne par nombre.', en: 'What was counted, one line a number.' },
    },
    rdvs_lastreceived: {
      type: 'datetime',
      schemaName: 'rdvs_lastreceived',
      audit: false,
      label: { fr: 'Dernière réception', en: 'Last received' },
      description: {
        fr: 'Réception de la notification la plus récente que le connecteur a prise en charge, à une minute près.',
        en: 'Receipt of the newest notification that the connector took up, to the minute.',
      },
    },
    rdvs_lastapplied: {
      type: 'datetime',
      schemaName: 'rdvs_lastapplied',
      audit: false,
      label: { fr: 'Dernière application', en: 'Last applied' },
      description: {
        fr: 'Quand une notification a été traitée avec succès pour la dernière fois, à une minute près.',
        en: 'When a notification was last applied, to the minute.',
      },
    },
    rdvs_waiting: {
      type: 'whole',
      schemaName: 'rdvs_waiting',
      audit: false,
      label: { fr: 'En attente', en: 'Waiting' },
      description: {
        fr: "Notifications qui attendent d'être appliquées.",
        en: 'Notifications that wait to be applied.',
      },
    },
    rdvs_oldest: {
      type: 'datetime',
      schemaName: 'rdvs_oldest',
      audit: false,
      label: { fr: 'Plus ancienne en attente', en: 'Oldest waiting' },
      description: {
        fr: 'Réception de la plus ancienne notification en attente.',
        en: 'Receipt of the oldest one waiting.',
      },
    },
    rdvs_incidents: {
      type: 'whole',
      schemaName: 'rdvs_incidents',
      audit: false,
      label: { fr: 'Incidents', en: 'Incidents' },
      description: {
        fr: 'Notifications en quarantaine, sans celles écartées.',
        en: 'Notifications in quarantine, not discarded.',
      },
    },
    rdvs_version: {
      type: 'string',
      schemaName: 'rdvs_version',
      maxLength: 60,
      format: 'Text',
      audit: false,
      label: { fr: 'Version du connecteur', en: 'Version of the connector' },
      description: { fr: 'Version du connecteur.', en: 'Version of the connector.' },
    },
  },
} as const satisfies OwnTable;
