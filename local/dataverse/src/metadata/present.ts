// `$select`, `$filter` and `$expand` over definitions.
// Microsoft Learn, "Query schema definitions": no `$top`, `$orderby` or paging there; `$expand` of Attributes, Keys, relationships, OptionSet.

import type { Call } from '../call/call.ts';
import type { ApiResponse } from '../call/message.ts';
import { answer } from '../call/message.ts';
import { unknownQueryProperty } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import { isObject } from '../json.ts';
import { compileFilter } from '../odata/filter.ts';
import type { QueryOptions } from '../odata/options.ts';
import { jsonShape } from './json-shape.ts';

/** Members that come only when expanded. */
const EXPANDABLE = new Set([
  'Attributes',
  'Keys',
  'ManyToOneRelationships',
  'OneToManyRelationships',
  'OptionSet',
  'GlobalOptionSet',
]);

/** Whose definitions are shown: a set, or a member that was expanded. */
interface View {
  readonly call: Call;
  readonly set: string;
}

export function answerSet(call: Call, set: string, items: readonly JsonObject[]): ApiResponse {
  const value = keep({ call, set }, items, call.options);
  return answer(200, {}, { '@odata.context': `${call.context.root}$metadata#${set}`, value });
}

export function answerOne(call: Call, set: string, item: JsonObject): ApiResponse {
  const shown = show({ call, set }, item, call.options);
  return answer(200, {}, { '@odata.context': `${call.context.root}$metadata#${set}/$entity`, ...shown });
}

function keep({ call, set }: View, items: readonly JsonObject[], options: QueryOptions): JsonObject[] {
  if (options.filter === undefined) return items.map((item) => show({ call, set }, item, options));
  const shape = jsonShape(`Microsoft.Dynamics.CRM.${set}`, items);
  const { test } = compileFilter(options.filter, {
    shape,
    aliases: options.aliases,
    now: call.context.organization.clock(),
  });
  return items.filter(test).map((item) => show({ call, set }, item, options));
}

/** Derived properties (MaxLength) may be selected on a set that holds other types too: they are left out there. */
function show({ call, set }: View, item: JsonObject, options: QueryOptions): JsonObject {
  const shown: JsonObject = {};
  const { select } = options;
  for (const [name, value] of Object.entries(item)) {
    const chosen = select === undefined || select.includes(name) || name === 'MetadataId' || name.startsWith('@');
    if (chosen && !EXPANDABLE.has(name)) shown[name] = value;
  }
  for (const name of select ?? [])
    if (!KNOWN.test(name)) throw unknownQueryProperty(name, `Microsoft.Dynamics.CRM.${set}`);
  for (const { name, options: nested } of options.expand) {
    if (!EXPANDABLE.has(name)) throw unknownQueryProperty(name, `Microsoft.Dynamics.CRM.${set}`);
    shown[name] = expand({ call, set: name }, item[name] ?? null, nested);
  }
  return shown;
}

/** Names of definitions' properties begin with a capital; `*` selects all. */
const KNOWN = /^[A-Z][A-Za-z]+$|^\*$/;

function expand(view: View, value: Json, options: QueryOptions): Json {
  if (Array.isArray(value)) return keep(view, value.filter(isObject), options);
  return isObject(value) ? show(view, value, options) : null;
}
