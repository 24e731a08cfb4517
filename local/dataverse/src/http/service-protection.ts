// Limits per user: requests and execution time in a sliding window, requests at one moment.
// Microsoft Learn, "Service protection API limits". One web server, so that the limits are those of the page.

import type { ApiResponse } from '../call/message.ts';
import type { Limits, Settings } from '../settings.ts';
import type { Stats } from '../stats.ts';
import { limitAnswer } from './limit-errors.ts';
import { UserWindow } from './user-window.ts';

/** A request between its arrival and its answer. */
export interface Visit {
  /** The whole answer, when the request is refused. */
  readonly refusal?: ApiResponse;
  /** Of the answer. Microsoft Learn: "intended for debugging purposes". */
  readonly headers: Readonly<Record<string, string>>;
  /** What the request cost: its operations, and what it took by the real clock. */
  executed(operations: number, measuredMs: number): void;
  /** The answer is on its way. */
  leave(): void;
}

/** Simulated cost of an operation where time stands still. */
const VIRTUAL_MS_PER_PART = 5;

interface Surroundings {
  readonly settings: Settings;
  readonly stats: Stats;
  readonly clock: () => Date;
  /** The clock is injected: nothing takes time by it. */
  readonly virtual: boolean;
}

export class ServiceProtection {
  readonly #around: Surroundings;
  #limits: Limits | undefined;
  #windows = new Map<string, UserWindow>();

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Undefined when there are no limits. New limits begin with empty windows. */
  enter(user: string): Visit | undefined {
    const { serviceProtection } = this.#around.settings.current;
    if (typeof serviceProtection === 'boolean') {
      this.#limits = undefined;
      return undefined;
    }
    if (this.#limits !== serviceProtection) this.#windows.clear();
    this.#limits = serviceProtection;
    let window = this.#windows.get(user);
    if (window === undefined) {
      window = new UserWindow(serviceProtection);
      this.#windows.set(user, window);
    }
    return this.#visit(window, serviceProtection);
  }

  #visit(window: UserWindow, limits: Limits): Visit {
    const counts = this.#around.stats.serviceProtection;
    const entered = window.enter(this.#around.clock().getTime());
    if ('code' in entered) {
      counts.refused[entered.code] += 1;
      const refusal = limitAnswer(entered.code, entered.retryAfter, limits);
      return { refusal, headers: headersOf(window, limits), executed: () => {}, leave: () => {} };
    }
    counts.maxConcurrent = Math.max(counts.maxConcurrent, window.concurrent);
    counts.peakRequests = Math.max(counts.peakRequests, window.requests);
    return {
      get headers() {
        return headersOf(window, limits);
      },
      executed: (operations, measuredMs) => {
        const perPart = this.#msPerPart();
        window.executed(entered, perPart === undefined ? measuredMs : operations * perPart);
      },
      leave: () => window.leave(),
    };
  }

  #msPerPart(): number | undefined {
    return this.#around.settings.current.executionMsPerPart ?? (this.#around.virtual ? VIRTUAL_MS_PER_PART : undefined);
  }
}

const seconds = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

function headersOf(window: UserWindow, { requests, executionMs }: Limits): Record<string, string> {
  return {
    'x-ms-ratelimit-burst-remaining-xrm-requests': String(Math.max(0, requests - window.requests)),
    'x-ms-ratelimit-time-remaining-xrm-requests': seconds.format(Math.max(0, executionMs - window.executionMs) / 1000),
  };
}
