// What was provisioned as XML, read: elements below others, their texts and labels.

import type { Element } from '../../src/provision/app/xml.ts';
import { languageCode, type Reader } from './reader.ts';

export const children = ({ children: inside }: Element): Element[] =>
  inside.filter((child) => typeof child !== 'string');

export const child = (parent: Element | undefined, name: string): Element | undefined =>
  parent && children(parent).find((one) => one.name === name);

/** All elements of a name below one, in document order. */
export function below(parent: Element, name: string): Element[] {
  return children(parent).flatMap((one) => (one.name === name ? [one, ...below(one, name)] : below(one, name)));
}

export const textOf = (element: Element | undefined): string =>
  element?.children.filter((inside) => typeof inside === 'string').join('') ?? '';

/** GUIDs stand with or without braces. */
export const plainId = (id: string | undefined): string => (id ?? '').replaceAll(/[{}]/g, '').toLowerCase();

/** The label in the reader's language, else the first: forms have `labels`, site maps `Titles`. */
export function labelOf(reader: Reader, element: Element): string {
  const code = String(languageCode(reader));
  const inForm = below(child(element, 'labels') ?? NONE, 'label');
  const inSiteMap = below(child(element, 'Titles') ?? NONE, 'Title');
  const words = [
    ...inForm.map(({ attributes }) => [attributes['languagecode'], attributes['description']]),
    ...inSiteMap.map(({ attributes }) => [attributes['LCID'], attributes['Title']]),
  ];
  return (words.find(([language]) => language === code) ?? words[0])?.[1] ?? '';
}

const NONE: Element = { name: '', attributes: {}, children: [] };
