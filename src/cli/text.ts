// What an administrator reads, in French or in English. Both stand side by side, so that the compiler names a translation
// that is missing, and a reader sees at once whether the two say the same.

const LANGUAGES = ['en', 'fr'] as const;
export type Language = (typeof LANGUAGES)[number];

/** One sentence in every language. */
export type Text = Readonly<Record<Language, string>>;

/** A text, or what is the same in every language: a name, an id, a line of a table. */
export type Words = string | Text;

export function inLanguage(words: Words, language: Language): string {
  return typeof words === 'string' ? words : words[language];
}

/** French for a locale such as `fr-FR`, else English. */
export function languageOf(locale: string | undefined): Language {
  return locale?.toLowerCase().startsWith('fr') === true ? 'fr' : 'en';
}

/** The one that `--lang` asks for, before or after the command; undefined when it asks for none. */
export function languageAsked(args: readonly string[]): Language | undefined {
  const at = args.findLastIndex((arg) => arg === '--lang' || arg.startsWith('--lang='));
  const value = args[at]?.startsWith('--lang=') === true ? args[at].slice('--lang='.length) : args[at + 1];
  return at < 0 ? undefined : LANGUAGES.find((language) => language === value);
}

/** Joins texts, language by language. */
export function join(parts: readonly Words[], separator: Words): Text {
  const of = (language: Language) =>
    parts.map((part) => inLanguage(part, language)).join(inLanguage(separator, language));
  return { en: of('en'), fr: of('fr') };
}

export const YES: Text = { en: 'yes', fr: 'oui' };
export const DO_NOT_ASK: Text = { en: 'do not ask', fr: 'ne pas demander' };

/** A colon between a name and what is said of it. */
export const COLON: Text = { en: ': ', fr: ' : ' };
