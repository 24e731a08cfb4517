// InsertOptionValue and UpdateOptionValue. Microsoft Learn, Web API actions of these names; "Create and update choices".
// What they refuse is an [inference]: the pages name no code. A new option can be used at once, published or not.

import type { Call } from '../call/call.ts';
import type { ApiResponse } from '../call/message.ts';
import { answer, done } from '../call/message.ts';
import { invalidArgument, notEmulated } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { text } from '../json.ts';
import type { Column, Option, Table } from '../schema/model.ts';
import { isRef } from '../store/row.ts';
import { notFound } from './addressing.ts';
import { readLabels, updateLabels } from './labels.ts';
import { solutionNamed } from './solutions.ts';

interface Choice {
  readonly table: Table;
  readonly column: Column;
  readonly options: ReadonlyMap<number, Option>;
}

export function insertOptionValue(call: Call, body: JsonObject): ApiResponse {
  const { organization, root } = call.context;
  const choice = findChoice(call, body);
  const labels = readLabels(organization, body['Label']);
  if (labels.size === 0) throw invalidArgument("The parameter 'Label' is missing or empty.");
  const value = body['Value'] ?? nextValue(call, choice, body);
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw invalidArgument("The parameter 'Value' is not valid.");
  if (choice.options.has(value)) throw invalidArgument(`The option value ${value} already exists.`);
  put(call, choice, { value, labels });
  const context = `${root}$metadata#Microsoft.Dynamics.CRM.InsertOptionValueResponse`;
  return answer(200, {}, { '@odata.context': context, NewOptionValue: value });
}

/** `MergeLabels` is required; false drops the labels in other languages. */
export function updateOptionValue(call: Call, body: JsonObject): ApiResponse {
  const choice = findChoice(call, body);
  const option = choice.options.get(Number(body['Value']));
  if (option === undefined) throw invalidArgument(`The option value ${String(body['Value'])} does not exist.`);
  const merge = body['MergeLabels'];
  if (typeof merge !== 'boolean') throw invalidArgument("The parameter 'MergeLabels' is missing.");
  const sent = readLabels(call.context.organization, body['Label']);
  const labels = updateLabels(option.labels, sent, new Map([['mscrm.mergelabels', String(merge)]]));
  put(call, choice, { ...option, labels });
  return done();
}

function findChoice(call: Call, body: JsonObject): Choice {
  if (text(body, 'OptionSetName') !== undefined) throw notEmulated('global option sets');
  const solution = text(body, 'SolutionUniqueName');
  if (solution !== undefined) solutionNamed(call.context.organization, solution);
  const table = call.context.organization.schema.table(text(body, 'EntityLogicalName') ?? '');
  if (table === undefined) throw notFound('entity', text(body, 'EntityLogicalName'));
  const column = table.columns.get(text(body, 'AttributeLogicalName') ?? '');
  if (column === undefined) throw notFound('attribute', text(body, 'AttributeLogicalName'));
  // Status options have an action of their own (InsertStatusValue); states are fixed.
  if (column.type !== 'Picklist' || column.options === undefined)
    throw invalidArgument(`The column ${column.name} is not a choice.`);
  return { table, column, options: column.options };
}

/** The next free number behind the option prefix of the solution's publisher. Microsoft Learn, "Publisher option value prefix". */
function nextValue(call: Call, { options }: Choice, body: JsonObject): number {
  const { organization } = call.context;
  const solution = solutionNamed(organization, text(body, 'SolutionUniqueName') ?? 'Default');
  const { publisherid } = solution.values;
  const publisher = isRef(publisherid) ? organization.store.get('publisher', publisherid.id) : undefined;
  const first = Number(publisher?.values['customizationoptionvalueprefix'] ?? 10_000) * 10_000;
  let value = first;
  while (options.has(value)) value += 1;
  return value;
}

function put(call: Call, { table, column, options }: Choice, option: Option): void {
  const next = new Map([...options, [option.value, option]]);
  call.context.organization.schema.putColumn(table, { ...column, options: next });
}
