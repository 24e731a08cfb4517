// Comparisons and text tests of a filter.

import { badRequest, notEmulated } from '../errors.ts';
import type { FunctionTest } from './filter-functions.ts';
import type { Literal } from './literal.ts';
import { convert } from './literal.ts';
import type { Kind, Property, Scalar } from './shape.ts';
import { compare, fold } from './shape.ts';

export type Operand<T> =
  | { readonly property: Property<T> }
  | { readonly literal: Literal }
  | { readonly method: string; readonly subject: Operand<T> };

type Read<T> = (item: T) => Scalar;

export function compileComparison<T>(operator: string, left: Operand<T>, right: Operand<T>): FunctionTest<T> {
  if ('literal' in left && !('literal' in right)) return compileComparison(mirror(operator), right, left);
  const kind = kindOf(left) ?? kindOf(right) ?? 'text';
  const a = reader(left, kind);
  const b = reader(right, kind);
  const test = comparer(operator, a, b);
  const constant = 'literal' in right ? convert(right.literal, kind) : undefined;
  const seekable = operator === 'Equals' && 'property' in left && left.property.seek !== undefined;
  if (!seekable || typeof constant !== 'string' || left.property.seek === undefined) return { test };
  return { test, seek: { property: left.property.seek, keys: [constant] } };
}

function mirror(operator: string): string {
  if (operator.startsWith('Lesser')) return operator.replace('Lesser', 'Greater');
  return operator.replace('Greater', 'Lesser');
}

function comparer<T>(operator: string, a: Read<T>, b: Read<T>): (item: T) => boolean {
  switch (operator) {
    case 'Equals':
      return (item) => compare(a(item), b(item)) === 0;
    case 'NotEquals':
      // A row without a value is "not equal" to one: the operator `ne` of FetchXML adds "or is null" [inference].
      return (item) => compare(a(item), b(item)) !== 0;
    case 'LesserThan':
      return ordered(a, b, (order) => order < 0);
    case 'LesserOrEquals':
      return ordered(a, b, (order) => order <= 0);
    case 'GreaterThan':
      return ordered(a, b, (order) => order > 0);
    case 'GreaterOrEquals':
      return ordered(a, b, (order) => order >= 0);
    default:
      throw badRequest(`The operator '${operator}' is not supported in a filter.`);
  }
}

/** An order with null is unknown in SQL, hence not true. */
function ordered<T>(a: Read<T>, b: Read<T>, accepts: (order: number) => boolean): (item: T) => boolean {
  return (item) => {
    const [x, y] = [a(item), b(item)];
    return x !== null && y !== null && accepts(compare(x, y));
  };
}

function kindOf<T>(operand: Operand<T>): Kind | undefined {
  if ('property' in operand) return operand.property.kind;
  if ('method' in operand) return operand.method === 'length' ? 'number' : 'text';
  return operand.literal.kind === 'null' ? undefined : operand.literal.kind;
}

function reader<T>(operand: Operand<T>, kind: Kind): Read<T> {
  if ('literal' in operand) {
    const value = convert(operand.literal, kind);
    return () => value;
  }
  if ('property' in operand) return operand.property.read;
  const subject = reader(operand.subject, 'text');
  switch (operand.method) {
    case 'tolower':
    case 'toupper':
    case 'trim':
      return subject;
    case 'length':
      return (item) => subject(item)?.toString().length ?? null;
    default:
      throw notEmulated(`filter function ${operand.method}`);
  }
}

/** `contains`, `startswith`, `endswith`: a LIKE, so `%`, `_` and `[…]` are wildcards. Microsoft Learn, "Use wildcard characters". */
export function compileTextTest<T>(
  method: string,
  [subject, argument]: readonly (Operand<T> | undefined)[],
): (item: T) => boolean {
  if (subject === undefined || argument === undefined || !('literal' in argument)) {
    throw badRequest(`The function '${method}' needs a column and a text.`);
  }
  if (kindOf(subject) !== 'text') throw badRequest(`The function '${method}' is for columns that hold text.`);
  const read = reader(subject, 'text');
  const value = convert(argument.literal, 'text');
  if (typeof value !== 'string') return () => false;
  const pattern = likePattern(fold(value));
  const expression = {
    contains: new RegExp(pattern, 's'),
    startswith: new RegExp(`^${pattern}`, 's'),
    endswith: new RegExp(`${pattern}$`, 's'),
  }[method];
  if (expression === undefined) throw notEmulated(`filter function ${method}`);
  return (item) => {
    const text = read(item);
    return typeof text === 'string' && expression.test(fold(text));
  };
}

export function likePattern(text: string): string {
  return text.replaceAll(/\[(\^?)([^\]]+)\]|[%_]|[\\^$.*+?()[\]{}|]/g, (found, negated?: string, set?: string) => {
    if (set !== undefined) return `[${negated}${set.replaceAll('\\', '\\\\')}]`;
    if (found === '%') return '.*';
    if (found === '_') return '.';
    return `\\${found}`;
  });
}
