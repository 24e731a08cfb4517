// Reads a query with Microsoft's own parser of the Kusto language, against the tables that Azure Monitor has.
import { createRequire } from 'node:module';

/** A node or token of the syntax tree. */
export interface Node {
  /** `FilterOperator`, `BinaryExpression`, … or `Token`. */
  readonly kind: string;
  /** Of a token: what is written. Else empty. */
  readonly text: string;
  readonly children: readonly Node[];
}

export interface Parsed {
  /** What Azure would refuse: syntax, unknown tables, columns or functions, wrong types. */
  readonly problems: readonly string[];
  readonly tree: Node;
}

// The columns that queries may use. Microsoft Learn: "traces" and "requests" as Application Insights shows them,
// "Operation" of a workspace.
const TABLES: Record<string, string> = {
  traces: '(timestamp: datetime, message: string, severityLevel: int, operation_Name: string, cloud_RoleName: string)',
  requests: '(timestamp: datetime, name: string, resultCode: string, success: bool, duration: real)',
  Operation: '(TimeGenerated: datetime, OperationCategory: string, OperationStatus: string, Detail: string)',
};

// The parts of the library that are used here. Its own declarations are 1.7 MB.
interface LibraryNode {
  readonly IsToken: boolean;
  readonly Text?: string;
  readonly ChildCount: number;
  readonly constructor: { readonly $$name: string };
  GetChild(index: number): LibraryNode | null;
}
interface Code {
  readonly Syntax: LibraryNode;
  GetDiagnostics(): { readonly Count: number; getItem(index: number): { readonly Message: string } };
}
interface Library {
  KustoCode: { ParseAndAnalyze(text: string, globals: unknown): Code };
  GlobalState: { Default: { WithDatabase(database: unknown): unknown } };
  Symbols: {
    TableSymbol: { From(columns: string): { WithName(name: string): unknown } };
    DatabaseSymbol: { ctor: new (name: string, tables: readonly unknown[]) => unknown };
  };
}

const require = createRequire(import.meta.url);
require('@kusto/language-service-next/bridge.js');
require('@kusto/language-service-next');
const { Language } = Reflect.get(globalThis, 'Kusto') as { Language: Library };

const tables = Object.entries(TABLES).map(([name, columns]) =>
  Language.Symbols.TableSymbol.From(columns).WithName(name),
);
const globals = Language.GlobalState.Default.WithDatabase(new Language.Symbols.DatabaseSymbol.ctor('logs', tables));

export function parse(query: string): Parsed {
  const before = parsed.get(query);
  if (before !== undefined) return before;
  const result = parseAnew(query);
  parsed.set(query, result);
  return result;
}

/** Parsing takes longer than evaluating; a rule is evaluated hundreds of times. */
const parsed = new Map<string, Parsed>();

function parseAnew(query: string): Parsed {
  const code = Language.KustoCode.ParseAndAnalyze(query, globals);
  const found = code.GetDiagnostics();
  const problems = Array.from({ length: found.Count }, (_, index) => found.getItem(index).Message);
  return { problems, tree: toNode(code.Syntax) };
}

function toNode(node: LibraryNode): Node {
  const children: Node[] = [];
  for (let index = 0; index < node.ChildCount; index += 1) {
    const child = node.GetChild(index);
    if (child !== null) children.push(toNode(child));
  }
  // `Kusto.Language.Syntax.SyntaxList$1$Kusto.Language.Syntax.Expression` is a `SyntaxList`.
  const kind = node.IsToken
    ? 'Token'
    : (/^Kusto\.Language\.Syntax\.(\w+?)(\$|$)/.exec(node.constructor.$$name)?.[1] ?? '');
  return { kind, text: node.IsToken ? (node.Text ?? '') : '', children };
}

/** Every node below, the node itself first. */
export function* descendants(node: Node): Generator<Node> {
  yield node;
  for (const child of node.children) yield* descendants(child);
}

/** The children of a kind. */
export const parts = (node: Node, kind: string) => node.children.filter((child) => child.kind === kind);

/** The elements of the lists directly below. */
export function elements(node: Node): Node[] {
  const lists = node.kind === 'SyntaxList' ? [node] : parts(node, 'SyntaxList');
  return lists.flatMap((list) => parts(list, 'SeparatedElement').map((element) => only(element)));
}

/** The first child that is no token. */
export function only(node: Node): Node {
  const child = node.children.find(({ kind }) => kind !== 'Token');
  if (child === undefined) throw new Error(`${node.kind} is empty`);
  return child;
}

/** A name, without the brackets of `['…']`. */
export function nameOf(node: Node): string {
  const text = [...descendants(node)].map((part) => part.text).join('');
  return text.replace(/^\['(.*)'\]$/, '$1');
}
