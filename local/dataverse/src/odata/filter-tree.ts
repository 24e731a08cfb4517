// From the text of a filter to a tree with OData's precedence: the grammar is read by @odata/parser.

import { defaultParser, type LexerToken } from '@odata/parser';
import { badRequest } from '../errors.ts';
import type { FunctionCall } from './filter-functions.ts';
import { readCall } from './filter-functions.ts';
import { skip } from './split.ts';

export type Tree =
  | { readonly op: 'and' | 'or'; readonly left: Tree; readonly right: Tree; readonly closed: boolean }
  | { readonly op: 'not'; readonly inner: Tree }
  | { readonly op: 'leaf'; readonly token: LexerToken };

/** `path/any(variable:predicate)`. */
export interface Lambda {
  readonly path: readonly string[];
  readonly quantifier: 'any' | 'all';
  readonly variable: string | undefined;
  readonly predicate: string | undefined;
}

export interface ParsedFilter {
  readonly tree: Tree;
  /** Quoted texts, by the alias that stands for them in the tree. */
  readonly literals: ReadonlyMap<string, string>;
  /** Dataverse's functions and lambdas: `aside0` in the tree is the first of them. */
  readonly asides: readonly (FunctionCall | Lambda)[];
}

export function parseFilter(source: string): ParsedFilter {
  const { text, ...asides } = setAside(source);
  try {
    return { tree: toTree(defaultParser.filter(text)), ...asides };
  } catch {
    throw badRequest(`Syntax error in the filter expression '${source}'.`);
  }
}

/**
 * Takes out what the parser reads differently from Dataverse: quoted texts (it decodes a `%27` inside), members of
 * enumerations, Dataverse's functions (values in JSON) and lambdas (it knows no lambda inside a lambda).
 */
function setAside(source: string): Omit<ParsedFilter, 'tree'> & { text: string } {
  const literals = new Map<string, string>();
  const asides: (FunctionCall | Lambda)[] = [];
  let text = '';
  for (let at = 0; at < source.length; ) {
    const call = readCall(source, at);
    const lambda = call === undefined ? readLambda(source, at, text) : undefined;
    if (call !== undefined) {
      text += `aside${asides.length} eq true`;
      asides.push(call.call);
      at = call.end;
    } else if (lambda !== undefined) {
      text = `${lambda.before}aside${asides.length} eq true`;
      asides.push(lambda.lambda);
      at = lambda.end;
    } else if (source[at] === "'" || matches(ENUMERATION, source, at)) {
      const quote = source.indexOf("'", at);
      const end = skip(source, quote);
      const alias = `@literal${literals.size}`;
      literals.set(alias, source.slice(quote, end));
      text += alias;
      at = end;
    } else {
      text += source[at];
      at += 1;
    }
  }
  return { text: text.trim().replaceAll(/\bnot\(/g, 'not ('), literals, asides };
}

/** `Microsoft.Dynamics.CRM.AttributeTypeCode'Picklist'`: compared by the member's name. */
const ENUMERATION = /Microsoft\.Dynamics\.CRM\.\w+(?=')/y;
const QUANTIFIER = /\/(any|all)\(/y;

function matches(expression: RegExp, source: string, at: number): RegExpExecArray | null {
  expression.lastIndex = at;
  return expression.exec(source);
}

/** The lambda whose quantifier stands at `at`; its path is the end of what has been read before. */
function readLambda(
  source: string,
  at: number,
  read: string,
): { lambda: Lambda; before: string; end: number } | undefined {
  const found = source[at] === '/' ? matches(QUANTIFIER, source, at) : null;
  if (found === null) return undefined;
  const path = /[\w/]+$/.exec(read)?.[0];
  if (path === undefined) return undefined;
  const open = at + found[0].length - 1;
  const end = skip(source, open);
  const inner = /^\s*(\w+)\s*:(.*)$/s.exec(source.slice(open + 1, end - 1));
  const quantifier = found[1] === 'all' ? 'all' : 'any';
  const lambda = { path: path.split('/'), quantifier, variable: inner?.[1], predicate: inner?.[2] } as const;
  return { lambda, before: read.slice(0, -path.length), end };
}

/** OData precedence: `not`, comparisons, `and`, `or`. The parser lets `not` take all that follows; put right here. */
function toTree(token: LexerToken): Tree {
  switch (token.type) {
    case 'BoolParenExpression':
      return close(toTree(token.value));
    case 'AndExpression':
      return and(toTree(token.value.left), toTree(token.value.right));
    case 'OrExpression':
      return { op: 'or', left: toTree(token.value.left), right: toTree(token.value.right), closed: false };
    case 'NotExpression':
      return not(toTree(token.value));
    default:
      return { op: 'leaf', token };
  }
}

/** What stands between parentheses stays together. */
function close(tree: Tree): Tree {
  return tree.op === 'and' || tree.op === 'or' ? { ...tree, closed: true } : tree;
}

function and(left: Tree, right: Tree): Tree {
  if (right.op === 'or' && !right.closed) return { ...right, left: and(left, right.left) };
  return { op: 'and', left, right, closed: false };
}

function not(inner: Tree): Tree {
  const open = (inner.op === 'and' || inner.op === 'or') && !inner.closed;
  return open ? { ...inner, left: not(inner.left) } : { op: 'not', inner };
}
