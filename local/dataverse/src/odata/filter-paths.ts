// Paths in a filter: properties, navigation properties, range variables of lambdas.

import { unknownQueryProperty } from '../errors.ts';
import type { Property, Shape } from './shape.ts';

/** Path steps, without the range variable of a lambda: `o/statecode` in `any(o:…)`. */
export function steps(raw: string, variable: string | undefined): string[] {
  const path = raw.split('/');
  return variable !== undefined && path[0] === variable ? path.slice(1) : path;
}

/** A property at the end of a path through single-valued navigation properties. */
export function resolve<T>(path: readonly string[], shape: Shape<T>): Property<T> {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    const property = shape.property(name);
    if (property === undefined) throw unknownQueryProperty(name, shape.typeName);
    return property;
  }
  const navigation = shape.navigation(name);
  if (navigation === undefined || navigation.many) throw unknownQueryProperty(name, shape.typeName);
  const end = resolve(rest, navigation.shape);
  const read: Property<T>['read'] = (item) => {
    const [next] = navigation.follow(item);
    return next === undefined ? null : end.read(next);
  };
  return { kind: end.kind, read };
}

/** A collection at the end of a path, before `any` or `all`. */
export function followMany<T>(
  path: readonly string[],
  shape: Shape<T>,
): { shape: Shape<T>; items: (item: T) => readonly T[] } {
  const [name = '', ...rest] = path;
  const navigation = shape.navigation(name);
  if (navigation === undefined) throw unknownQueryProperty(name, shape.typeName);
  if (rest.length === 0) return { shape: navigation.shape, items: navigation.follow };
  const end = followMany(rest, navigation.shape);
  return { shape: end.shape, items: (item) => navigation.follow(item).flatMap((next) => end.items(next)) };
}
