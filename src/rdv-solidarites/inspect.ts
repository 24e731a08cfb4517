// What a notification holds that the schemas do not know: the first sign that the sender changed.
import { z } from 'zod';

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
 * Compares a record as received with its schema and with what the schema made of it.
 *
 * @param path the name that prefixes each finding, usually the model
 */
export function findSurprises(schema: z.ZodType, received: unknown, path: string): Surprises {
  const found = { unknownKeys: new Set<string>(), unknownValues: new Set<string>(), misshapen: new Set<string>() };
  visit(schema, received, path);
  return {
    unknownKeys: [...found.unknownKeys].sort(),
    unknownValues: [...found.unknownValues].sort(),
    misshapen: [...found.misshapen].sort(),
  };

  function visit(type: z.ZodType, value: unknown, at: string): void {
    if (value == null) return;
    const known = type.meta()?.['known'];
    if (Array.isArray(known)) {
      if (typeof value === 'string' && !known.includes(value)) found.unknownValues.add(at);
    } else if (type instanceof z.ZodCatch) {
      const inner = innerOf(type);
      if (!inner.safeParse(value).success) found.misshapen.add(at);
      else visit(inner, value, at);
    } else if (type instanceof z.ZodOptional || type instanceof z.ZodNullable) {
      visit(innerOf(type), value, at);
    } else if (type instanceof z.ZodArray && Array.isArray(value)) {
      for (const element of value) visit(type.element as z.ZodType, element, at);
    } else if (type instanceof z.ZodObject && typeof value === 'object') {
      visitObject(type, value, at);
    }
  }

  function visitObject(type: z.ZodObject, value: object, at: string): void {
    for (const [key, held] of Object.entries(value)) {
      const field: unknown = Object.hasOwn(type.shape, key) ? type.shape[key] : undefined;
      if (field instanceof z.ZodType) visit(field, held, `${at}.${key}`);
      else found.unknownKeys.add(`${at}.${FIELD_NAME.test(key) ? key : '(unprintable)'}`);
    }
  }
}

function innerOf(type: z.ZodCatch | z.ZodOptional | z.ZodNullable): z.ZodType {
  return type._zod.def.innerType as z.ZodType;
}
