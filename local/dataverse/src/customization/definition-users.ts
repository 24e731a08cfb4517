// What uses a table, a column or a relationship: as long as something does, the definition cannot be deleted.
// Microsoft Learn, "Delete a column", "Delete a custom table", "Dependency tracking for solution components".

import { badRequest } from '../errors.ts';
import { type Element, readXml } from '../fetch/xml.ts';
import type { Organization } from '../organization.ts';
import type { Relationship, Table } from '../schema/model.ts';
import type { Row } from '../store/row.ts';
import { below, childText, named } from './xml-tree.ts';

/** @throws DataverseError 0x8004f01f while a form, view or chart names the column */
export function refuseUsedColumn(organization: Organization, table: Table, column: string): void {
  const { logicalName } = table;
  refuse(`column ${logicalName}.${column}`, [
    ...rowsWith(organization, 'systemform', 'formxml', (form, { values }) => {
      if (values['objecttypecode'] !== logicalName) return false;
      return named(form, 'control').some(({ attributes }) => attributes['datafieldname'] === column);
    }),
    ...queriesWith(organization, (entity) => entityNames(entity, { table: logicalName, column })),
  ]);
}

/** @throws DataverseError 0x8004f01f while a list of a form follows the relationship */
export function refuseUsedRelationship(organization: Organization, { schemaName }: Relationship): void {
  const users = rowsWith(organization, 'systemform', 'formxml', (form) =>
    named(form, 'parameters').some((parameters) => childText(parameters, 'RelationshipName') === schemaName),
  );
  refuse(`relationship ${schemaName}`, users);
}

/** @throws DataverseError 0x8004f01f while a site map, or the form or view of another table, names the table */
export function refuseUsedTable(organization: Organization, { logicalName }: Table): void {
  refuse(`table ${logicalName}`, [
    ...rowsWith(organization, 'sitemap', 'sitemapxml', (map) =>
      named(map, 'SubArea').some(({ attributes }) => attributes['Entity'] === logicalName),
    ),
    ...rowsWith(organization, 'systemform', 'formxml', (form, { values }) => {
      if (values['objecttypecode'] === logicalName) return false;
      return named(form, 'parameters').some((parameters) => childText(parameters, 'TargetEntityType') === logicalName);
    }),
    ...queriesWith(organization, (entity) =>
      named(entity, 'link-entity').some(({ attributes }) => attributes['name'] === logicalName),
    ).filter(({ values }) => values['returnedtypecode'] !== logicalName),
  ]);
}

function refuse(what: string, users: readonly Row[]): void {
  const [first] = users;
  if (first === undefined) return;
  throw badRequest(`The ${what} is used by the ${first.table} ${first.id}.`, '0x8004f01f');
}

function rowsWith(
  { store }: Organization,
  table: string,
  column: string,
  isUser: (root: Element, row: Row) => boolean,
): Row[] {
  return [...store.rows(table)].filter((row) => {
    const root = readXml(String(row.values[column] ?? ''));
    return root !== undefined && isUser(root, row);
  });
}

/** Views and charts whose query has such an entity. */
function queriesWith(organization: Organization, isUser: (entity: Element) => boolean): Row[] {
  const entities = (root: Element) => named(root, 'entity').some(isUser);
  return [
    ...rowsWith(organization, 'savedquery', 'fetchxml', entities),
    ...rowsWith(organization, 'savedqueryvisualization', 'datadescription', entities),
  ];
}

interface Wanted {
  readonly table: string;
  readonly column: string;
}

/** Whether an entity of a query, or one that it links, names the column: to show, to compare, to sort or to join. */
function entityNames(entity: Element, { table, column }: Wanted): boolean {
  const links = entity.children.filter(({ name }) => name === 'link-entity');
  if (links.some((link) => entityNames(link, { table, column }))) return true;
  if (links.some(({ attributes }) => attributes['name'] === table && attributes['from'] === column)) return true;
  if (entity.attributes['name'] !== table) return false;
  if (links.some(({ attributes }) => attributes['to'] === column)) return true;
  return entity.children
    .filter((child) => !links.includes(child))
    .flatMap((child) => [...below(child)])
    .some(({ name, attributes }) => attributes[name === 'attribute' ? 'name' : 'attribute'] === column);
}
