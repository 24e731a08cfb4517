// Our Dataverse schema: the only description of what `provision` creates, what checks expect, what the local Dataverse
// offers, and which columns and option values the mapping may use.

import { duplicateTable } from './duplicate-table.ts';
import { appointmentTable, contactTable } from './extended-tables.ts';
import { incidentTable } from './incident-table.ts';
import { linkTable } from './link-table.ts';
import { motifTable } from './motif-table.ts';
import { participationTable } from './participation-table.ts';
import { referentTable } from './referent-table.ts';
import { runTable } from './run-table.ts';
import type { Schema } from './shape.ts';

export const schema = {
  publisher: {
    uniqueName: 'RdvSolidarites',
    prefix: 'rdvs',
    optionValuePrefix: 77_360,
    label: { fr: 'RDV-Solidarités', en: 'RDV-Solidarités' },
  },
  solution: {
    uniqueName: 'RdvSolidarites',
    version: '1.0.0.0',
    label: { fr: 'RDV-Solidarités', en: 'RDV-Solidarités' },
    description: {
      fr: 'Tables et colonnes du connecteur RDV-Solidarités.',
      en: 'Tables and columns of the RDV-Solidarités connector.',
    },
  },
  tables: {
    rdvs_link: linkTable,
    contact: contactTable,
    rdvs_motif: motifTable,
    appointment: appointmentTable,
    rdvs_participation: participationTable,
    rdvs_referent: referentTable,
    rdvs_incident: incidentTable,
    rdvs_run: runTable,
    rdvs_duplicate: duplicateTable,
  },
} as const satisfies Schema;

type TableName = keyof typeof schema.tables;
type Columns<T extends TableName> = (typeof schema.tables)[T]['columns'];

/** Logical names of our columns. */
export type ContactColumn = keyof Columns<'contact'>;
export type AppointmentColumn = keyof Columns<'appointment'>;

/** Our names for the states of a link. */
export type LinkState = keyof Columns<'rdvs_link'>['rdvs_state']['options'];

/** Our names for the states of an incident. */
export type IncidentState = keyof Columns<'rdvs_incident'>['rdvs_state']['options'];

/** Our names for what is known of a possible duplicate. */
export type DuplicateState = keyof Columns<'rdvs_duplicate'>['rdvs_state']['options'];

/** Option name → stored number: `optionValues.appointment.rdvs_status.seen` is 2. */
export const optionValues = {
  rdvs_link: { rdvs_state: valuesOf(linkTable.columns.rdvs_state.options) },
  rdvs_duplicate: { rdvs_state: valuesOf(duplicateTable.columns.rdvs_state.options) },
  rdvs_participation: { rdvs_createdby: valuesOf(participationTable.columns.rdvs_createdby.options) },
  rdvs_incident: { rdvs_state: valuesOf(incidentTable.columns.rdvs_state.options) },
  rdvs_run: { rdvs_kind: valuesOf(runTable.columns.rdvs_kind.options) },
  rdvs_motif: {
    rdvs_place: valuesOf(motifTable.columns.rdvs_place.options),
    rdvs_handling: valuesOf(motifTable.columns.rdvs_handling.options),
  },
  appointment: {
    rdvs_status: valuesOf(appointmentTable.columns.rdvs_status.options),
    rdvs_createdby: valuesOf(appointmentTable.columns.rdvs_createdby.options),
  },
};

function valuesOf<const O extends Readonly<Record<string, { value: number }>>>(
  options: O,
): { readonly [K in keyof O]: O[K]['value'] } {
  const entries = Object.entries(options).map(([name, { value }]) => [name, value]);
  return Object.fromEntries(entries) as { readonly [K in keyof O]: O[K]['value'] };
}
