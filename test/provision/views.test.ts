// What `provision` gives Dataverse passes Microsoft's schemas, in any languages.
import { describe, expect, test } from 'vitest';
import { type SchemaName, validateXml } from '../../local/dataverse/src/customization/xml-schemas.ts';
import { tableParts, views } from '../../src/provision/app/application.ts';
import { parts } from '../../src/provision/app/parts.ts';

const SCHEMAS: Readonly<Record<string, SchemaName>> = {
  fetchxml: 'Fetch',
  layoutxml: 'Layout',
  formxml: 'FormXml',
  datadescription: 'VisualizationDataDescription',
  presentationdescription: 'Chart',
  sitemapxml: 'SiteMap',
};

describe.each([
  ['French', { base: 1036, provisioned: [1036] }],
  ['English with French', { base: 1033, provisioned: [1033, 1036] }],
  ['German with French', { base: 1031, provisioned: [1031, 1036] }],
])('in %s', (_, languages) => {
  const setting = { languages, typeCodes: new Map(tableParts.map(({ table }, at) => [table, 10_042 + at])) };
  const texts = parts.flatMap((part) =>
    Object.entries(part.content(setting)).map(([column, xml]) => [part.component, column, xml] as const),
  );

  test.each(texts)('%s: %s passes its schema', (_part, column, xml) => {
    const schema = SCHEMAS[column];
    if (schema === undefined) throw new Error(`no schema for ${column}`);
    validateXml(schema, xml);
  });
});

test('parts have ids and components of their own, views names of their own', () => {
  for (const key of ['id', 'component'] as const)
    expect(new Set(parts.map((part) => part[key])).size).toBe(parts.length);
  expect(new Set(views.map(({ name }) => name.fr)).size).toBe(views.length);
});
