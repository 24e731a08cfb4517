// Dataverse's own query functions in a filter. Microsoft Learn: "Web API Query Function Reference".

import { badRequest, notEmulated } from '../errors.ts';
import { convertText } from './literal.ts';
import type { Property, Scalar } from './shape.ts';
import { compare, fold } from './shape.ts';
import { skip, splitOutside } from './split.ts';

/** A call cut out of a filter, arguments still as text. */
export interface FunctionCall {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
}

export interface FunctionTest<T> {
  readonly test: (item: T) => boolean;
  /** Keys that `test` can accept at most, when the property is indexed. */
  readonly seek?: { readonly property: string; readonly keys: readonly string[] } | undefined;
}

const PREFIX = 'Microsoft.Dynamics.CRM.';
const CALL = /Microsoft\.Dynamics\.CRM\.\w+\(/y;

/** The function call that starts at `at`, and where it ends. */
export function readCall(source: string, at: number): { call: FunctionCall; end: number } | undefined {
  CALL.lastIndex = at;
  const found = CALL.exec(source);
  if (found === null) return undefined;
  const open = at + found[0].length - 1;
  const end = skip(source, open);
  const parameters = splitOutside(source.slice(open + 1, end - 1), ',').map((part): [string, string] => {
    const equals = part.indexOf('=');
    return [part.slice(0, equals).trim(), part.slice(equals + 1).trim()];
  });
  return { call: { name: source.slice(at + PREFIX.length, open), parameters: new Map(parameters) }, end };
}

/** Binds a call to its property. `aliases` holds `@p1=…` of the URL. */
export function bindCall<T>(
  call: FunctionCall,
  scope: { aliases: ReadonlyMap<string, string>; now: Date; property: (path: string) => Property<T> },
): FunctionTest<T> {
  const argument = (name: string): string => {
    const written = call.parameters.get(name);
    const value = written?.startsWith('@') ? scope.aliases.get(written) : written;
    if (value === undefined) throw badRequest(`The function '${PREFIX}${call.name}' needs the parameter '${name}'.`);
    return value.trim();
  };
  const property = scope.property(unquote(argument('PropertyName')));
  const single = (): Scalar => convertText(unquote(argument('PropertyValue')), property.kind);
  const several = (): Scalar[] => readArray(argument('PropertyValues')).map((text) => convertText(text, property.kind));
  const day = (offset: number): string => isoDay(new Date(scope.now.getTime() + offset * 86_400_000));
  const onDay = (accepts: (day: string) => boolean): FunctionTest<T> => ({
    test: (item) => {
      const value = property.read(item);
      return typeof value === 'string' && accepts(value.slice(0, 10));
    },
  });

  switch (call.name) {
    case 'In':
      return among(property, several());
    case 'NotIn': {
      const { test } = among(property, several());
      return { test: (item) => !test(item) };
    }
    case 'Between': {
      const [low = null, high = null] = several();
      return { test: (item) => compare(property.read(item), low) >= 0 && compare(property.read(item), high) <= 0 };
    }
    case 'On':
      return onDay((value) => value === String(single()).slice(0, 10));
    case 'OnOrAfter':
      return onDay((value) => value >= String(single()).slice(0, 10));
    case 'OnOrBefore':
      return onDay((value) => value <= String(single()).slice(0, 10));
    case 'Today':
      return onDay((value) => value === day(0));
    case 'Yesterday':
      return onDay((value) => value === day(-1));
    case 'Tomorrow':
      return onDay((value) => value === day(1));
    default:
      throw notEmulated(`query function ${call.name}`);
  }
}

function among<T>(property: Property<T>, values: readonly Scalar[]): FunctionTest<T> {
  if (property.kind !== 'text') {
    const accepted = new Set(values);
    const keys = property.seek === undefined ? undefined : values.filter((value) => typeof value === 'string');
    return {
      test: (item) => accepted.has(property.read(item)),
      ...(property.seek !== undefined && keys !== undefined && { seek: { property: property.seek, keys } }),
    };
  }
  const accepted = new Set(values.map((value) => fold(String(value))));
  return {
    test: (item) => {
      const value = property.read(item);
      return typeof value === 'string' && accepted.has(fold(value));
    },
  };
}

/**
 * `["a","b"]`, or `['a','b']`, which OData reads as JSON too.
 * A single-quoted value cannot hold an apostrophe: Microsoft Learn, "Filter rows", "Manage single quotes".
 */
function readArray(source: string): string[] {
  if (!source.startsWith('[') || !source.endsWith(']')) throw badRequest(`Invalid JSON array '${source}'.`);
  const inner = source.slice(1, -1).trim();
  if (inner === '') return [];
  return splitOutside(inner, ',').map((part) => {
    const item = part.trim();
    if (/^'[^']*'$/.test(item)) return item.slice(1, -1);
    try {
      return String(JSON.parse(item));
    } catch {
      throw badRequest(
        "Invalid JSON. A comma character ',' was expected in scope 'Array'. Every two elements in an array and properties of an object must be separated by commas.",
      );
    }
  });
}

function unquote(text: string): string {
  const quoted = text.length >= 2 && ((text.startsWith("'") && text.endsWith("'")) || /^".*"$/.test(text));
  return quoted ? text.slice(1, -1).replaceAll("''", "'") : text;
}

function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}
