// Changes the definition of a column that exists.
import type { DynamicsWebApi } from 'dynamics-web-api';
import * as z from 'zod';
import { IN_OUR_SOLUTION } from './call-kinds.ts';

export interface ColumnChange {
  /** Key of the table, such as `LogicalName='rdvs_link'`. */
  readonly entityKey: string;
  /** Key of the column: an id, or `LogicalName='…'`. */
  readonly attributeKey: string;
  /** The type as Dataverse names it, such as `Memo`. */
  readonly type: string;
  readonly changes: object;
}

const definition = z.looseObject({ MetadataId: z.string() });

/**
 * A definition is replaced as a whole (Microsoft Learn, "Update a column"), so everything else is sent back as read.
 *
 * @throws the error of dynamics-web-api
 */
export async function replaceColumn(
  client: DynamicsWebApi,
  { entityKey, attributeKey, type, changes }: ColumnChange,
  signal: AbortSignal,
): Promise<unknown> {
  const castType = `Microsoft.Dynamics.CRM.${type}AttributeMetadata`;
  const current = await client.retrieveAttribute({ entityKey, attributeKey, castType, signal });
  const { '@odata.context': _, ...kept } = definition.parse(current);
  const data = { '@odata.type': castType, ...kept, ...changes };
  return client.updateAttribute({ entityKey, data, mergeLabels: true, signal, headers: IN_OUR_SOLUTION });
}
