// Creating, changing and deleting columns.

import type { Call } from '../call/call.ts';
import { refuseUsedColumn } from '../customization/definition-users.ts';
import { DataverseError, invalidArgument } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { Column, Table } from '../schema/model.ts';
import { refuseSecuring } from '../security/secured-columns.ts';
import { readColumn, readDetails } from './column-definition.ts';
import { readLabels, updateLabels } from './labels.ts';
import { addToSolution, COMPONENT, checkPrefix } from './solutions.ts';

export function createColumn(call: Call, table: Table, body: JsonObject): Column {
  const column = readColumn(call.context.organization, body);
  if (column.type === 'Lookup')
    throw invalidArgument('A lookup is created with its relationship (POST RelationshipDefinitions).');
  return addColumn(call, table, column);
}

/** `shown` makes what comes with the column: the relationship of a lookup. */
export function addColumn(call: Call, table: Table, column: Column, shown?: () => void): Column {
  checkPrefix(call, column.schemaName);
  if (column.isSecured) refuseSecuring(table, column);
  const { schema, store, unseen } = call.context.organization;
  // DuplicateAttributeSchemaName.
  const taken = () =>
    new DataverseError(400, '0x80047013', `An attribute with the specified name ${column.name} already exists`);
  if (table.columns.has(column.name)) throw taken();
  const show = () => {
    schema.putColumn(table, column);
    unpublishRules(call, table);
    shown?.();
  };
  store.onRollback(unseen.add(`${table.logicalName}.${column.name}`, show, taken));
  addToSolution(call, COMPONENT.column, column.metadataId);
  return column;
}

/**
 * New columns unpublish the duplicate rules about a table: code 0x8004F039 says that they may, and the stricter reading is
 * taken [inference].
 */
function unpublishRules({ context: { organization } }: Call, { logicalName }: Table): void {
  const { store } = organization;
  for (const { id, values } of [...store.rows('duplicaterule')]) {
    const isAbout = [values['baseentityname'], values['matchingentityname']].includes(logicalName);
    if (isAbout && values['statuscode'] === PUBLISHED) store.put('duplicaterule', id, { ...values, statuscode: 0 });
  }
}

/** `statuscode` of a rule: 0 unpublished, 1 publishing, 2 published (DuplicateRule reference). */
const PUBLISHED = 2;

/** PUT replaces the definition; what the body leaves out of the labels follows MSCRM.MergeLabels. */
export function updateColumn(
  call: Call,
  { table, column, body }: { table: Table; column: Column; body: JsonObject },
): void {
  const { organization } = call.context;
  const { headers } = call.request;
  const required = body['RequiredLevel'];
  const isSecured = typeof body['IsSecured'] === 'boolean' ? body['IsSecured'] : column.isSecured;
  if (isSecured) refuseSecuring(table, column);
  organization.schema.putColumn(table, {
    ...column,
    isSecured,
    labels: updateLabels(column.labels, readLabels(organization, body['DisplayName']), headers),
    descriptions: updateLabels(column.descriptions, readLabels(organization, body['Description']), headers),
    ...(column.type === 'String' || column.type === 'Memo' ? longer(call, column, body) : {}),
    ...(required !== undefined &&
      column.custom && { required: readColumn(organization, { ...body, SchemaName: column.schemaName }).required }),
  });
}

/** The format cannot change after creation, the length can. Options are changed by actions of their own, not by PUT. */
function longer(call: Call, column: Column, body: JsonObject): Partial<Column> {
  if (body['MaxLength'] === undefined) return {};
  return { maxLength: readDetails(call.context.organization, column.type, body).maxLength };
}

export function removeColumn(call: Call, table: Table, column: Column): void {
  if (!column.custom || column.name === table.primaryName) {
    // AttributeIsNotCustomAttribute.
    throw new DataverseError(400, '0x80047009', 'The specified attribute is not a custom attribute');
  }
  const { schema, store } = call.context.organization;
  refuseUsedColumn(call.context.organization, table, column.name);
  for (const row of [...store.rows(table.logicalName)]) {
    if (row.values[column.name] === undefined) continue;
    const { [column.name]: _dropped, ...values } = row.values;
    store.put(table.logicalName, row.id, values);
  }
  schema.removeColumn(table, column);
}
