// A kept body without one person: what a quarantined or stored notification says of a usager who was erased.
import type { UsagerId } from './models.ts';

export type Redacted =
  /** It names the usager nowhere. */
  | { readonly kind: 'untouched' }
  /** It is about that person alone. */
  | { readonly kind: 'delete' }
  /** The body with the person's id alone. */
  | { readonly kind: 'redacted'; readonly body: Buffer }
  /** It is no JSON: nobody can tell whom it names. */
  | { readonly kind: 'unreadable' };

/** What the sender itself calls somebody it has anonymised: such a copy is never applied (app/models/user.rb). */
const NOBODY = 'Usager supprimé';

/** Takes a usager's fields out of a body, wherever a usager can stand in it. */
export function redact(body: Uint8Array, usager: UsagerId): Redacted {
  const json = parse(body);
  if (json === undefined) return { kind: 'unreadable' };
  const named = new Set<unknown>();
  const without = visit(json, (person) => {
    named.add(person['id']);
    if (person['id'] !== usager) return undefined;
    return { id: usager, first_name: NOBODY, last_name: NOBODY };
  });
  if (!named.has(usager)) return { kind: 'untouched' };
  if (named.size === 1) return { kind: 'delete' };
  return { kind: 'redacted', body: Buffer.from(JSON.stringify(without)) };
}

type Json = Record<string, unknown>;

/** Where the sender puts usagers (app/blueprints): `data` itself for a User, and these keys anywhere below. */
const KEYS: ReadonlySet<string> = new Set(['user', 'users', 'responsible']);

function visit(json: unknown, replace: (person: Json) => Json | undefined): unknown {
  if (!isObject(json)) return json;
  const model = isObject(json['meta']) ? json['meta']['model'] : undefined;
  return walk(json, model === 'User' ? new Set([...KEYS, 'data']) : KEYS);

  function walk(value: unknown, keys: ReadonlySet<string>, isPerson = false): unknown {
    if (Array.isArray(value)) return value.map((item) => walk(item, keys, isPerson));
    if (!isObject(value)) return value;
    const replaced = isPerson ? replace(value) : undefined;
    const entries = Object.entries(value).map(([key, inner]) => [key, walk(inner, KEYS, keys.has(key))]);
    return replaced === undefined ? Object.fromEntries(entries) : { ...replaced };
  }
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
