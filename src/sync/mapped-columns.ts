// The columns that notifications fill: what is read of a row follows what may be written to it.
import { CONTACT_COLUMNS } from './people/contact-mapping.ts';
import { appointmentMapping } from './rdv/appointment-mapping.ts';

/** Logical names of columns, by table. */
export interface MappedColumns {
  readonly contact: readonly string[];
  readonly appointment: readonly string[];
}

/** Those of the connector's own mapping. */
export const OUR_MAPPED_COLUMNS: MappedColumns = {
  contact: CONTACT_COLUMNS,
  appointment: Object.keys(appointmentMapping),
};
