// Removes one person from a stored body. It serves notifications in quarantine or storage that name an erased usager.
import type { UsagerId } from './models.ts';

export type Redacted =
  /** The body does not name the usager. */
  | { readonly kind: 'untouched' }
  /** The body is about that person alone. */
  | { readonly kind: 'delete' }
  /** The body, in which only the id of the person is left. */
  | { readonly kind: 'redacted'; readonly body: Buffer }
  /** The body is no JSON, so its persons cannot be found. */
  | { readonly kind: 'unreadable' };

/**
 * The name that the sender gives to an anonymised person. A copy with this name is never applied (app/models/user.rb).
 */
const NOBODY = 'Usager supprimé';

/** Takes a usager's fields out of a body, wherever a usager can stand in it. */
export function redact(body: Uint8Array, usager: UsagerId): Redacted {
  const json = parse(body);
  if (json === undefined) return { kind: 'unreadable' };
  const named = new Set<unknown>();
  const said = new Set<unknown>();
  visit(json, (person) => {
    named.add(person['id']);
    if (person['id'] === usager) for (const key of SHARED) if (person[key] !== null) said.add(person[key]);
    return person;
  });
  if (!named.has(usager)) return { kind: 'untouched' };
  if (named.size === 1) return { kind: 'delete' };
  const without = visit(json, (person) =>
    person['id'] === usager
      ? { id: usager, first_name: NOBODY, last_name: NOBODY }
      : Object.fromEntries(Object.entries(person).filter(([key, value]) => !isShared(key) || !said.has(value))),
  );
  return { kind: 'redacted', body: Buffer.from(JSON.stringify(without)) };
}

/** A proche is shown under the address of its responsible (app/models/concerns/user/responsability_concern.rb), and often shares the rest. */
const SHARED = ['email', 'address', 'address_details', 'phone_number', 'phone_number_formatted'];
const isShared = (key: string) => SHARED.includes(key);

type Json = Record<string, unknown>;

/** Where the sender puts usagers (app/blueprints): `data` itself for a User, and these keys anywhere below. */
const KEYS: ReadonlySet<string> = new Set(['user', 'users', 'responsible']);

/** Replaces each usager in a body. A usager nested in another one is replaced first. */
function visit(json: unknown, replace: (person: Json) => Json): unknown {
  const model = isObject(json) && isObject(json['meta']) ? json['meta']['model'] : undefined;
  return walk(json, false, model === 'User' ? new Set([...KEYS, 'data']) : KEYS);

  function walk(value: unknown, isPerson: boolean, keys: ReadonlySet<string>): unknown {
    if (Array.isArray(value)) return value.map((item) => walk(item, isPerson, keys));
    if (!isObject(value)) return value;
    const inner = Object.entries(value).map(([key, part]) => [key, walk(part, keys.has(key), KEYS)]);
    const copy: Json = Object.fromEntries(inner);
    return isPerson ? replace(copy) : copy;
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
