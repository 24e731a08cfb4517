// GET of customizations: what was published, and the drafts by RetrieveUnpublishedMultiple.
// Microsoft Learn, RetrieveUnpublishedMultiple function: bound to a collection, it takes the query options of any GET.

import type { Call } from '../call/call.ts';
import type { ApiResponse } from '../call/message.ts';
import { hasDrafts, publishedRow, publishedRows } from '../customization/publication.ts';
import { notEmulated, rowDoesNotExist, unknownResource } from '../errors.ts';
import { parseRowKey } from '../rows/reference.ts';
import type { Table } from '../schema/model.ts';
import { oneRow, readEntities } from './reads.ts';

export const UNPUBLISHED = 'Microsoft.Dynamics.CRM.RetrieveUnpublishedMultiple';

export function readPublishedSet(call: Call, table: Table): ApiResponse {
  if (call.options.fetchXml !== undefined) throw notEmulated(`FetchXML over ${table.logicalName}`);
  return readEntities(call, table, publishedRows(call.context.organization, table.logicalName));
}

export function readPublished(call: Call, table: Table, argument: string): ApiResponse {
  const { organization } = call.context;
  const key = parseRowKey(organization, table, argument);
  const id = 'id' in key ? key.id : '';
  const row = publishedRow(organization, table.logicalName, id);
  if (row === undefined) throw rowDoesNotExist(table.logicalName, id);
  return oneRow(call, row);
}

export function readDrafts(call: Call, table: Table): ApiResponse {
  if (!hasDrafts(table)) throw unknownResource(UNPUBLISHED);
  return readEntities(call, table);
}
