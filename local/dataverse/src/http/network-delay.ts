// The way back to the client: real time between an answer and its sending.

import type { Settings } from '../settings.ts';
import { chance } from './chance.ts';

export class NetworkDelay {
  readonly #settings: Settings;
  #from: Settings['current']['delayMs'] = 0;
  #draw = chance(0);

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Milliseconds for the next answer. The series of a `{ min, max, seed }` begins when it is set. */
  next(): number {
    const { delayMs } = this.#settings.current;
    if (typeof delayMs === 'number') return delayMs;
    if (delayMs !== this.#from) this.#draw = chance(delayMs.seed);
    this.#from = delayMs;
    return delayMs.min + this.#draw() * (delayMs.max - delayMs.min);
  }
}
