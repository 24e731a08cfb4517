// What identifies a person, as it is written and as it is compared.
import { phoneKey, withoutParticles, wordsOf } from './names.ts';

/** What identifies a person, on the side of the sender or of Dynamics. */
export interface Identity {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly birthName: string | null;
  /** `2026-01-31`. */
  readonly birthDate: string | null;
  readonly email: string | null;
  readonly phones: readonly string[];
  /** Street and postal code. */
  readonly address: string | null;
}

/** An identity, ready to be compared with many. */
export interface Portrait {
  readonly first: Name;
  /** The names of use and of birth, each once. */
  readonly families: readonly Name[];
  readonly birthDate: string | null;
  readonly email: string | null;
  readonly phones: readonly string[];
  readonly address: string | null;
}

export interface Name {
  /** All words in one. */
  readonly key: string;
  /** The words that are no particles. */
  readonly words: readonly string[];
  /** Those in one. */
  readonly bare: string;
}

export function portrait(identity: Identity): Portrait {
  const families = [identity.lastName, identity.birthName].map(toName).filter(({ key }) => key !== '');
  return {
    first: toName(identity.firstName),
    families: families.filter(({ key }, at) => families.findIndex((other) => other.key === key) === at),
    birthDate: identity.birthDate,
    email: identity.email?.trim().toLowerCase() || null,
    phones: identity.phones.flatMap((number) => phoneKey(number) ?? []),
    address: wordsOf(identity.address).join('') || null,
  };
}

function toName(name: string | null): Name {
  const all = wordsOf(name);
  const words = withoutParticles(all);
  return { key: all.join(''), words, bare: words.join('') };
}
