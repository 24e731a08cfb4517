// Query options, top level and inside `$expand`.
// Microsoft Learn, "Query data using the Web API": `$skip`, `$search`, `$levels` and `$format` are not supported.

import { badRequest, notEmulated } from '../errors.ts';
import { decode } from './path.ts';
import { skip, splitOutside } from './split.ts';

export interface QueryOptions {
  readonly select?: readonly string[] | undefined;
  readonly expand: readonly ExpandItem[];
  readonly filter?: string | undefined;
  readonly orderby?: string | undefined;
  readonly top?: number | undefined;
  readonly count: boolean;
  readonly skiptoken?: string | undefined;
  /** A whole query of its own: goes with no other option. */
  readonly fetchXml?: string | undefined;
  /** `@p1` → literal text. */
  readonly aliases: ReadonlyMap<string, string>;
}

export interface ExpandItem {
  readonly name: string;
  /** `nav/$ref`: the reference only. */
  readonly reference: boolean;
  readonly options: QueryOptions;
}

const NOT_EMULATED = new Set(['$apply', 'savedQuery', 'userQuery', '$deltatoken', 'sql']);
const MAX_EXPANDS = 15;

/** Options of a URL's query part (without `?`). `+` is a space there. */
export function parseQuery(query: string): QueryOptions {
  const pairs = new Map<string, string>();
  for (const part of query.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = decode(equals === -1 ? part : part.slice(0, equals)).trim();
    const value = equals === -1 ? '' : decode(part.slice(equals + 1).replaceAll('+', ' '));
    if (name.startsWith('$') && pairs.has(name))
      throw badRequest(`Query option '${name}' was specified more than once.`);
    pairs.set(name, value);
  }
  const options = toOptions(pairs);
  if (options.fetchXml !== undefined && [...pairs.keys()].some((name) => name.startsWith('$')))
    throw badRequest('A fetchXml query takes no other query options.');
  if (countExpands(options) > MAX_EXPANDS)
    throw badRequest(`Number of $expand options exceeds the maximum of ${MAX_EXPANDS}.`);
  return options;
}

function toOptions(pairs: ReadonlyMap<string, string>): QueryOptions {
  const aliases = new Map([...pairs].filter(([name]) => name.startsWith('@')));
  for (const name of pairs.keys()) check(name);
  const select = pairs.get('$select');
  return {
    aliases,
    expand: parseExpand(pairs.get('$expand') ?? '', aliases),
    filter: pairs.get('$filter'),
    orderby: pairs.get('$orderby'),
    skiptoken: pairs.get('$skiptoken'),
    fetchXml: pairs.get('fetchXml'),
    count: pairs.get('$count')?.toLowerCase() === 'true',
    ...(select !== undefined && {
      select: select
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    }),
    ...(pairs.has('$top') && { top: toTop(pairs.get('$top') ?? '') }),
  };
}

const KNOWN = new Set(['$select', '$expand', '$filter', '$orderby', '$top', '$count', '$skiptoken', '$format', '$id']);

function check(name: string): void {
  if (NOT_EMULATED.has(name)) throw notEmulated(`query option ${name}`);
  if (name === '$skip') throw badRequest('Skip Clause is not supported in CRM');
  if (name.startsWith('$') && !KNOWN.has(name)) throw badRequest(`The query parameter '${name}' is not supported.`);
}

function toTop(text: string): number {
  if (!/^\d+$/.test(text.trim())) throw badRequest(`Invalid value '${text}' for $top query option found.`);
  return Number(text);
}

function parseExpand(text: string, aliases: ReadonlyMap<string, string>): ExpandItem[] {
  return splitOutside(text, ',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => {
      const open = item.indexOf('(');
      const path = (open === -1 ? item : item.slice(0, open)).trim();
      const inner = open === -1 ? '' : item.slice(open + 1, skip(item, open) - 1);
      const pairs = new Map(
        splitOutside(inner, ';')
          .filter((part) => part.trim() !== '')
          .map((part): [string, string] => {
            const equals = part.indexOf('=');
            return [part.slice(0, equals).trim(), part.slice(equals + 1).trim()];
          }),
      );
      const options = toOptions(new Map([...pairs, ...aliases]));
      return { name: path.replace(/\/\$ref$/, ''), reference: path.endsWith('/$ref'), options };
    });
}

function countExpands(options: QueryOptions): number {
  return options.expand.reduce((count, item) => count + 1 + countExpands(item.options), 0);
}
