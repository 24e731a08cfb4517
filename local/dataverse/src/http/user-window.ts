// What one user did in the window that ends now, and until when the user is shut out.
// Microsoft Learn, "Service protection API limits", "How Service Protection API Limits are enforced".

import type { Limits } from '../settings.ts';
import type { LimitCode } from '../stats.ts';

/** A request that was let in. */
export interface Served {
  readonly at: number;
  executionMs: number;
  /** Older than the window. */
  gone: boolean;
}

interface Refusal {
  readonly code: LimitCode;
  /** Seconds. */
  readonly retryAfter: number;
}

export class UserWindow {
  readonly #limits: Limits;
  #served: Served[] = [];
  #executionMs = 0;
  #concurrent = 0;
  /** Refusals for concurrency since the last request that was let in. */
  #crowded = 0;
  #shut: { readonly code: LimitCode; until: number } | undefined;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  get requests(): number {
    return this.#served.length;
  }

  get executionMs(): number {
    return this.#executionMs;
  }

  get concurrent(): number {
    return this.#concurrent;
  }

  /** Times are milliseconds of the emulator's clock. */
  enter(now: number): Served | Refusal {
    this.#forget(now - this.#limits.windowMs);
    const refusal = this.#refusal(now);
    if (refusal !== undefined) return refusal;
    const served: Served = { at: now, executionMs: 0, gone: false };
    this.#served.push(served);
    this.#concurrent += 1;
    this.#crowded = 0;
    return served;
  }

  executed(served: Served, milliseconds: number): void {
    if (served.gone) return;
    served.executionMs += milliseconds;
    this.#executionMs += milliseconds;
  }

  leave(): void {
    this.#concurrent -= 1;
  }

  #forget(before: number): void {
    let gone = 0;
    for (const served of this.#served) {
      if (served.at > before) break;
      served.gone = true;
      this.#executionMs -= served.executionMs;
      gone += 1;
    }
    if (gone > 0) this.#served.splice(0, gone);
  }

  #refusal(now: number): Refusal | undefined {
    const { requests, executionMs, concurrent, windowMs } = this.#limits;
    if (this.#shut !== undefined && now < this.#shut.until) {
      // "If the application continues to send such demanding requests, the duration is extended": by what one request
      // takes from the window, up to a whole window [inference].
      this.#shut.until = Math.max(this.#shut.until, Math.min(this.#shut.until + windowMs / requests, now + windowMs));
      return this.#shutOut(now, this.#shut);
    }
    this.#shut = undefined;
    if (this.#served.length >= requests) {
      const leaving = this.#served[this.#served.length - requests];
      this.#shut = { code: '0x80072322', until: (leaving?.at ?? now) + windowMs };
    } else if (this.#executionMs >= executionMs) {
      this.#shut = { code: '0x80072321', until: this.#timeIsFree() + windowMs };
    }
    if (this.#shut !== undefined) return this.#shutOut(now, this.#shut);
    if (this.#concurrent < concurrent) return undefined;
    // Not documented for this limit, which ends with any request: a second, more under a flood [inference].
    this.#crowded += 1;
    return { code: '0x80072326', retryAfter: Math.ceil(this.#crowded / concurrent) };
  }

  #shutOut(now: number, { code, until }: { code: LimitCode; until: number }): Refusal {
    return { code, retryAfter: Math.max(1, Math.ceil((until - now) / 1000)) };
  }

  /** Time of the request with which the sum falls below the limit when it leaves the window. */
  #timeIsFree(): number {
    let sum = this.#executionMs;
    for (const { at, executionMs } of this.#served) {
      sum -= executionMs;
      if (sum < this.#limits.executionMs) return at;
    }
    return 0;
  }
}
