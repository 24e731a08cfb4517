// Somebody, with an identity that is kept as one text and read when it is asked for: of 130,000 people, objects of eight texts
// each would fill the memory.
import type { Identity } from './portrait.ts';

export class Described<Id> {
  readonly id: Id;
  readonly #text: string;

  constructor(id: Id, { firstName, lastName, birthName, birthDate, email, phones, address }: Identity) {
    this.id = id;
    this.#text = JSON.stringify([firstName, lastName, birthName, birthDate, email, address, ...phones]);
  }

  /** A new object each time. */
  get identity(): Identity {
    const [firstName, lastName, birthName, birthDate, email, address, ...phones] = JSON.parse(this.#text);
    return { firstName, lastName, birthName, birthDate, email, phones, address };
  }
}
