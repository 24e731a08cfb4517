// Building blocks of the sender's schemas: how a field may look without breaking the connector.
import * as z from 'zod';
import { parseRecurrence } from './recurrence.ts';
import { storable } from './texts.ts';
import { parseDate, parseInstant } from './times.ts';

/** A cleaned text. Every string of a record is read with this schema. */
export const string = () => z.string().overwrite(storable);

/**
 * A field whose surprises must never stop a notification: absent and `null` are told apart, and a value of another
 * type than expected is read as absent (`inspect` counts it).
 */
export function tolerant<T extends z.ZodType>(schema: T) {
  return schema.nullish().catch(undefined);
}

/**
 * A field whose values form a closed list today. The sender may add a value, so any text passes; `inspect` reports the
 * values that are not in the list.
 */
export function openEnum<const T extends string>(values: readonly T[]) {
  return string().meta({ known: values }) as unknown as z.ZodType<T | (string & {})>;
}

export const text = tolerant(string());
export const bool = tolerant(z.boolean());
export const integer = tolerant(z.int());

/** An id of the sender: a database sequence, never reused. */
export function id<B extends string>() {
  return z.int().positive().brand<B>();
}

/** A moment with its offset, read to an exact instant. */
export const instant = string().transform((value, context) => {
  const read = parseInstant(value);
  if (read !== undefined) return read;
  context.issues.push({ code: 'custom', message: 'not an instant', input: undefined });
  return z.NEVER;
});

/** A calendar date. */
export const date = string().transform((value, context) => {
  const read = parseDate(value);
  if (read !== undefined) return read;
  context.issues.push({ code: 'custom', message: 'not a date', input: undefined });
  return z.NEVER;
});

/** A wall-clock time, `09:05:00`, without zone. */
export const timeOfDay = string().regex(/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/);

/** A recurrence, or null for none. One that cannot be read stops the notification: the days would be wrong. */
export const recurrenceRule = string().transform((value, context) => {
  if (value.trim() === '') return null;
  const read = parseRecurrence(value);
  if (read !== undefined) return read;
  context.issues.push({ code: 'custom', message: 'not a recurrence that is understood', input: undefined });
  return z.NEVER;
});
