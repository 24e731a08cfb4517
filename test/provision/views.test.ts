import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { fetchXml, layoutXml, views } from '../../src/provision/views.ts';
import { schema } from '../../src/schema/schema.ts';
import type { Schema } from '../../src/schema/shape.ts';

const { tables }: Schema = schema;
const reference = z.object({ columns: z.array(z.object({ name: z.string() })) });

/** Our columns, those of the reference, and those that every table has. */
async function columnsOf(table: string): Promise<ReadonlySet<string>> {
  const ours = Object.keys(tables[table]?.columns ?? {});
  const everywhere = ['modifiedon', 'ownerid', `${table}id`];
  if (table.startsWith('rdvs_')) return new Set([...ours, ...everywhere]);
  const file = new URL(`../../local/dataverse/src/tables/${table}.json`, import.meta.url);
  const { columns } = reference.parse(JSON.parse(await readFile(file, 'utf8')));
  return new Set([...ours, ...everywhere, ...columns.map(({ name }) => name)]);
}

/** Names of elements must close in the order in which they opened. */
function expectWellFormed(xml: string): void {
  const open: string[] = [];
  for (const [, closing, name, empty] of xml.matchAll(/<(\/?)([\w-]+)(?: [\w-]+="[^"<>&]*")*(\/?)>/g)) {
    if (closing) expect(open.pop()).toBe(name);
    else if (!empty) open.push(name ?? '');
  }
  expect(open).toEqual([]);
  expect(xml.replaceAll(/<[^>]*>/g, '')).toMatch(/^\d*$/);
}

test.each(
  views.map((view) => [view.name.fr, view] as const),
)('the view « %s » uses columns that exist', async (_, view) => {
  const fetch = fetchXml(view);
  const layout = layoutXml(view, 4201);
  for (const xml of [fetch, layout]) expectWellFormed(xml);

  const [own = '', joined = ''] = fetch.split('<link-entity');
  const known = await columnsOf(view.table);
  for (const [, name = ''] of own.matchAll(/attribute(?: name)?="([^"]+)"/g)) expect(known).toContain(name);
  const links = await columnsOf('rdvs_link');
  for (const [, name = ''] of joined.matchAll(/attribute="([^"]+)"/g)) expect(links).toContain(name);
  for (const [, name = ''] of layout.matchAll(/cell name="([^"]+)"/g)) {
    expect(own).toContain(`<attribute name="${name}"/>`);
  }
});

test('views have ids and names of their own', () => {
  for (const key of ['id', 'name'] as const) {
    expect(new Set(views.map((view) => JSON.stringify(view[key]))).size).toBe(views.length);
  }
});
