// The published JSON Schema, and the page that shows it at work.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readPolicy } from '../../src/settings.ts';
import { jsonSchema, SCHEMA_FILE } from './json-schema.ts';

test('the JSON Schema is that of the code: run `npm run docs:schema`', () => {
  expect(JSON.parse(readFileSync(SCHEMA_FILE, 'utf8'))).toEqual(jsonSchema());
});

test('every example of the page for administrators is a mapping that the application reads', () => {
  const page = readFileSync(new URL('../../docs/correspondances.md', import.meta.url), 'utf8');
  const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => text ?? '');
  expect(examples.length).toBeGreaterThan(3);
  for (const MAPPING of examples) expect(() => readPolicy({ MAPPING }), MAPPING).not.toThrow();
});
