// What a view must be to be taken. Microsoft Learn, "Customize views"; layoutxml by its schema (Layout.xsd).

import { badRequest, type DataverseError, invalidArgument } from '../errors.ts';
import type { Organization } from '../organization.ts';
import type { Values } from '../store/row.ts';
import { parseFetch } from './query.ts';
import { type Element, readXml } from './xml.ts';

/** Required attributes of Layout.xsd, and what each element may hold. */
const LAYOUT: Readonly<Record<string, { required: readonly string[]; inside: string | undefined }>> = {
  grid: { required: ['name', 'select', 'preview', 'icon', 'object'], inside: 'row' },
  row: { required: ['name', 'id'], inside: 'cell' },
  cell: { required: ['name'], inside: undefined },
};

/** Refuses a view whose query or layout is broken. A cell without its attribute is only an empty column: it passes. */
export function checkView(organization: Organization, values: Values): void {
  const { fetchxml, layoutxml, returnedtypecode } = values;
  if (typeof fetchxml === 'string') {
    const { entity } = parseFetch(organization, fetchxml);
    if (entity.table.logicalName !== returnedtypecode)
      throw invalidArgument(
        `The view is of '${String(returnedtypecode)}', its query of '${entity.table.logicalName}'.`,
      );
  }
  if (typeof layoutxml !== 'string') return;
  const grid = readXml(layoutxml);
  if (grid?.name !== 'grid') throw wrongLayout('it is not a grid');
  checkElement(grid);
  const [row, ...others] = grid.children;
  if (row === undefined || others.length > 0 || row.children.length === 0)
    throw wrongLayout('a grid has one row, with cells');
}

function checkElement({ name, attributes, children }: Element): void {
  const rule = LAYOUT[name];
  const missing = rule?.required.find((attribute) => attributes[attribute] === undefined);
  if (missing !== undefined) throw wrongLayout(`'${missing}' is missing on '${name}'`);
  if (name === 'grid' && !/^-?\d+$/.test(attributes['object'] ?? '')) throw wrongLayout("'object' is not a number");
  for (const child of children) {
    if (child.name !== rule?.inside) throw wrongLayout(`'${child.name}' is out of place`);
    checkElement(child);
  }
}

/** UnExpected: seen for a grid without `object`; for the rest of the schema an [inference]. */
function wrongLayout(reason: string): DataverseError {
  return badRequest(`The layout of the view is not valid: ${reason}.`, '0x80040216');
}
