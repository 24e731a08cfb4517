// The fields that may be mapped are those of the sender's records, with what they hold.
import { expect, test } from 'vitest';
import * as z from 'zod';
import { date, instant } from '../../src/rdv-solidarites/fields.ts';
import { type FieldKind, fieldOf, mappableFields, sensitiveFields } from '../../src/rdv-solidarites/mappable-fields.ts';
import { rdv, user } from '../../src/rdv-solidarites/models.ts';

/** Without what makes a field optional. */
function inner(schema: unknown): unknown {
  if (schema instanceof z.ZodCatch || schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return inner(schema.unwrap());
  }
  return schema;
}

function kindOf(schema: unknown): FieldKind | undefined {
  if (schema === instant) return 'datetime';
  if (schema === date) return 'date';
  if (schema instanceof z.ZodBoolean) return 'boolean';
  if (schema instanceof z.ZodNumber) return schema.format === 'safeint' ? 'whole' : 'decimal';
  return schema instanceof z.ZodString || schema instanceof z.ZodUnion ? 'text' : undefined;
}

function fieldsOf(record: z.ZodObject, prefix = ''): [string, FieldKind][] {
  return Object.entries(record.shape).flatMap(([name, schema]): [string, FieldKind][] => {
    const field = inner(schema);
    if (field instanceof z.ZodObject) return field === user ? [] : fieldsOf(field, `${prefix}${name}.`);
    const kind = kindOf(field);
    return kind === undefined ? [] : [[prefix + name, kind]];
  });
}

test('all of them, but for lists and other people', () => {
  expect(mappableFields.contact).toEqual(Object.fromEntries(fieldsOf(user)));
  expect(mappableFields.appointment).toEqual(Object.fromEntries(fieldsOf(rdv)));
});

test('the sensitive ones are among them', () => {
  expect(Object.keys(mappableFields.contact)).toEqual(expect.arrayContaining([...sensitiveFields.contact]));
  expect(Object.keys(mappableFields.appointment)).toEqual(expect.arrayContaining([...sensitiveFields.appointment]));
});

test('a path tells absent from null, at every depth', () => {
  expect(fieldOf({ motif: { name: 'Accueil' } }, 'motif.name')).toBe('Accueil');
  expect(fieldOf({ motif: null }, 'motif.name')).toBeNull();
  expect(fieldOf({ motif: {} }, 'motif.name')).toBeUndefined();
  expect(fieldOf({}, 'motif.name')).toBeUndefined();
});
