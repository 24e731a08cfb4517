// What a form or dashboard must be to be taken. Microsoft Learn, "Form XML schema", "Understand dashboards"; where Dataverse
// takes a form and silently drops a part of it, this refuses it: stricter on purpose.

import { badRequest, invalidArgument } from '../errors.ts';
import { type Element, readXml } from '../fetch/xml.ts';
import type { Organization } from '../organization.ts';
import type { Table } from '../schema/model.ts';
import { targets } from '../schema/schema.ts';
import type { Values } from '../store/row.ts';
import { CONTROLS, FORM_TYPE, QUICK_VIEW, SUB_GRID, TIMELINE } from './form-controls.ts';
import { checkGrid } from './grids.ts';
import { validateXml } from './xml-schemas.ts';
import { checkLanguages, childText, named, plainId, refuseTwice } from './xml-tree.ts';

const MOST_COMPONENTS = 6;

export function checkForm(organization: Organization, values: Values): void {
  const { type, objecttypecode, formxml } = values;
  const types: readonly number[] = Object.values(FORM_TYPE);
  if (!types.includes(Number(type))) throw invalidArgument(`The form type '${String(type)}' is not valid.`);
  const dashboard = type === FORM_TYPE.dashboard;
  const table = organization.schema.table(String(objecttypecode));
  if (!dashboard && table === undefined) throw invalidArgument(`The form is of no table: '${String(objecttypecode)}'.`);
  if (typeof formxml !== 'string') throw invalidArgument("The property 'formxml' is missing.");
  validateXml('FormXml', formxml);
  const form = readXml(formxml);
  if (form?.name !== 'form') throw invalidArgument('The XML is not a form.');
  checkIds(form);
  for (const { children } of named(form, 'labels'))
    checkLanguages(
      organization,
      children.map(({ attributes }) => attributes['languagecode']),
      'a form',
    );
  named(form, 'rows').forEach(checkSpans);
  if (type === FORM_TYPE.quickView) checkQuickView(form);
  if (dashboard) {
    checkDashboard(organization, form);
    return;
  }
  if (table !== undefined) for (const control of named(form, 'control')) checkControl(organization, table, control);
}

function checkIds(form: Element): void {
  const controls = named(form, 'control').map(({ attributes }) => attributes['id'] ?? '');
  refuseTwice(controls, 'control id');
  const ids = ['tab', 'section', 'cell']
    .flatMap((name) => named(form, name))
    .map(({ attributes }) => attributes['id'] ?? '');
  refuseTwice(
    ids.map((id) => id.toLowerCase()),
    'id',
  );
}

/** A cell of several rows needs them: without, Dynamics shows one row. */
function checkSpans({ children }: Element): void {
  for (const [index, row] of children.entries())
    for (const { attributes } of row.children)
      if (index + Number(attributes['rowspan'] ?? 1) > children.length)
        throw invalidArgument(`A cell has rowspan ${attributes['rowspan']} and fewer rows.`);
}

/** One tab, one column, no header; events: 0x8004e300. */
function checkQuickView(form: Element): void {
  if (named(form, 'events').length > 0) throw badRequest('A quick view form has no events.', '0x8004e300');
  if (named(form, 'tab').length !== 1 || named(form, 'column').length !== 1 || named(form, 'header').length > 0)
    throw invalidArgument('A quick view form has one tab with one column, and no header.');
}

function checkControl(organization: Organization, table: Table, { attributes, children }: Element): void {
  const { id = '', datafieldname } = attributes;
  const classId = plainId(attributes['classid']);
  const parameters = children.find(({ name }) => name === 'parameters');
  if (classId === TIMELINE) {
    if (table.ownership !== 'UserOwned') throw invalidArgument(`The table ${table.logicalName} has no timeline.`);
    return;
  }
  if (classId === SUB_GRID) {
    checkGrid(organization, parameters, table);
    return;
  }
  const types = CONTROLS[classId];
  if (types === undefined) throw invalidArgument(`The control '${id}' has an unknown class id.`);
  const column = table.columns.get(datafieldname ?? '');
  if (column === undefined)
    throw badRequest(`The column '${datafieldname ?? ''}' of the control '${id}' does not exist.`, '0x80160051');
  if (!types.includes(column.type))
    throw invalidArgument(`The control '${id}' does not fit a column of type ${column.type}.`);
  if (classId === QUICK_VIEW) checkQuickForms(organization, table, { column: column.name, parameters });
}

interface QuickView {
  readonly column: string;
  readonly parameters: Element | undefined;
}

function checkQuickForms(organization: Organization, table: Table, { column, parameters }: QuickView): void {
  const inner = readXml(childText(parameters, 'QuickForms') ?? '');
  const forms = inner === undefined ? [] : named(inner, 'QuickFormId');
  if (forms.length === 0) throw invalidArgument('A quick view names no form.');
  const reached = table.relationships.filter((relationship) => relationship.column === column).flatMap(targets);
  for (const { attributes, text } of forms) {
    const form = organization.store.get('systemform', plainId(text))?.values;
    const entity = attributes['entityname'] ?? '';
    if (form?.['type'] !== FORM_TYPE.quickView || form['objecttypecode'] !== entity || !reached.includes(entity))
      throw invalidArgument(`The quick view form ${text} is not one of the target of ${column}.`);
  }
}

function checkDashboard(organization: Organization, form: Element): void {
  const controls = named(form, 'control');
  if (controls.length > MOST_COMPONENTS)
    throw invalidArgument(`A dashboard has ${MOST_COMPONENTS} components at most.`);
  for (const { children } of controls)
    checkGrid(
      organization,
      children.find(({ name }) => name === 'parameters'),
      undefined,
    );
}
