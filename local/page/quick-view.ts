// A quick view: columns of the row that a lookup points to.

import { readXml } from '../../src/provision/app/xml.ts';
import type { Row } from '../dataverse/src/store/row.ts';
import { type Control, controlsOf, formById } from './form.ts';
import { type HtmlContent, html } from './html.ts';
import { readField } from './read-field.ts';
import type { Reader } from './reader.ts';
import { reference } from './rows.ts';
import { below, plainId, textOf } from './xml-tree.ts';

/** Nothing where the lookup is empty, or its table has no form among those of the control. */
export function quickView(reader: Reader, row: Row, { column = '', parameters }: Control): HtmlContent {
  const ref = reference(row, column);
  const target = ref && reader.organization.store.get(ref.table, ref.id);
  const [forms] = readXml(parameters['QuickForms'] ?? '');
  const id = forms && below(forms, 'QuickFormId').find(({ attributes }) => attributes['entityname'] === target?.table);
  const form = id && formById(reader, plainId(textOf(id)), 'quickView');
  if (target === undefined || form === undefined) return '—';
  return html`<dl class="facts">${controlsOf(form).map((control) => readField(reader, target, control))}</dl>`;
}
