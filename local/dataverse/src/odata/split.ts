// Cutting OData text at a separator, outside quotes and brackets.

/** Parts of `text` between separators that stand outside quotes and brackets. */
export function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const end = skip(text, at);
    if (end !== at) {
      at = end - 1;
      continue;
    }
    if (text[at] !== separator) continue;
    parts.push(text.slice(start, at));
    start = at + 1;
  }
  parts.push(text.slice(start));
  return parts;
}

/** Index after the quoted text or the brackets that open at `at`; `at` itself when none does. */
export function skip(text: string, at: number): number {
  const open = text[at];
  if (open === "'" || open === '"') return skipQuoted(text, at, open);
  if (open !== '(' && open !== '[') return at;
  const close = open === '(' ? ')' : ']';
  for (let next = at + 1; next < text.length; next += 1) {
    if (text[next] === close) return next + 1;
    const end = skip(text, next);
    if (end !== next) next = end - 1;
  }
  return text.length;
}

/** A quote inside a quoted text is doubled; inside double quotes JSON escapes hold. */
function skipQuoted(text: string, at: number, quote: string): number {
  for (let next = at + 1; next < text.length; next += 1) {
    if (quote === '"' && text[next] === '\\') next += 1;
    else if (text[next] === quote) {
      if (quote === "'" && text[next + 1] === quote) next += 1;
      else return next + 1;
    }
  }
  return text.length;
}
