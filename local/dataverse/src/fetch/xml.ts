// XML as elements. fast-xml-parser reads it; what that lets through and XML forbids is refused here.

import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  preserveOrder: true,
  parseTagValue: false,
  parseAttributeValue: false,
  ignoreDeclaration: true,
  htmlEntities: true,
});

const ATTRIBUTES = ':@';
const TEXT = '#text';

const nodes = z.array(z.record(z.string(), z.unknown()));
const attributes = z.record(z.string(), z.string()).default({});

/** An ampersand that begins no entity of XML, or a `<` inside an attribute. */
const UNESCAPED = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)|=\s*(?:"[^"<]*<[^"]*"|'[^'<]*<[^']*')/i;

/** The root element; undefined when the text is not well-formed XML with one root. */
export function readXml(text: string): Element | undefined {
  if (XMLValidator.validate(text) !== true || UNESCAPED.test(text)) return undefined;
  const [root, ...others] = toElements(parser.parse(text));
  return others.length > 0 ? undefined : root;
}

function toElements(parsed: unknown): Element[] {
  return nodes.parse(parsed).flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== ATTRIBUTES);
    if (name === undefined || name === TEXT) return [];
    const inside = nodes.parse(node[name]);
    const texts = inside.flatMap((child) => (typeof child[TEXT] === 'string' ? [child[TEXT]] : []));
    return [
      {
        name,
        attributes: attributes.parse(node[ATTRIBUTES]),
        children: toElements(inside),
        text: texts.join('').trim(),
      },
    ];
  });
}
