// The columns that notifications fill: what is read of a row follows what may be written to it.
import { schema } from '../schema/schema.ts';
import { OUR_MAPPING } from './model/mapping.ts';
import type { Policy } from './model/policy.ts';
import { CONTACT_COLUMNS } from './people/contact-mapping.ts';
import { appointmentMapping } from './rdv/appointment-mapping.ts';

/** Logical names of columns, by table. */
export interface MappedColumns {
  readonly contact: readonly string[];
  readonly appointment: readonly string[];
  /** None where participations are left alone. */
  readonly rdvs_participation: readonly string[];
}

/** All that is read of a participation. */
export const PARTICIPATION_COLUMNS = [...Object.keys(schema.tables.rdvs_participation.columns), 'ownerid'];

/** Those of a mapping. A line that was taken away is still read: what it filled before is emptied with the rest. */
export function mappedColumns({
  mapping: { contact, appointment },
  participations,
}: Pick<Policy, 'mapping' | 'participations'>): MappedColumns {
  return {
    contact: [...CONTACT_COLUMNS, ...Object.keys(contact.own)],
    appointment: [...Object.keys(appointmentMapping), ...Object.keys(appointment.own)],
    rdvs_participation: participations ? PARTICIPATION_COLUMNS : [],
  };
}

/** Those of the connector's own mapping. */
export const OUR_MAPPED_COLUMNS = mappedColumns({ mapping: OUR_MAPPING, participations: true });

/** The same, and others. */
export function withColumns(mapped: MappedColumns, { contact = [], appointment = [] }: Partial<MappedColumns>) {
  return {
    ...mapped,
    contact: [...mapped.contact, ...contact],
    appointment: [...mapped.appointment, ...appointment],
  };
}
