// Localized labels of definitions. Microsoft Learn: "Label complex type", "Create and update column definitions".

import { invalidArgument } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import { isObject, objects } from '../json.ts';
import type { Organization } from '../organization.ts';
import { baseLanguage, provisionedLanguages } from '../organization.ts';
import type { Labels } from '../schema/model.ts';

/** Reads a `Label`. A language that is not installed is refused, with the words of microsoft/Dataverse-skills #113. */
export function readLabels(organization: Organization, value: Json | undefined): Labels {
  const labels = new Map<number, string>();
  if (!isObject(value)) return labels;
  const installed = provisionedLanguages(organization);
  for (const label of objects(value, 'LocalizedLabels')) {
    const { Label: text, LanguageCode: code } = label;
    if (typeof text !== 'string' || typeof code !== 'number')
      throw invalidArgument('A localized label needs Label and LanguageCode.');
    if (!installed.includes(code))
      throw invalidArgument(`The language code ${code} is not a valid language for this organization.`);
    labels.set(code, text);
  }
  return labels;
}

/** New labels over old ones; the header `MSCRM.MergeLabels: true` keeps the other languages. */
export function updateLabels(before: Labels, sent: Labels, headers: ReadonlyMap<string, string>): Labels {
  if (sent.size === 0) return before;
  const merge = headers.get('mscrm.mergelabels')?.toLowerCase() === 'true';
  return merge ? new Map([...before, ...sent]) : sent;
}

export function labelJson(organization: Organization, labels: Labels): JsonObject {
  const localized = [...labels].map(
    ([code, text]): JsonObject => ({
      Label: text,
      LanguageCode: code,
      IsManaged: false,
      MetadataId: null,
      HasChanged: null,
    }),
  );
  const base = baseLanguage(organization);
  return {
    LocalizedLabels: localized,
    UserLocalizedLabel: localized.find((label) => label['LanguageCode'] === base) ?? localized[0] ?? null,
  };
}

/** A `…ManagedProperty`, such as RequiredLevel. */
export function managed(value: Json, property: string): JsonObject {
  return { Value: value, CanBeChanged: true, ManagedPropertyLogicalName: property };
}
