// Validation by Microsoft's published schemas (xsd/NOTICE.md).

import { readFileSync } from 'node:fs';
import {
  XmlBufferInputProvider,
  XmlDocument,
  XmlLibError,
  XmlParseError,
  XsdValidator,
  xmlRegisterInputProvider,
} from 'libxml2-wasm';
import { badRequest, type DataverseError, invalidArgument } from '../errors.ts';

const FILES = {
  FormXml: ['RibbonCore', 'RibbonTypes', 'RibbonWSS'],
  SiteMap: ['SiteMapType'],
  Fetch: [],
  Layout: [],
  VisualizationDataDescription: ['Fetch'],
  Chart: [],
  ParameterXml: [],
} as const satisfies Record<string, readonly string[]>;

export type SchemaName = keyof typeof FILES;

const ROOT = 'xsd/';
const validators = new Map<SchemaName, XsdValidator>();
let provided = false;

/**
 * Refuses XML that is not well-formed or not valid.
 *
 * @throws DataverseError 0x80048426 for what is no XML; 0x80040203 [inference] for what the schema forbids
 */
export function validateXml(schema: SchemaName, text: string): void {
  let document: XmlDocument;
  try {
    document = XmlDocument.fromString(text);
  } catch (error) {
    if (error instanceof XmlParseError) throw notXml(error.message.trim());
    throw error;
  }
  try {
    validatorOf(schema).validate(document);
  } catch (error) {
    if (error instanceof XmlLibError)
      throw invalidArgument(`The XML is not valid by ${schema}.xsd: ${error.message.trim()}`);
    throw error;
  } finally {
    document.dispose();
  }
}

const notXml = (reason: string): DataverseError =>
  badRequest(`The XML passed is not well-formed: ${reason}`, '0x80048426');

function validatorOf(name: SchemaName): XsdValidator {
  const known = validators.get(name);
  if (known !== undefined) return known;
  provideFiles();
  const source = XmlDocument.fromBuffer(read(name), { url: `${ROOT}${name}.xsd` });
  const validator = XsdValidator.fromDoc(source);
  source.dispose();
  validators.set(name, validator);
  return validator;
}

/** The library reads nothing by itself: what a schema includes must be given beforehand. */
function provideFiles(): void {
  if (provided) return;
  provided = true;
  const included = new Set(Object.values(FILES).flat());
  const buffers = [...included].map((name): [string, Uint8Array] => [`${ROOT}${name}.xsd`, read(name)]);
  xmlRegisterInputProvider(new XmlBufferInputProvider(Object.fromEntries(buffers)));
}

function read(name: string): Uint8Array {
  return readFileSync(new URL(`../xsd/${name}.xsd`, import.meta.url));
}
