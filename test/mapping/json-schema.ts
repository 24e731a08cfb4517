// `npm run docs:schema`: the JSON Schema of MAPPING, from the shape that the application reads it by.
import { writeFileSync } from 'node:fs';
import * as z from 'zod';
import { mappingShape } from '../../src/mapping/shape.ts';

export const SCHEMA_FILE = new URL('../../docs/mapping.schema.json', import.meta.url);

export function jsonSchema(): object {
  const about = {
    title: 'MAPPING',
    description: 'Colonnes du département que RDV-Solidarités remplit dans Dynamics : voir correspondances.md.',
  };
  return { ...z.toJSONSchema(mappingShape()), ...about };
}

if (import.meta.main) writeFileSync(SCHEMA_FILE, JSON.stringify(jsonSchema()));
