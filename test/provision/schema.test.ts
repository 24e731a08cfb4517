import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { optionValues, schema } from '../../src/schema/schema.ts';
import type { Schema } from '../../src/schema/shape.ts';
import { appointmentStates, contactStates, standardColumns } from '../../src/schema/standard-columns.ts';

const { tables, publisher }: Schema = schema;
const columns = Object.entries(tables).flatMap(([table, { columns }]) =>
  Object.entries(columns).map(([name, column]) => ({ table, name, column })),
);

test.each(columns)('$table.$name has a name that Dataverse and its client accept', ({ name, column }) => {
  expect(name).toMatch(new RegExp(`^${publisher.prefix}_[a-z]+$`));
  expect(column.schemaName).toBe(name);
  // dynamics-web-api leaves keys with these endings out of a body.
  expect(name).not.toMatch(/_(Formatted|NavigationProperty|LogicalName)$/i);
  for (const text of [column.label, column.description]) expect(Object.values(text).join()).not.toMatch(/^,|,$/);
});

test('relationships and options are unambiguous', () => {
  const lookups = columns.flatMap(({ column }) => (column.type === 'lookup' ? [column] : []));
  expect(new Set(lookups.map(({ relationship }) => relationship)).size).toBe(lookups.length);
  for (const { column } of columns) {
    const values = column.type === 'choice' ? Object.values(column.options).map(({ value }) => value) : [];
    expect(new Set(values).size).toBe(values.length);
  }
  expect(optionValues.appointment.rdvs_status).toEqual({
    unknown: 1,
    seen: 2,
    excused: 3,
    revoked: 4,
    noshow: 5,
    destroyed: 6,
  });
  expect(optionValues.rdvs_link.rdvs_state).toEqual({ live: 1, removed: 2, missing: 3 });
});

const option = z.union([z.string(), z.object({ state: z.number().optional() })]);
const reference = z.object({
  columns: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      maxLength: z.number().optional(),
      dateTimeBehavior: z.string().optional(),
      options: z.record(z.string(), option).optional(),
    }),
  ),
});

async function referenceOf(table: string) {
  const file = new URL(`../../local/dataverse/src/tables/${table}.json`, import.meta.url);
  const { columns } = reference.parse(JSON.parse(await readFile(file, 'utf8')));
  return new Map(columns.map((column) => [column.name, column]));
}

const asInReference = {
  string: { type: 'String' },
  date: { type: 'DateTime', dateTimeBehavior: 'DateOnly' },
  datetime: { type: 'DateTime', dateTimeBehavior: 'UserLocal' },
  state: { type: 'State' },
  status: { type: 'Status' },
};

const written: Record<
  string,
  Record<string, { type: keyof typeof asInReference; maxLength?: number }>
> = standardColumns;

test.each(Object.entries(written))('the columns of %s are those of the reference', async (table, columns) => {
  const known = await referenceOf(table);
  for (const [name, { type, ...limits }] of Object.entries(columns)) {
    expect(known.get(name), name).toMatchObject({ ...asInReference[type], ...limits });
  }
});

test.each([
  ['contact', contactStates],
  ['appointment', appointmentStates],
])('each state of %s goes with a status of that state', async (table, states) => {
  const statuses = (await referenceOf(table)).get('statuscode')?.options;
  for (const { statecode, statuscode } of Object.values(states)) {
    expect(statuses?.[statuscode]).toMatchObject({ state: statecode });
  }
});
