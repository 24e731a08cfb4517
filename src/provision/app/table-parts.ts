// What the application shows of one table: its form, views and charts, and where it stands in the site map.

import type { Text } from '../../schema/shape.ts';
import type { View, ViewedTable } from '../views.ts';
import type { Chart, Form } from './form-shape.ts';

/** The groups of the site map, in the order in which they stand there. */
export const GROUPS = {
  home: { fr: 'Accueil', en: 'Home' },
  rdv: { fr: 'Rendez-vous', en: 'Appointments' },
  people: { fr: 'Personnes', en: 'People' },
  settings: { fr: 'Réglages', en: 'Settings' },
  follow: { fr: 'Suivi', en: 'Follow-up' },
} as const satisfies Record<string, Text>;

export interface TableParts extends ViewedTable {
  /** What the site map calls it. */
  readonly title: Text;
  readonly group: keyof typeof GROUPS;
  readonly form?: Form;
  readonly views: readonly View[];
  readonly charts: readonly Chart[];
}
