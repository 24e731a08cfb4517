// Route templates of HTTP triggers: the ASP.NET Core syntax (Microsoft Learn, "Route templates" and "Route
// constraints").

export interface Route {
  /** The route's parameters when the path matches; an optional one that is absent has no key. */
  match(path: string): Record<string, string> | undefined;
  /** Lower is tried first: literals, then constrained parameters, then free ones, then catch-alls. */
  precedence: string;
}

const CONSTRAINTS: Record<string, (value: string, argument: string) => boolean> = {
  int: (value) => /^[+-]?\d{1,10}$/.test(value) && Math.abs(Number(value)) < 2 ** 31,
  long: (value) => /^[+-]?\d{1,19}$/.test(value),
  bool: (value) => /^(true|false)$/i.test(value),
  guid: (value) => /^[\da-f]{8}-?([\da-f]{4}-?){3}[\da-f]{12}$/i.test(value),
  alpha: (value) => /^[a-z]*$/i.test(value),
  decimal: (value) => /^[+-]?\d+(\.\d+)?$/.test(value),
  double: (value) => value !== '' && !Number.isNaN(Number(value)),
  datetime: (value) => !Number.isNaN(Date.parse(value)),
  minlength: (value, argument) => value.length >= Number(argument),
  maxlength: (value, argument) => value.length <= Number(argument),
  length: (value, argument) => {
    const [least, most = least] = argument.split(',').map(Number);
    return value.length >= Number(least) && value.length <= Number(most);
  },
  min: (value, argument) => Number(value) >= Number(argument),
  max: (value, argument) => Number(value) <= Number(argument),
  range: (value, argument) => {
    const [least, most] = argument.split(',').map(Number);
    return Number(value) >= Number(least) && Number(value) <= Number(most);
  },
  regex: (value, argument) => new RegExp(argument, 'i').test(value),
};

interface Parameter {
  name: string;
  optional: boolean;
  catchAll: boolean;
  fallback: string | undefined;
  holds(value: string): boolean;
  constrained: boolean;
}

/** @throws when a constraint is unknown. */
export function compileRoute(template: string): Route {
  const parameters: Parameter[] = [];
  const segments = splitOutsideBraces(template);
  const ranks = segments.map(() => '1');
  const pattern = segments.map((segment, index) => {
    const text = segment.replace(/\{((?:[^{}]|\{\{|\}\})+)\}|([^{}]+)/g, (_, body?: string, literal?: string) => {
      if (literal !== undefined) return literal.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
      const parameter = readParameter(body ?? '');
      parameters.push(parameter);
      ranks[index] = parameter.catchAll ? '5' : parameter.constrained ? '2' : '3';
      return parameter.catchAll ? '(.*)' : '([^/]+)';
    });
    const parameter = parameters.at(-1);
    const skippable = parameter && (parameter.optional || parameter.catchAll || parameter.fallback !== undefined);
    return ranks[index] !== '1' && skippable ? `(?:/${text})?` : `/${text}`;
  });
  const expression = new RegExp(`^${pattern.join('')}/?$`, 'i');

  return {
    precedence: ranks.join('.'),
    match(path) {
      const found = expression.exec(path);
      if (!found) return undefined;
      const values: Record<string, string> = {};
      for (const [index, parameter] of parameters.entries()) {
        const raw = found[index + 1];
        const value = raw === undefined ? parameter.fallback : decode(raw);
        if (value === undefined) continue;
        if (raw !== undefined && !parameter.holds(value)) return undefined;
        values[parameter.name] = value;
      }
      return values;
    },
  };
}

/** Slashes inside `{x:regex(a/b)}` do not end a segment. */
function splitOutsideBraces(template: string): string[] {
  return template.match(/(?:\{(?:[^{}]|\{\{|\}\})*\}|[^/{}])+/g) ?? [];
}

function readParameter(body: string): Parameter {
  const [, stars = '', name = '', rest = ''] = /^(\**)([^:=?]+)(.*)$/.exec(body) ?? [];
  const [, constraints = '', fallback, optional] = /^(.*?)(?:=(.*))?(\?)?$/.exec(rest) ?? [];
  const checks = constraints
    .split(/:(?![^(]*\))/)
    .filter((part) => part !== '')
    .map((part) => {
      const [, key = '', argument = ''] = /^(\w+)(?:\((.*)\))?$/.exec(part) ?? [];
      const check = CONSTRAINTS[key];
      if (!check) throw new Error(`The route constraint "${part}" is unknown`);
      return (value: string) => check(value, argument.replaceAll('{{', '{').replaceAll('}}', '}'));
    });
  return {
    name,
    optional: optional === '?',
    catchAll: stars !== '',
    fallback,
    constrained: checks.length > 0,
    holds: (value) => checks.every((check) => check(value)),
  };
}

/** Kestrel decodes a path before it is routed, except for `%2F`: an encoded slash stays as it was sent. */
function decode(segment: string): string {
  try {
    return segment
      .split(/(%2f)/i)
      .map((part, index) => (index % 2 === 1 ? part : decodeURIComponent(part)))
      .join('');
  } catch {
    return segment;
  }
}
