// The events that the application logs, with their fields, as src/log.ts declares them.
import { readFileSync } from 'node:fs';
import ts from 'typescript';

const FILE = new URL('../../src/log.ts', import.meta.url);

export interface Fields {
  readonly required: ReadonlySet<string>;
  readonly all: ReadonlySet<string>;
}

/** Event name → its fields. Read from the source, because types are gone when a test runs. */
export function logEvents(): ReadonlyMap<string, Fields> {
  const source = ts.createSourceFile('log.ts', readFileSync(FILE, 'utf8'), ts.ScriptTarget.Latest);
  const declared = source.statements.find(
    (statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === 'Events',
  );
  if (!declared || !ts.isInterfaceDeclaration(declared)) throw new Error('src/log.ts declares no interface Events');
  return new Map(declared.members.map((member) => [nameOf(member), fieldsOf(member)]));
}

function fieldsOf(event: ts.TypeElement): Fields {
  const type = ts.isPropertySignature(event) ? event.type : undefined;
  const members = type && ts.isTypeLiteralNode(type) ? [...type.members] : [];
  return {
    required: new Set(members.filter((member) => member.questionToken === undefined).map(nameOf)),
    all: new Set(members.map(nameOf)),
  };
}

function nameOf(member: ts.TypeElement): string {
  const { name } = member;
  return name && (ts.isStringLiteral(name) || ts.isIdentifier(name)) ? name.text : '';
}
