// The columns that notifications fill: what is read of a row follows what may be written to it.
import { type Mapping, OUR_MAPPING } from './model/mapping.ts';
import { CONTACT_COLUMNS } from './people/contact-mapping.ts';
import { appointmentMapping } from './rdv/appointment-mapping.ts';

/** Logical names of columns, by table. */
export interface MappedColumns {
  readonly contact: readonly string[];
  readonly appointment: readonly string[];
}

/** Those of a mapping. A line that was taken away is still read: what it filled before is emptied with the rest. */
export function mappedColumns({ contact, appointment }: Mapping): MappedColumns {
  return {
    contact: [...CONTACT_COLUMNS, ...Object.keys(contact.own)],
    appointment: [...Object.keys(appointmentMapping), ...Object.keys(appointment.own)],
  };
}

/** Those of the connector's own mapping. */
export const OUR_MAPPED_COLUMNS = mappedColumns(OUR_MAPPING);

/** The same, and others. */
export function withColumns(mapped: MappedColumns, { contact = [], appointment = [] }: Partial<MappedColumns>) {
  return { contact: [...mapped.contact, ...contact], appointment: [...mapped.appointment, ...appointment] };
}
