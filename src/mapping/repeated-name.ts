// Finds a name that a JSON object has twice: JSON.parse keeps the last value in silence.

const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/**
 * The path of the first name that is there twice.
 *
 * @param text JSON that JSON.parse accepts
 */
export function repeatedName(text: string): string[] | undefined {
  const tokens = text.match(TOKENS) ?? [];
  /** What is open: the names of an object so far, or undefined for a list. */
  const open: (string[] | undefined)[] = [];
  for (const [at, token] of tokens.entries()) {
    if (token === '{') open.push([]);
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token.startsWith('"') && tokens[at + 1] === ':') {
      const name = String(JSON.parse(token));
      const names = open.at(-1);
      names?.push(name);
      if (names !== undefined && names.indexOf(name) < names.length - 1) {
        return open.flatMap((outer) => outer?.at(-1) ?? []);
      }
    }
  }
  return undefined;
}
