// Definitions that were created and that nobody sees yet.
// Microsoft's Python client looks for a new table after 0, 3, 10 and 20 s: the caches of the servers follow with a delay.

import type { DataverseError } from '../errors.ts';

interface Unseen {
  readonly name: string;
  readonly due: number;
  readonly show: () => void;
}

/** What was created keeps its name taken at once; it is shown when its time has come. */
export class UnseenDefinitions {
  readonly #now: () => number;
  readonly #delayMs: () => number;
  #waiting: Unseen[] = [];

  /** `delayMs` is asked for at each creation. */
  constructor(now: () => number, delayMs: () => number) {
    this.#now = now;
    this.#delayMs = delayMs;
  }

  /** Throws `taken` when the name is that of a definition that is not seen yet. */
  add(name: string, show: () => void, taken: () => DataverseError): () => void {
    if (this.#waiting.some((other) => other.name === name)) throw taken();
    const delay = this.#delayMs();
    if (delay === 0) {
      show();
      return () => {};
    }
    const entry = { name, due: this.#now() + delay, show };
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== entry);
    };
  }

  /** Shows what is due; to be called before a request looks at anything. */
  settle(): void {
    if (this.#waiting.length === 0) return;
    const due = this.#waiting.filter((entry) => entry.due <= this.#now());
    this.#waiting = this.#waiting.filter((entry) => !due.includes(entry));
    for (const { show } of due) show();
  }
}
