// Expanded collections that come from a cache. Microsoft Learn, "Join tables using OData": they may not show recent changes,
// unless the request sends `If-None-Match: null`. For how long is not said.

import type { Json } from '../json.ts';

interface Kept {
  readonly value: Json;
  readonly until: number;
}

export class ExpansionCache {
  readonly #now: () => number;
  readonly #keepMs: () => number;
  #kept = new Map<string, Kept>();

  constructor(now: () => number, keepMs: () => number) {
    this.#now = now;
    this.#keepMs = keepMs;
  }

  /** What is kept under the key, else what `make` gives. `fresh` passes the cache by, and renews it. */
  take(key: string, fresh: boolean, make: () => Json): Json {
    const keepMs = this.#keepMs();
    if (keepMs === 0) return make();
    const kept = this.#kept.get(key);
    if (!fresh && kept !== undefined && kept.until > this.#now()) return kept.value;
    const value = make();
    this.#kept.set(key, { value, until: this.#now() + keepMs });
    return value;
  }
}
