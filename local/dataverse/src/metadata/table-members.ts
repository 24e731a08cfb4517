// Columns and keys of a table definition.
// Microsoft Learn: "Create and update column definitions using the Web API", "Define alternate keys for a table".

import type { Call } from '../call/call.ts';
import type { ApiResponse } from '../call/message.ts';
import { readJson } from '../call/message.ts';
import { methodNotAllowed } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { Table } from '../schema/model.ts';
import { changed, created, isNamed, notFound } from './addressing.ts';
import { columnJson, columnTypeName, optionSetJson } from './column-json.ts';
import { createColumn, removeColumn, updateColumn } from './columns.ts';
import { createKey, removeKey } from './keys.ts';
import { answerOne, answerSet } from './present.ts';
import { keyJson } from './table-json.ts';

const CAST = 'Microsoft.Dynamics.CRM.';

export function answerColumns(call: Call, table: Table): ApiResponse {
  const { organization, root } = call.context;
  const { method } = call.request;
  const [, attributes, cast] = call.segments;
  const castName = cast?.name.startsWith(CAST) ? cast.name : undefined;
  const all = [...table.columns.values()].filter(
    (column) => castName === undefined || columnTypeName(column) === castName,
  );
  const json = (column: (typeof all)[number]): JsonObject => ({
    ...columnJson(organization, table, column),
    OptionSet: optionSetJson(organization, column),
  });
  if (attributes?.argument === undefined) {
    if (method === 'GET') return answerSet(call, 'Attributes', all.map(json));
    if (method !== 'POST') throw methodNotAllowed();
    const column = createColumn(call, table, readJson(call.request));
    return created(`${root}EntityDefinitions(${table.metadataId})/Attributes(${column.metadataId})`);
  }
  const column = all.find((candidate) => isNamed(attributes.argument, candidate.name, candidate.metadataId));
  if (column === undefined) throw notFound('attribute', attributes.argument);
  switch (method) {
    case 'GET':
      return answerOne(call, 'Attributes', json(column));
    case 'PUT':
      return changed(() => updateColumn(call, { table, column, body: readJson(call.request) }));
    case 'DELETE':
      return changed(() => removeColumn(call, table, column));
    default:
      throw methodNotAllowed();
  }
}

export function answerKeys(call: Call, table: Table): ApiResponse {
  const { organization, root } = call.context;
  const { method } = call.request;
  const [, keys] = call.segments;
  const all = [...table.keys.values()];
  if (keys?.argument === undefined) {
    if (method === 'GET')
      return answerSet(
        call,
        'Keys',
        all.map((key) => keyJson(organization, table, key)),
      );
    if (method !== 'POST') throw methodNotAllowed();
    const key = createKey(call, table, readJson(call.request));
    return created(`${root}EntityDefinitions(${table.metadataId})/Keys(${key.metadataId})`);
  }
  const key = all.find((candidate) => isNamed(keys.argument, candidate.schemaName.toLowerCase(), candidate.metadataId));
  if (key === undefined) throw notFound('key', keys.argument);
  if (method === 'GET') return answerOne(call, 'Keys', keyJson(organization, table, key));
  if (method === 'DELETE') return changed(() => removeKey(call, table, key));
  throw methodNotAllowed();
}
