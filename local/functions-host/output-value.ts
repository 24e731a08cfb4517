// Converts the value that a function gave to a queue output into the bytes of messages (azure-functions-host,
// `FunctionBinding.cs`).
import { parseToken, tokenText } from './newtonsoft.ts';
import type { RpcTypedData } from './rpc.ts';

/**
 * - a Buffer or typed array: exactly its bytes;
 * - an object: one message, indented; an array: one message per element;
 * - a string that looks like JSON: the same after parsing it, its ISO dates rewritten;
 * - any other string or scalar: its text.
 * @throws SyntaxError when a string looks like JSON but is not.
 */
export function toMessages(data: RpcTypedData): Uint8Array[] {
  if (data.bytes !== undefined) return [data.bytes];
  if (data.json !== undefined) return elements(parseToken(data.json, 'keep'));
  if (data.string !== undefined)
    return isJson(data.string) ? elements(parseToken(data.string, 'rewrite')) : [utf8(data.string)];
  const scalar = data.int ?? data.double;
  return scalar === undefined ? [] : [utf8(`${scalar}`)];
}

/** `Utility.IsJson` looks only at both ends. */
function isJson(text: string): boolean {
  const trimmed = text.trim();
  return (trimmed.startsWith('{') && trimmed.endsWith('}')) || (trimmed.startsWith('[') && trimmed.endsWith(']'));
}

const elements = (token: unknown): Uint8Array[] =>
  (Array.isArray(token) ? token : [token]).map((element) => utf8(tokenText(element)));

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');
