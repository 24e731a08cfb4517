// A column of a record that is only read.

import type { Row } from '../dataverse/src/store/row.ts';
import type { Control } from './form.ts';
import { type Html, html } from './html.ts';
import type { Reader } from './reader.ts';
import { shownValue } from './value.ts';

/** Its label and value; a dash where it is empty. */
export function readField(reader: Reader, row: Row, { column, label }: Control): Html {
  const value = column === undefined ? '' : shownValue(reader, row, column);
  return html`<div><dt>${label}</dt><dd>${value === undefined || value === '' ? '—' : value}</dd></div>`;
}
