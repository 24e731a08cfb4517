// The setting MAPPING, from its text to what the core works with.
import * as z from 'zod/mini';
import type { Mapping, OwnLine, TableMapping } from '../sync/model/mapping.ts';
import { repeatedName } from './repeated-name.ts';
import { DECIMAL, type GivenLine, mappingShape, WHOLE } from './shape.ts';

/** Decimals of a new column in Power Apps. */
const USUAL_PRECISION = 2;

/** Reads the setting. The shape is made only where there is one to read: the receiver starts faster without. */
export const mapping = z.pipe(
  z._default(z.string(), '{}'),
  z.transform((text, context): Mapping => {
    const refuse = (message: string, path: PropertyKey[] = []) => {
      context.issues.push({ code: 'custom', message, path, input: undefined });
      return z.NEVER;
    };
    const given = parse(text);
    if (given === undefined) return refuse('a JSON object: {"contact": {…}, "appointment": {…}}');
    const twice = repeatedName(text);
    if (twice !== undefined) return refuse('once: it is there twice', twice);
    if (text.trim() === '{}') return OURS_ALONE;
    const read = mappingShape().safeParse(given);
    if (read.success) return { contact: toTable(read.data.contact), appointment: toTable(read.data.appointment) };
    for (const { message, path } of read.error.issues) refuse(message, path);
    return z.NEVER;
  }),
);

const OURS_ALONE: Mapping = { contact: toTable(), appointment: toTable() };

function toTable(lines: Readonly<Record<string, unknown>> = {}): TableMapping {
  const entries = Object.entries(lines) as [string, GivenLine | false][];
  return {
    own: Object.fromEntries(entries.flatMap(([column, line]) => (line === false ? [] : [[column, complete(line)]]))),
    without: new Set(entries.flatMap(([column, line]) => (line === false ? [column] : []))),
  };
}

/** A line with its limits. */
function complete(line: GivenLine): OwnLine {
  switch (line.type) {
    case 'whole':
      return { ...line, minimum: line.minimum ?? WHOLE.minimum, maximum: line.maximum ?? WHOLE.maximum };
    case 'decimal': {
      const { minimum = DECIMAL.minimum, maximum = DECIMAL.maximum, precision = USUAL_PRECISION } = line;
      return { ...line, minimum, maximum, precision };
    }
    default:
      return line;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
