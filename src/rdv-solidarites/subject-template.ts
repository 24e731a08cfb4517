// Templates of the subject of an RDV, as `RDV_SUBJECT` and the rows of motifs hold them.

export type SubjectValues = Readonly<
  Record<'motif' | 'usagers' | 'initiales' | 'organisation', string | null | undefined>
>;

/** What a template may name. */
export const TOKENS = ['{motif}', '{usagers}', '{initiales}', '{organisation}'] as const;

const TOKEN = /\{([^{}]*)\}/g;

/** What a template names and nobody knows. */
export function unknownTokens(template: string): readonly string[] {
  const known: readonly string[] = TOKENS;
  return [...template.matchAll(TOKEN)].map(([token]) => token).filter((token) => !known.includes(token));
}

/** Whether a subject made from it can tell who comes. */
export const namesPeople = (template: string): boolean =>
  template.includes('{usagers}') || template.includes('{initiales}');

/** What is left at an end when a value is missing there. */
const LOOSE = /^[\s\-–—:,·|/]+|[\s\-–—:,·|/]+$/g;

/**
 * Fills a template whose tokens are all known.
 *
 * @returns undefined when the sender says nothing about something that it names; null when nothing is left
 */
export function fillTemplate(template: string, values: SubjectValues): string | null | undefined {
  // The usual one gives the name as it is.
  if (template === '{motif}') return values.motif;
  let silent = false;
  const filled = template.replace(TOKEN, (_, name: keyof SubjectValues) => {
    silent ||= values[name] === undefined;
    return values[name] ?? '';
  });
  return silent ? undefined : filled.replaceAll(/\s+/g, ' ').replaceAll(LOOSE, '') || null;
}
