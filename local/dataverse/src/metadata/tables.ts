// Creating and changing tables. Microsoft Learn, "Create and update table definitions using the Web API".

import { randomUUID } from 'node:crypto';
import type { Call } from '../call/call.ts';
import { refuseUsedTable } from '../customization/definition-users.ts';
import { addStandardForm, NEW_TABLE_FORMS } from '../customization/standard-forms.ts';
import { DataverseError, invalidArgument, notEmulated } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { objects, text } from '../json.ts';
import type { Column, Table } from '../schema/model.ts';
import { addTablePrivileges, removeTableSecurity } from '../security/privileges.ts';
import { readColumn } from './column-definition.ts';
import { readLabels, updateLabels } from './labels.ts';
import { addToSolution, COMPONENT, checkPrefix } from './solutions.ts';
import { systemColumns, systemRelationships } from './system-columns.ts';

export function createTable(call: Call, body: JsonObject): Table {
  const { organization } = call.context;
  const schemaName = text(body, 'SchemaName');
  if (schemaName === undefined || !/^[A-Za-z]\w*$/.test(schemaName))
    throw invalidArgument("The property 'SchemaName' is missing or not valid.");
  checkPrefix(call, schemaName);
  const logicalName = schemaName.toLowerCase();
  // DuplicateName.
  const taken = () =>
    new DataverseError(400, '0x80047010', `An object with the specified name ${logicalName} already exists`);
  if (organization.schema.table(logicalName) !== undefined) throw taken();
  if (body['IsActivity'] === true) throw notEmulated('custom activity tables');
  const table = toTable(call, body, schemaName);
  const show = () => {
    organization.schema.addTable(table);
    addTablePrivileges(organization, table);
    for (const type of NEW_TABLE_FORMS) addStandardForm(organization, table, { type, newId: () => randomUUID() });
  };
  organization.store.onRollback(organization.unseen.add(logicalName, show, taken));
  addToSolution(call, COMPONENT.table, table.metadataId);
  return table;
}

function toTable(call: Call, body: JsonObject, schemaName: string): Table {
  const { organization } = call.context;
  const ownership = text(body, 'OwnershipType');
  if (ownership !== 'UserOwned' && ownership !== 'OrganizationOwned')
    throw invalidArgument('OwnershipType must be UserOwned or OrganizationOwned.');
  const labels = readLabels(organization, body['DisplayName']);
  const collectionLabels = readLabels(organization, body['DisplayCollectionName']);
  if (labels.size === 0 || collectionLabels.size === 0)
    throw invalidArgument('A table needs DisplayName and DisplayCollectionName.');
  const logicalName = schemaName.toLowerCase();
  const primaryName = readPrimaryName(call, body);
  const others = readOtherColumns(call, body);
  const columns = [...systemColumns(schemaName, ownership), primaryName, ...others];
  return {
    metadataId: randomUUID(),
    logicalName,
    schemaName,
    entitySetName: plural(logicalName),
    primaryId: `${logicalName}id`,
    primaryName: primaryName.name,
    isActivity: false,
    ownership,
    custom: true,
    labels,
    collectionLabels,
    descriptions: readLabels(organization, body['Description']),
    columns: new Map(columns.map((column) => [column.name, column])),
    relationships: systemRelationships(logicalName, ownership),
    manyToMany: [],
    keys: new Map(),
  };
}

/** Exactly one text column with IsPrimaryName. */
function readPrimaryName(call: Call, body: JsonObject): Column {
  const attributes = objects(body, 'Attributes');
  const [primary, ...others] = attributes.filter((attribute) => attribute['IsPrimaryName'] === true);
  if (primary === undefined || others.length > 0)
    throw invalidArgument('A table needs exactly one attribute with IsPrimaryName true.');
  const column = readColumn(call.context.organization, primary);
  if (column.type !== 'String') throw invalidArgument('The primary name must be a StringAttributeMetadata.');
  checkPrefix(call, column.schemaName);
  return column;
}

/** Microsoft's Python client creates a table together with its columns. */
function readOtherColumns(call: Call, body: JsonObject): Column[] {
  return objects(body, 'Attributes')
    .filter((attribute) => attribute['IsPrimaryName'] !== true)
    .map((attribute) => {
      const column = readColumn(call.context.organization, attribute);
      if (column.type === 'Lookup')
        throw invalidArgument('A lookup is created with its relationship (POST RelationshipDefinitions).');
      checkPrefix(call, column.schemaName);
      return column;
    });
}

/** Name of the entity set: the English plural of the logical name [inference from names in environments]. */
function plural(name: string): string {
  if (/(?:s|x|z|ch|sh)$/.test(name)) return `${name}es`;
  return /[^aeiou]y$/.test(name) ? `${name.slice(0, -1)}ies` : `${name}s`;
}

/** A table goes with its rows; one that another table points to stays. */
export function removeTable(call: Call, table: Table): void {
  const { schema, store } = call.context.organization;
  if (!table.custom) throw invalidArgument(`The table ${table.logicalName} is not a custom table.`);
  const pointing = [...schema.pointingTo(table.logicalName)].some(
    (relationship) => relationship.referencingTable !== table.logicalName,
  );
  if (pointing)
    throw invalidArgument(`The table ${table.logicalName} cannot be deleted: other components depend on it.`);
  refuseUsedTable(call.context.organization, table);
  for (const row of [...store.rows(table.logicalName)]) store.remove(table.logicalName, row.id);
  schema.removeTable(table);
  removeTableSecurity(call.context.organization, table);
}

/** PUT of a definition: labels only; the rest of a table is fixed or not covered. */
export function updateTable(call: Call, table: Table, body: JsonObject): void {
  const { organization } = call.context;
  const { headers } = call.request;
  const { labels, collectionLabels, descriptions } = table;
  organization.store.onRollback(() => Object.assign(table, { labels, collectionLabels, descriptions }));
  table.labels = updateLabels(labels, readLabels(organization, body['DisplayName']), headers);
  table.collectionLabels = updateLabels(
    collectionLabels,
    readLabels(organization, body['DisplayCollectionName']),
    headers,
  );
  table.descriptions = updateLabels(descriptions, readLabels(organization, body['Description']), headers);
}
