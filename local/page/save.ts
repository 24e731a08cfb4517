// Saving a form: what was changed in its fields is written through the Web API.

import { etag } from '../dataverse/src/rows/projection.ts';
import type { Row } from '../dataverse/src/store/row.ts';
import { fieldText, valueFrom, writableColumn } from './fields.ts';
import { controlsOf, type Form } from './form.ts';
import type { Reader } from './reader.ts';
import { patch, type Refusal } from './web-api.ts';

/** Writes the fields of `posted` that differ from the row, unless it changed since it was shown. Gives the refusal, if there is one. */
export async function save(
  reader: Reader,
  { form, row, posted }: { form: Form; row: Row; posted: URLSearchParams },
): Promise<Refusal | undefined> {
  const changes = controlsOf(form).flatMap((control) => {
    const column = writableColumn(reader, row.table, control);
    const text = column && posted.get(column.name)?.replaceAll('\r\n', '\n');
    if (column === undefined || text === undefined || text === fieldText(column, row)) return [];
    return [[column.name, valueFrom(column, text)] as const];
  });
  if (changes.length === 0) return undefined;
  return patch(reader.organization, { row, etag: posted.get('etag') ?? etag(row) }, Object.fromEntries(changes));
}
