// Who reads the page: of which environment, and in which language.

import type { Organization } from '../dataverse/src/organization.ts';

export interface Reader {
  readonly organization: Organization;
  readonly lang: 'fr' | 'en';
  /** Logical names of the tables that have a main form: their rows have a page. */
  readonly tables: ReadonlySet<string>;
}

/** The language codes that Dynamics has for the two languages. */
export const languageCode = ({ lang }: Reader): number => (lang === 'fr' ? 1036 : 1033);

/** One of two texts of the page's own. */
export const say = ({ lang }: Reader, fr: string, en: string): string => (lang === 'fr' ? fr : en);

export const locale = ({ lang }: Reader): string => (lang === 'fr' ? 'fr-FR' : 'en-GB');

/** An address of the page that keeps the language. Empty parameters are left out. */
export function address({ lang }: Reader, path: string, parameters: Readonly<Record<string, string>> = {}): string {
  const filled = Object.entries(parameters).filter(([, value]) => value !== '');
  const query = new URLSearchParams({ ...Object.fromEntries(filled), ...(lang === 'en' && { lang }) }).toString();
  return query === '' ? path : `${path}?${query}`;
}

/** `1 ligne`, `12 lignes`. */
export function counted(reader: Reader, total: number): string {
  const words = total > 1 ? say(reader, 'lignes', 'rows') : say(reader, 'ligne', 'row');
  return `${total.toLocaleString(locale(reader))} ${words}`;
}
