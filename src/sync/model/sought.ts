// Whom contacts are looked for: what is asked of Dynamics about a usager who is seen for the first time.

/** Birth date and names as one text, so that it can be a key. It goes into the body of a request, nowhere else. */
export type Sought = string & { readonly __brand: 'Sought' };

export interface SoughtPerson {
  /** `2026-01-31`. */
  readonly birthDate: string;
  readonly firstName: string | null;
  /** Family names, of use and of birth. */
  readonly families: readonly string[];
}

export const toSought = ({ birthDate, firstName, families }: SoughtPerson): Sought =>
  JSON.stringify([birthDate, firstName, ...families]) as Sought;

export function readSought(sought: Sought): SoughtPerson {
  const [birthDate = '', firstName = null, ...families] = JSON.parse(sought);
  return { birthDate, firstName, families };
}
