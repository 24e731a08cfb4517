// XML as values: built, written with everything escaped, and compared.

import { createHash } from 'node:crypto';
import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import * as z from 'zod';

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Element | string)[];
}

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** An element; an attribute that is undefined is left out. */
export function el(name: string, attributes: Attributes = {}, children: readonly (Element | string)[] = []): Element {
  const kept = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)]],
  );
  return { name, attributes: Object.fromEntries(kept), children };
}

const MARK = '@_';
const format = { preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: MARK } as const;
const builder = new XMLBuilder({ ...format, suppressEmptyNode: true, suppressBooleanAttributes: false });
const parser = new XMLParser({ ...format, parseTagValue: false, ignoreDeclaration: true, trimValues: true });

export function writeXml(root: Element): string {
  return builder.build([toNode(root)]);
}

function toNode({ name, attributes, children }: Element): object {
  const marked = Object.fromEntries(Object.entries(attributes).map(([key, value]) => [`${MARK}${key}`, value]));
  return {
    [name]: children.map((child) => (typeof child === 'string' ? { '#text': child } : toNode(child))),
    ':@': marked,
  };
}

const nodes = z.array(z.record(z.string(), z.unknown()));
const attributesOf = z.record(z.string(), z.string()).default({});

/** Reads XML that Dataverse gave. Text and elements are not mixed in what it is used for. */
export function readXml(text: string): readonly Element[] {
  return toElements(parser.parse(text));
}

function toElements(parsed: unknown): Element[] {
  return nodes.parse(parsed).flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== ':@');
    if (name === undefined || name === '#text') return [];
    const inside = nodes.parse(node[name]);
    const texts = inside.flatMap((child) => (typeof child['#text'] === 'string' ? [child['#text']] : []));
    const attributes = Object.entries(attributesOf.parse(node[':@']));
    return [
      {
        name,
        attributes: Object.fromEntries(attributes.map(([key, value]) => [key.slice(MARK.length), value])),
        children: [...texts, ...toElements(inside)],
      },
    ];
  });
}

/** Differs per environment: the number of the table in a view's layout. */
const PER_ENVIRONMENT = new Set(['grid object']);

/** A short hash of what XML says: order of attributes and labels, case of GUIDs and white space do not count. */
export function fingerprint(texts: readonly string[]): string {
  const said = texts.map((text) => readXml(text).map(canonical));
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 16);
}

const GUID = /\{?[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\}?/gi;
const lowered = (value: string) => value.replace(GUID, (id) => id.toLowerCase());

type Canonical = string | readonly [name: string, attributes: readonly string[], children: readonly Canonical[]];

function canonical({ name, attributes, children }: Element): Canonical {
  const pairs = Object.entries(attributes)
    .filter(([key]) => !PER_ENVIRONMENT.has(`${name} ${key}`))
    .map(([key, value]) => `${key}=${lowered(value)}`)
    .toSorted();
  const inside = children.map((child) => (typeof child === 'string' ? lowered(child) : canonical(child)));
  return [name, pairs, name === 'labels' || name === 'Titles' ? inside.toSorted(byText) : inside];
}

const byText = (one: Canonical, other: Canonical) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);
