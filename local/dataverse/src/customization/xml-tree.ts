// Walking an XML tree, and what its labels must say.

import { invalidArgument } from '../errors.ts';
import type { Element } from '../fetch/xml.ts';
import type { Organization } from '../organization.ts';
import { baseLanguage, provisionedLanguages } from '../organization.ts';

/** All elements below one, itself included, in document order. */
export function* below(element: Element): Iterable<Element> {
  yield element;
  for (const child of element.children) yield* below(child);
}

export function named(element: Element, name: string): Element[] {
  return [...below(element)].filter((found) => found.name === name);
}

export function childText(element: Element | undefined, name: string): string | undefined {
  return element?.children.find((child) => child.name === name)?.text;
}

/** A GUID without braces, in lower case. */
export const plainId = (text: string | undefined): string => (text ?? '').replace(/[{}]/g, '').toLowerCase();

export function refuseTwice(values: readonly string[], what: string): void {
  const seen = new Set<string>();
  for (const value of values) {
    if (seen.has(value)) throw invalidArgument(`The ${what} '${value}' is used twice.`);
    seen.add(value);
  }
}

/** Without the base language Dynamics shows `Unknown0`; that the write itself is refused is stricter than Dataverse. */
export function checkLanguages(
  organization: Organization,
  codes: readonly (string | undefined)[],
  where: string,
): void {
  const provisioned = provisionedLanguages(organization);
  for (const code of codes)
    if (!provisioned.includes(Number(code)))
      throw invalidArgument(`The language ${code ?? ''} of ${where} is not provisioned.`);
  if (!codes.includes(String(baseLanguage(organization))))
    throw invalidArgument(`${where} has no label in the base language.`);
}
