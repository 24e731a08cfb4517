// JSON as Newtonsoft.Json writes it with `JToken.ToString()`, for what goes through .NET on its way to a queue:
// indented by two spaces, floats with a decimal point, ISO dates rewritten when they were parsed as dates.

export type DateHandling = 'keep' | 'rewrite';

// TypeScript 6 does not know yet what Node 24 has: source text access and raw JSON (ECMAScript proposal, stage 4).
const json = JSON as unknown as {
  parse(text: string, reviver: (key: string, value: unknown, context: { source: string }) => unknown): unknown;
  rawJSON(text: string): unknown;
  stringify(value: unknown, replacer: null, indent: number): string;
};

/**
 * `JToken.Parse(text)`: numbers keep their text, so that no digit of a large integer is lost.
 * @throws SyntaxError on text that is not JSON. (Newtonsoft also accepts comments and single quotes; this does not.)
 */
export function parseToken(text: string, dates: DateHandling): unknown {
  return json.parse(text, (_key, value, { source }) => {
    if (typeof value === 'number') return json.rawJSON(number(source));
    if (typeof value === 'string' && dates === 'rewrite') return rewriteDate(value);
    return value;
  });
}

/** `JToken.ToString()`: text for a string, `True` or `False` for a boolean, nothing for null, else indented JSON. */
export function tokenText(token: unknown): string {
  if (token === null || token === undefined) return '';
  if (typeof token === 'string') return token;
  if (typeof token === 'boolean') return token ? 'True' : 'False';
  // JavaScriptUtils.cs: JavaScript's line separators are escaped, lone surrogates are not.
  return json
    .stringify(token, null, 2)
    .replace(/[\u0085\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Integers as written; floats as a double, always with a decimal point (JsonConvert.cs, `EnsureDecimalPlace`). */
function number(source: string): string {
  if (/^-?\d+$/.test(source)) return source;
  const text = `${Number(source)}`.replace(/e([+-])(\d)$/, 'E$10$2').replace('e', 'E');
  return /[.E]/.test(text) ? text : `${text}.0`;
}

const ISO_DATE = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d+))?(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * The default `DateParseHandling.DateTime` of Newtonsoft.Json on a host whose clock is UTC: an offset becomes
 * `+00:00`, `Z` and no offset stay, trailing zeros of the fraction go, digits after the seventh are rounded.
 * Only the `T` form is a date (DateTimeParser.cs). Text that names no real date stays.
 */
function rewriteDate(text: string): string {
  const found = ISO_DATE.exec(text);
  if (!found || text.length > 40) return text;
  const [, local = '', fraction = '', zone = ''] = found;
  const instant = new Date(`${local}${zone === '' ? 'Z' : zone.replace(/^(...)(\d\d)$/, '$1:$2')}`);
  if (Number.isNaN(instant.getTime())) return text;
  const digits = (
    fraction.length > 7 ? `${Math.round(Number(`0.${fraction}`) * 1e7)}`.padStart(7, '0') : fraction
  ).replace(/0+$/, '');
  const seconds = instant.toISOString().slice(0, 19);
  return `${seconds}${digits && `.${digits}`}${zone === '' || zone === 'Z' ? zone : '+00:00'}`;
}
