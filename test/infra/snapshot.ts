// What the parameter files would deploy: the snapshots that the Bicep CLI wrote, and a test holds to the templates.
import { readFileSync } from 'node:fs';
import { PARAMETER_FILES } from '../../infra/tools/snapshots.ts';

const PARAMS = new URL('../../infra/params/', import.meta.url);

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly apiVersion: string;
  readonly [property: string]: Json;
}

export class Snapshot {
  readonly name: string;
  readonly resources: readonly Resource[];
  readonly diagnostics: readonly Json[];

  constructor(name: string) {
    const read = JSON.parse(readFileSync(new URL(`${name}.snapshot.json`, PARAMS), 'utf8'));
    this.name = name;
    this.resources = read.predictedResources;
    this.diagnostics = read.diagnostics;
  }

  ofType(type: string): Resource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** The only resource of a type. */
  the(type: string): Resource {
    const [found, ...others] = this.ofType(type);
    if (found === undefined || others.length > 0) throw new Error(`${this.name}: not exactly one ${type}`);
    return found;
  }
}

export const SNAPSHOTS = PARAMETER_FILES.map((file) => new Snapshot(file.replace('.bicepparam', '')));

/** The value at a path such as `properties.policy.rules`, or undefined. */
export function at(value: Json | undefined, path: string): Json | undefined {
  return path.split('.').reduce<Json | undefined>((current, key) => {
    const isObject = current !== null && typeof current === 'object';
    return isObject ? Reflect.get(current, key) : undefined;
  }, value);
}

/** Every key and every string below a value. */
export function* leaves(value: Json): Generator<string> {
  if (typeof value === 'string') yield value;
  if (value === null || typeof value !== 'object') return;
  for (const [key, child] of Object.entries(value)) {
    yield key;
    yield* leaves(child);
  }
}
