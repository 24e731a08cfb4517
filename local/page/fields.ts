// Fields that people write: how they are shown, and what was typed as values of columns.

import type { Column } from '../dataverse/src/schema/model.ts';
import type { Row } from '../dataverse/src/store/row.ts';
import { fromField, toField } from './dates.ts';
import type { Control } from './form.ts';
import { type Html, html } from './html.ts';
import { type Reader, say } from './reader.ts';
import { columnOf, isDateOnly, optionLabel } from './rows.ts';

/** Types that a field of the page can write. Lookups and party lists are shown only. */
const WRITABLE = new Set(['String', 'Memo', 'Picklist', 'Boolean', 'Integer', 'DateTime']);

/** The column that a control lets people write; undefined for one that is only read. */
export function writableColumn(reader: Reader, table: string, { column, readOnly }: Control): Column | undefined {
  const found = column === undefined ? undefined : columnOf(reader, table, column);
  return found !== undefined && !readOnly && found.update && WRITABLE.has(found.type) ? found : undefined;
}

/** The text that stands in the field of a column. */
export function fieldText(column: Column, row: Row): string {
  const value = row.values[column.name] ?? null;
  if (value === null || typeof value === 'object') return '';
  if (column.type === 'DateTime' && !isDateOnly(column)) return toField(String(value));
  return String(value).replaceAll('\r\n', '\n');
}

interface Typed {
  readonly column: Column;
  readonly id: string;
  readonly text: string;
}

/** Fields belong to the form `fiche`, wherever they stand. */
export function field(reader: Reader, { column, id, text }: Typed): Html {
  const { name, type, maxLength, options } = column;
  if (type === 'Picklist' || type === 'Boolean') {
    const choices: (readonly [string, string])[] =
      type === 'Boolean'
        ? [
            ['true', say(reader, 'Oui', 'Yes')],
            ['false', say(reader, 'Non', 'No')],
          ]
        : [...(options?.keys() ?? [])].map((value) => [String(value), optionLabel(reader, column, value)] as const);
    const all = text === '' ? [['', '—'] as const, ...choices] : choices;
    return html`<select form="fiche" id="${id}" name="${name}">${all.map(
      ([value, words]) => html`<option value="${value}"${value === text && html` selected`}>${words}</option>`,
    )}</select>`;
  }
  if (type === 'Memo')
    return html`<textarea form="fiche" id="${id}" name="${name}" rows="4" maxlength="${maxLength ?? 2000}">${text}</textarea>`;
  return html`<input form="fiche" id="${id}" name="${name}" type="${inputType(column)}" value="${text}"${type === 'String' && html` maxlength="${maxLength ?? 100}"`} autocomplete="off">`;
}

function inputType(column: Column): string {
  if (column.type === 'DateTime') return isDateOnly(column) ? 'date' : 'datetime-local';
  if (column.type === 'Integer') return 'number';
  return 'text';
}

/** The value of a column for the Web API. A text that is none, a date for example, goes as it is: Dataverse refuses it. */
export function valueFrom({ type, ...column }: Column, text: string): string | number | boolean | null {
  if (text === '') return null;
  if (type === 'Picklist' || type === 'Integer') return Number.isNaN(Number(text)) ? text : Number(text);
  if (type === 'Boolean') return text === 'true';
  if (type === 'DateTime' && !isDateOnly({ type, ...column })) return fromField(text) ?? text;
  return text;
}
