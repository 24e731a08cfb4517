/**
 * Our Dataverse schema: the only description of what `provision` creates, what checks expect, what the local Dataverse
 * offers, and which columns and option values the mapping may use.
 */

import { linkTable } from './schema-link.ts';
import type { Schema } from './schema-shape.ts';
import { appointmentTable, contactTable } from './schema-standard-tables.ts';

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
      fr: 'Table et colonnes du connecteur RDV-Solidarités.',
      en: 'Table and columns of the RDV-Solidarités connector.',
    },
  },
  tables: { rdvs_link: linkTable, contact: contactTable, appointment: appointmentTable },
} as const satisfies Schema;

export type TableName = keyof typeof schema.tables;
type Columns<T extends TableName> = (typeof schema.tables)[T]['columns'];

/** Logical name of one of our columns on table `T`. */
export type ColumnName<T extends TableName> = keyof Columns<T> & string;
export type LinkColumn = ColumnName<'rdvs_link'>;
export type ContactColumn = ColumnName<'contact'>;
export type AppointmentColumn = ColumnName<'appointment'>;

/** Our columns on table `T` whose description matches `Shape`, e.g. `{ type: 'choice' }`. */
export type ColumnsLike<T extends TableName, Shape> = {
  [C in ColumnName<T>]: Columns<T>[C] extends Shape ? C : never;
}[ColumnName<T>];

type Options<T extends TableName, C extends ColumnName<T>> = Columns<T>[C] extends { options: infer O } ? O : never;

/** Our name for an option of a choice column, e.g. `'seen'`. */
export type OptionName<T extends TableName, C extends ColumnName<T>> = keyof Options<T, C> & string;

/** The numbers a choice column may hold. */
export type OptionValue<T extends TableName, C extends ColumnName<T>> = {
  [O in keyof Options<T, C>]: Options<T, C>[O] extends { value: infer V } ? V : never;
}[keyof Options<T, C>];

export type LinkState = OptionName<'rdvs_link', 'rdvs_state'>;
export type RdvStatus = OptionName<'appointment', 'rdvs_status'>;

/** Option name → stored number: `optionValues.appointment.rdvs_status.seen` is 2. */
export const optionValues = {
  rdvs_link: { rdvs_state: valuesOf(linkTable.columns.rdvs_state.options) },
  appointment: { rdvs_status: valuesOf(appointmentTable.columns.rdvs_status.options) },
};

function valuesOf<const O extends Readonly<Record<string, { value: number }>>>(
  options: O,
): { readonly [K in keyof O]: O[K]['value'] } {
  const entries = Object.entries(options).map(([name, { value }]) => [name, value]);
  return Object.fromEntries(entries) as { readonly [K in keyof O]: O[K]['value'] };
}
