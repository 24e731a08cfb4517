// What Microsoft's own columns and states are called: Dynamics has these words in each language pack, the emulator in English only.

import type { Column } from '../dataverse/src/schema/model.ts';

interface Words {
  readonly fr: string;
  readonly en: string;
}

/** Names of columns that no form of the application names. */
export const STANDARD_COLUMNS: Readonly<Record<string, Words>> = {
  fullname: { fr: 'Nom complet', en: 'Full Name' },
  createdon: { fr: 'Créé le', en: 'Created On' },
  modifiedon: { fr: 'Modifié le', en: 'Modified On' },
  ownerid: { fr: 'Propriétaire', en: 'Owner' },
  statecode: { fr: 'État', en: 'Status' },
  statuscode: { fr: 'Raison du statut', en: 'Status Reason' },
};

const FRENCH_STATES: Readonly<Record<string, string>> = {
  Active: 'Actif',
  Inactive: 'Inactif',
  Open: 'Ouvert',
  Completed: 'Terminé',
  Canceled: 'Annulé',
  Scheduled: 'Planifié',
  Free: 'Libre',
  Tentative: 'Provisoire',
  Busy: 'Occupé',
  'Out of Office': 'Absent du bureau',
};

/** The French word for a state of Microsoft's; undefined for any other choice. */
export const frenchState = ({ type }: Column, english: string): string | undefined =>
  type === 'State' || type === 'Status' ? FRENCH_STATES[english] : undefined;
