// `$filter`: what an expression means for an item.
// Microsoft Learn: "Filter rows using OData". Records are kept when the expression is true, not when it is false or null.

import type { LexerToken } from '@odata/parser';
import { badRequest } from '../errors.ts';
import { MAX_CONDITIONS, tooManyConditions } from '../limits.ts';
import type { FunctionTest } from './filter-functions.ts';
import { bindCall } from './filter-functions.ts';
import { compileComparison, compileTextTest, type Operand } from './filter-operands.ts';
import { followMany, resolve, steps } from './filter-paths.ts';
import type { Lambda, ParsedFilter, Tree } from './filter-tree.ts';
import { parseFilter } from './filter-tree.ts';
import { parseLiteral } from './literal.ts';
import type { Property, Shape } from './shape.ts';

export type Filter<T> = FunctionTest<T>;

interface FilterScope<T> {
  readonly shape: Shape<T>;
  /** `@p1=…` of the URL. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly now: Date;
  /** The range variable, inside a lambda. */
  readonly variable?: string | undefined;
}

/** Compiles a filter for items of `shape`. */
export function compileFilter<T>(source: string, scope: FilterScope<T>): Filter<T> {
  const parsed = parseFilter(source);
  // Microsoft Learn, "Filter rows using OData", "Condition limits".
  if (scope.variable === undefined && conditions(parsed) > MAX_CONDITIONS) throw tooManyConditions();
  return new Compiler(scope, parsed).compile(parsed.tree);
}

/** Comparisons and functions; an `In` is one, whatever its values; those inside a lambda count too. */
function conditions({ tree, asides }: ParsedFilter): number {
  const inside = asides.map((aside) =>
    'quantifier' in aside && aside.predicate !== undefined ? conditions(parseFilter(aside.predicate)) - 1 : 0,
  );
  return inside.reduce((sum, more) => sum + more, leaves(tree));
}

function leaves(tree: Tree): number {
  if (tree.op === 'leaf') return 1;
  return tree.op === 'not' ? leaves(tree.inner) : leaves(tree.left) + leaves(tree.right);
}

class Compiler<T> {
  readonly #scope: FilterScope<T>;
  readonly #parsed: ParsedFilter;

  constructor(scope: FilterScope<T>, parsed: ParsedFilter) {
    this.#scope = scope;
    this.#parsed = parsed;
  }

  compile(tree: Tree): Filter<T> {
    if (tree.op === 'leaf') return this.#leaf(tree.token);
    if (tree.op === 'not') {
      const { test } = this.compile(tree.inner);
      return { test: (item) => !test(item) };
    }
    const left = this.compile(tree.left);
    const right = this.compile(tree.right);
    if (tree.op === 'and') {
      return { test: (item) => left.test(item) && right.test(item), seek: left.seek ?? right.seek };
    }
    return { test: (item) => left.test(item) || right.test(item), seek: union(left.seek, right.seek) };
  }

  #leaf(token: LexerToken): Filter<T> {
    if (token.type === 'CommonExpression') return this.#leaf(token.value);
    if (token.type === 'FirstMemberExpression') {
      const property = this.#property(token.raw);
      if (property.kind !== 'boolean') {
        throw badRequest('The $filter expression must evaluate to a single boolean value.');
      }
      return { test: (item) => property.read(item) === true };
    }
    if (token.type === 'MethodCallExpression') {
      const [subject, argument] = token.value.parameters ?? [];
      const operands = [subject, argument].map((operand) => this.#operand(operand));
      return { test: compileTextTest(token.value.method, operands) };
    }
    const { left, right } = token.value ?? {};
    if (left === undefined || right === undefined) throw badRequest(`Syntax error in the filter near '${token.raw}'.`);
    const aside = /^(?:\w+\/)?aside(\d+)$/.exec(left.raw)?.[1];
    if (aside !== undefined) return this.#aside(Number(aside));
    return compileComparison(token.type.replace('Expression', ''), this.#operand(left), this.#operand(right));
  }

  #aside(index: number): Filter<T> {
    const aside = this.#parsed.asides[index];
    if (aside === undefined) throw badRequest('Syntax error in the filter.');
    if ('quantifier' in aside) return this.#lambda(aside);
    const { aliases, now } = this.#scope;
    return bindCall(aside, { aliases, now, property: (path) => this.#property(path) });
  }

  #lambda({ path, quantifier, variable, predicate }: Lambda): Filter<T> {
    const { shape, items } = followMany(steps(path.join('/'), this.#scope.variable), this.#scope.shape);
    if (predicate === undefined) return { test: (item) => items(item).length > 0 };
    const { test } = compileFilter(predicate, { ...this.#scope, shape, variable });
    return { test: quantifier === 'all' ? (item) => items(item).every(test) : (item) => items(item).some(test) };
  }

  #operand(token: LexerToken | undefined): Operand<T> {
    if (token === undefined) throw badRequest('Syntax error in the filter.');
    switch (token.type) {
      case 'CommonExpression':
        return this.#operand(token.value);
      case 'FirstMemberExpression':
        return { property: this.#property(token.raw) };
      case 'ParameterAlias':
        return { literal: parseLiteral(this.#alias(token.raw)) };
      case 'MethodCallExpression':
        return { method: token.value.method, subject: this.#operand(token.value.parameters?.[0]) };
      default:
        return { literal: parseLiteral(token.raw) };
    }
  }

  /** A parameter without a value is null: OData 4.0 Part 2, "Parameter Aliases". */
  #alias(name: string): string {
    return this.#parsed.literals.get(name) ?? this.#scope.aliases.get(name) ?? 'null';
  }

  #property(path: string): Property<T> {
    return resolve(steps(path, this.#scope.variable), this.#scope.shape);
  }
}

function union<T>(left: Filter<T>['seek'], right: Filter<T>['seek']): Filter<T>['seek'] {
  if (left === undefined || right === undefined || left.property !== right.property) return undefined;
  return { property: left.property, keys: [...new Set([...left.keys, ...right.keys])] };
}
