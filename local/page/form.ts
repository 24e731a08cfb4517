// Forms and dashboards as they were provisioned: tabs, columns, sections and what stands in them.

import { type Element, readXml } from '../../src/provision/app/xml.ts';
import { FORM_TYPE } from '../dataverse/src/customization/form-controls.ts';
import { publishedRow } from '../dataverse/src/customization/publication.ts';
import type { Row } from '../dataverse/src/store/row.ts';
import { type Application, nameIn, partsOf } from './application.ts';
import type { Reader } from './reader.ts';
import { text } from './rows.ts';
import { below, child, children, labelOf, plainId, textOf } from './xml-tree.ts';

export interface Control {
  readonly id: string;
  /** In lower case, without braces. */
  readonly classId: string;
  readonly label: string;
  readonly column: string | undefined;
  readonly readOnly: boolean;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Section {
  readonly id: string;
  readonly label: string | undefined;
  readonly controls: readonly Control[];
}

export interface Tab {
  readonly label: string | undefined;
  /** From left to right. */
  readonly columns: readonly (readonly Section[])[];
}

export interface Form {
  readonly name: string;
  readonly header: readonly Control[];
  readonly tabs: readonly Tab[];
}

const ACTIVE = 1;

/** The main form of a table: the first of the application. */
export function formOf(reader: Reader, app: Application, table: string): Form | undefined {
  const [row] = partsOf(reader, app, { kind: 'systemform', about: 'objecttypecode', table }).filter(
    ({ values }) => values['type'] === FORM_TYPE.main && values['formactivationstate'] === ACTIVE,
  );
  return row && readForm(reader, row);
}

/** A dashboard or a quick view form. */
export function formById(reader: Reader, id: string, type: keyof typeof FORM_TYPE): Form | undefined {
  const row = publishedRow(reader.organization, 'systemform', id);
  return row?.values['type'] === FORM_TYPE[type] ? readForm(reader, row) : undefined;
}

export const controlsOf = ({ header, tabs }: Form): readonly Control[] => [
  ...header,
  ...tabs.flatMap(({ columns }) => columns.flat().flatMap(({ controls }) => controls)),
];

function readForm(reader: Reader, row: Row): Form | undefined {
  const [root] = readXml(text(row, 'formxml') ?? '');
  if (root === undefined) return undefined;
  const header = child(root, 'header');
  return {
    name: nameIn(reader, row),
    header: header === undefined ? [] : controlsIn(reader, header),
    tabs: below(root, 'tab').map((tab) => ({
      label: shownLabel(reader, tab),
      columns: below(child(tab, 'columns') ?? tab, 'column').map((column) =>
        below(column, 'section').map((section) => ({
          id: plainId(section.attributes['id']),
          label: shownLabel(reader, section),
          controls: controlsIn(reader, section),
        })),
      ),
    })),
  };
}

const shownLabel = (reader: Reader, element: Element): string | undefined =>
  element.attributes['showlabel'] === 'false' ? undefined : labelOf(reader, element);

function controlsIn(reader: Reader, part: Element): Control[] {
  return below(part, 'cell').flatMap((cell) => {
    const control = child(cell, 'control');
    if (control === undefined || cell.attributes['visible'] === 'false') return [];
    const { id = '', classid, datafieldname, disabled } = control.attributes;
    const parameters = child(control, 'parameters');
    return [
      {
        id,
        classId: plainId(classid),
        label: labelOf(reader, cell),
        column: datafieldname,
        readOnly: disabled === 'true',
        parameters: Object.fromEntries((parameters ? children(parameters) : []).map((one) => [one.name, textOf(one)])),
      },
    ];
  });
}
