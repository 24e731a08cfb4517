// What the columns of a list are called.

import type { Application } from './application.ts';
import { controlsOf, formOf } from './form.ts';
import { languageCode, type Reader } from './reader.ts';
import { columnOf } from './rows.ts';
import { STANDARD_COLUMNS } from './standard-labels.ts';

/** Our columns by their own labels, Microsoft's by those of the form, since the emulator has them in no language. */
export function headings(reader: Reader, app: Application, table: string): (name: string) => string {
  const form = formOf(reader, app, table);
  const inForm = new Map(form && controlsOf(form).map(({ column, label }) => [column, label]));
  return (name) => {
    const column = columnOf(reader, table, name);
    const own = column?.custom === true ? column.labels.get(languageCode(reader)) : undefined;
    const first = column && [...column.labels.values()][0];
    return own ?? inForm.get(name) ?? STANDARD_COLUMNS[name]?.[reader.lang] ?? first ?? name;
  };
}
