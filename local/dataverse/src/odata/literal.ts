// Literals of a filter: typed, comparable with a property, or refused as OData refuses them.

import { badRequest } from '../errors.ts';
import { GUID } from './guid.ts';
import type { Kind, Scalar } from './shape.ts';

export interface Literal {
  readonly kind: Kind | 'null';
  readonly value: Scalar;
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i;
const DAY = /^\d{4}-\d\d-\d\d$/;
const NUMBER = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?[lmfd]?$/i;

/** Reads a literal as it stands in a URL: `'a''b'`, `12`, `true`, `null`, a GUID, a date. */
export function parseLiteral(source: string): Literal {
  const text = source.trim();
  if (text.length >= 2 && text.startsWith("'") && text.endsWith("'")) {
    return { kind: 'text', value: text.slice(1, -1).replaceAll("''", "'") };
  }
  if (text === 'null') return { kind: 'null', value: null };
  if (text === 'true' || text === 'false') return { kind: 'boolean', value: text === 'true' };
  if (GUID.test(text)) return { kind: 'guid', value: text.toLowerCase() };
  if (DAY.test(text)) return { kind: 'date', value: text };
  if (INSTANT.test(text)) return { kind: 'instant', value: instant(text) };
  if (NUMBER.test(text)) return { kind: 'number', value: Number(text.replace(/[lmfd]$/i, '')) };
  throw badRequest(`Unrecognized literal '${text}' in the query.`);
}

/** Keeps fractions of a second, so that `gt 10:00:00.5` excludes a row stored at 10:00:00. */
function instant(text: string): string {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw badRequest(`Unrecognized 'Edm.DateTimeOffset' literal '${text}'.`);
  return date.toISOString().replace('.000Z', 'Z');
}

const EDM: Record<Kind, string> = {
  text: 'Edm.String',
  number: 'Edm.Int32',
  boolean: 'Edm.Boolean',
  guid: 'Edm.Guid',
  date: 'Edm.Date',
  instant: 'Edm.DateTimeOffset',
};

/** The literal's value in the property's kind. Microsoft Learn compares lookups with quoted GUIDs too ("Filter rows"). */
export function convert(literal: Literal, kind: Kind): Scalar {
  if (literal.kind === 'null' || literal.kind === kind) return literal.value;
  if (kind === 'guid' && typeof literal.value === 'string') return guidOf(literal.value);
  if (kind === 'instant' && literal.kind === 'date') return `${literal.value}T00:00:00Z`;
  if (kind === 'date' && literal.kind === 'instant') return String(literal.value).slice(0, 10);
  throw badRequest(
    `A binary operator with incompatible types was detected. Found operand types '${EDM[kind]}' and '${EDM[literal.kind]}' for operator kind 'Equal'.`,
  );
}

/** Values of Dataverse's functions come as texts, whatever the column. */
export function convertText(text: string, kind: Kind): Scalar {
  if (kind === 'text') return text;
  if (kind === 'guid') return guidOf(text);
  const literal = parseLiteral(text);
  return convert(literal, kind);
}

function guidOf(text: string): string {
  const guid = GUID.exec(text.trim())?.[1];
  if (guid === undefined) throw badRequest(`Unrecognized 'Edm.Guid' literal '${text}'.`);
  return guid.toLowerCase();
}
