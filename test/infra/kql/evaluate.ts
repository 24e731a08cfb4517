// Runs a parsed query over rows in memory. Only what our queries use is known; anything else throws.
import { elements, type Node, nameOf, only, parse, parts } from './parse.ts';
import { aggregate, call, compare, isAggregate, type Value } from './values.ts';

export type Row = Readonly<Record<string, Value>>;
export type Tables = Readonly<Record<string, readonly Row[]>>;

type Scope = Readonly<Record<string, Value>>;

/** Where the time of the evaluation stands among the names: no name of a query holds brackets. */
const NOW = 'now()';

/**
 * @param at what `now()` is
 * @throws Error for a query that Azure would refuse, or that says more than this evaluator knows
 */
export function run(query: string, tables: Tables, at = new Date(0)): Row[] {
  const { problems, tree } = parse(query);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const scope: Record<string, Value> = { [NOW]: at };
  for (const statement of elements(tree)) {
    if (statement.kind !== 'LetStatement') return rowsOf(only(statement), tables, scope);
    const [name, value] = statement.children.filter(({ kind }) => kind !== 'Token');
    if (name && value) scope[nameOf(name)] = scalar(value, {});
  }
  throw new Error('a query without a statement');
}

function rowsOf(node: Node, tables: Tables, scope: Scope): Row[] {
  if (node.kind === 'NameReference') {
    const rows = tables[nameOf(node)];
    if (rows === undefined) throw new Error(`no table ${nameOf(node)}`);
    return [...rows];
  }
  const [source, , operator] = node.children;
  if (node.kind !== 'PipeExpression' || !source || !operator) throw new Error(`not a query: ${node.kind}`);
  const apply = OPERATORS[operator.kind];
  if (apply === undefined) throw new Error(`unknown operator: ${operator.kind}`);
  return apply(operator, rowsOf(source, tables, scope), scope);
}

const OPERATORS: Record<string, (operator: Node, rows: Row[], scope: Scope) => Row[]> = {
  FilterOperator: (operator, rows, scope) => {
    const condition = operator.children.at(-1);
    return rows.filter((row) => condition !== undefined && scalar(condition, { ...scope, ...row }) === true);
  },
  ExtendOperator: (operator, rows, scope) =>
    rows.map((row) => ({ ...row, ...columns(operator, { ...scope, ...row }) })),
  ProjectOperator: (operator, rows, scope) => rows.map((row) => columns(operator, { ...scope, ...row })),
  SummarizeOperator: summarize,
  SortOperator: (operator, rows, scope) => {
    const keys = elements(operator).map((element) => ({
      expression: element.kind === 'OrderedExpression' ? only(element) : element,
      sign: /asc$/.test(nameOf(element)) ? 1 : -1,
    }));
    const value = (row: Row, expression: Node) => scalar(expression, { ...scope, ...row });
    return rows.toSorted((a, b) => {
      const orders = keys.map(({ expression, sign }) => sign * compare(value(a, expression), value(b, expression)));
      return orders.find((order) => order !== 0) ?? 0;
    });
  },
};

function summarize(operator: Node, rows: Row[], scope: Scope): Row[] {
  const by = parts(operator, 'SummarizeByClause')[0];
  const groups = new Map<string, { keys: Row; rows: Row[] }>();
  for (const row of rows) {
    const keys = by === undefined ? {} : columns(by, { ...scope, ...row });
    const id = JSON.stringify(keys);
    const group = groups.get(id) ?? { keys, rows: [] };
    group.rows.push(row);
    groups.set(id, group);
  }
  return [...groups.values()].map((group) => ({
    ...group.keys,
    ...Object.assign({}, ...elements(operator).map((element) => columnsOfGroup(element, group.rows, scope))),
  }));
}

function columnsOfGroup(element: Node, rows: readonly Row[], scope: Scope): Row {
  const expression = expressionOf(element);
  if (nameOf(expression.children[0] ?? expression) !== 'arg_max') {
    return { [columnName(element)]: overGroup(expression, rows, scope) };
  }
  // `arg_max(timestamp, event, line)`: these columns, of the row in which the first is greatest.
  const [by, ...others] = argumentsOf(expression);
  if (by === undefined) throw new Error('arg_max of nothing');
  const value = (row: Row, argument: Node) => scalar(argument, { ...scope, ...row });
  const greatest = rows.toSorted((a, b) => compare(value(a, by), value(b, by))).at(-1) ?? {};
  return Object.fromEntries([by, ...others].map((argument) => [columnName(argument), value(greatest, argument)]));
}

function overGroup(node: Node, rows: readonly Row[], scope: Scope): Value {
  const name = nameOf(node.children[0] ?? node);
  if (node.kind !== 'FunctionCallExpression' || !isAggregate(name))
    throw new Error(`not an aggregate: ${nameOf(node)}`);
  const values = rows.map((row) => argumentsOf(node).map((argument) => scalar(argument, { ...scope, ...row })));
  return aggregate(name, values);
}

const columns = (operator: Node, scope: Scope): Row =>
  Object.fromEntries(elements(operator).map((element) => [columnName(element), scalar(expressionOf(element), scope)]));

const expressionOf = (element: Node): Node =>
  element.kind === 'SimpleNamedExpression' ? (element.children.at(-1) ?? element) : element;

function columnName(element: Node): string {
  if (element.kind === 'SimpleNamedExpression') return nameOf(only(element));
  if (element.kind === 'NameReference') return nameOf(element);
  // As Kusto does: `bin(timestamp, 1h)` keeps the name of what is rounded.
  const first = argumentsOf(element)[0];
  return first === undefined ? nameOf(element).replace(/\W+$/, '_') : columnName(first);
}

const argumentsOf = (node: Node): Node[] => parts(node, 'ExpressionList').flatMap((list) => elements(list));

/** The value of an expression, for one row. */
function scalar(node: Node, scope: Scope): Value {
  const [first, middle, last] = node.children;
  switch (node.kind) {
    case 'NameReference':
      return scope[nameOf(node)] ?? null;
    case 'LiteralExpression':
      return literal(nameOf(node));
    case 'PathExpression':
    case 'ElementExpression': {
      const bag = first && scalar(first, scope);
      const key = last && nameOf(last).replace(/^\['(.*)'\]$/, '$1');
      return bag !== null && typeof bag === 'object' && !(bag instanceof Date) && key ? (bag[key] ?? null) : null;
    }
    case 'ParenthesizedExpression':
      return scalar(only(node), scope);
    case 'FunctionCallExpression':
      if (nameOf(node) === NOW) return scope[NOW] ?? null;
      return call(
        nameOf(first ?? node),
        argumentsOf(node).map((argument) => scalar(argument, scope)),
      );
    case 'BinaryExpression':
      return call(
        middle?.text ?? '',
        [first, last].map((side) => (side ? scalar(side, scope) : null)),
      );
    case 'InExpression': {
      const value = first ? scalar(first, scope) : null;
      return elements(last ?? node).some((option) => scalar(option, scope) === value);
    }
    default:
      throw new Error(`unknown expression: ${node.kind}`);
  }
}

const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 } as const;

function literal(text: string): Value {
  const span = /^(\d+)([dhms])$/.exec(text);
  if (span) return Number(span[1]) * UNITS[span[2] as keyof typeof UNITS];
  return /^['"]/.test(text) ? text.slice(1, -1) : Number(text);
}
