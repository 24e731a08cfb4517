// Finds what a notification holds that the schemas do not know: the first sign that the sender changed.
import * as z from 'zod';

/** Names of fields, never their values: these lists go to the log. */
export interface Surprises {
  /** Keys that no schema names, as `User.new_key`. */
  readonly unknownKeys: readonly string[];
  /** Fields of a closed list that hold a value outside it. */
  readonly unknownValues: readonly string[];
  /** Known fields of an unexpected type, read as absent. */
  readonly misshapen: readonly string[];
}

// A key is the sender's vocabulary, but it is still input: only what looks like a field name is repeated in a log.
const FIELD_NAME = /^[a-z][a-z0-9_]{0,39}$/;

/**
 * Compares a record as received with its schema and with what the schema made of it. Nothing is parsed again: a tolerant
 * field of an unexpected type is one that was received and is not in the record.
 *
 * @param path the name that prefixes each finding, usually the model
 */
export function findSurprises(schema: z.core.$ZodType, { received, record }: Compared, path: string): Surprises {
  const found = { unknownKeys: new Set<string>(), unknownValues: new Set<string>(), misshapen: new Set<string>() };
  visit(schema, { received, record }, path);
  return {
    unknownKeys: [...found.unknownKeys].sort(),
    unknownValues: [...found.unknownValues].sort(),
    misshapen: [...found.misshapen].sort(),
  };

  function visit(type: z.core.$ZodType, { received, record }: Compared, at: string): void {
    if (received == null) return;
    // By name and not by `instanceof`, which looks through a list of traits: this runs for every field of every record.
    const { def } = (type as z.core.$ZodTypes)._zod;
    switch (def.type) {
      case 'catch':
        if (record === undefined) found.misshapen.add(at);
        else visit(def.innerType, { received, record }, at);
        break;
      case 'optional':
      case 'nullable':
        visit(def.innerType, { received, record }, at);
        break;
      case 'array':
        if (Array.isArray(received) && Array.isArray(record)) {
          for (const [index, one] of received.entries())
            visit(def.element, { received: one, record: record[index] }, at);
        }
        break;
      case 'object':
        if (isRecord(received) && isRecord(record)) visitFields(def.shape, { received, record }, at);
        break;
      case 'string': {
        const known = z.globalRegistry.get(type)?.['known'];
        if (Array.isArray(known) && !known.includes(received)) found.unknownValues.add(at);
      }
    }
  }

  function visitFields(shape: z.core.$ZodShape, { received, record }: Compared<Fields>, at: string): void {
    for (const key of Object.keys(received)) {
      const field = Object.hasOwn(shape, key) ? shape[key] : undefined;
      if (field !== undefined) visit(field, { received: received[key], record: record[key] }, `${at}.${key}`);
      else found.unknownKeys.add(`${at}.${FIELD_NAME.test(key) ? key : '(unprintable)'}`);
    }
  }
}

const PRINTED = 20;
// A path of field names. A key of any other form could be somebody's data, so it is not logged.
const PATH = /^[a-z][a-z0-9_.[\]]{0,60}$/i;

/**
 * Surprises as a log may show them: at most twenty names from each list, only those that look like field names, and the
 * total.
 */
export function toPrint({ unknownKeys, unknownValues, misshapen }: Surprises): Surprises & { readonly count: number } {
  const printable = (paths: readonly string[]) => paths.filter((path) => PATH.test(path)).slice(0, PRINTED);
  return {
    unknownKeys: printable(unknownKeys),
    unknownValues: printable(unknownValues),
    misshapen: printable(misshapen),
    count: unknownKeys.length + unknownValues.length + misshapen.length,
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** A value as it was received, and as the schema read it. */
export interface Compared<T = unknown> {
  readonly received: T;
  readonly record: T;
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
