// Definitions as the filter compiler sees them: plain JSON, compared by the type of the value found.

import type { JsonObject } from '../json.ts';
import type { Kind, Property, Scalar, Shape } from '../odata/shape.ts';

/** Shape of a set of definitions. Its properties are those of any of the items. */
export function jsonShape(typeName: string, items: readonly JsonObject[]): Shape<JsonObject> {
  return {
    typeName,
    navigation: () => undefined,
    property: (name): Property<JsonObject> | undefined => {
      const owner = items.find((item) => item[name] !== undefined && item[name] !== null);
      if (items.length > 0 && owner === undefined) return undefined;
      return { kind: kindOf(name, owner?.[name]), read: (item) => scalar(item, name) };
    },
  };
}

function kindOf(name: string, value: unknown): Kind {
  if (name === 'MetadataId') return 'guid';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  return 'text';
}

function scalar(item: JsonObject, name: string): Scalar {
  const value = item[name] ?? null;
  return typeof value === 'object' ? null : value;
}
