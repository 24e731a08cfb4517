// The `Prefer` header. Microsoft Learn, "Compose HTTP requests": return, odata.maxpagesize, odata.include-annotations, odata.continue-on-error.

import type { ApiRequest } from '../call/message.ts';
import { splitOutside } from '../odata/split.ts';

interface Preferences {
  readonly representation: boolean;
  readonly pageSize?: number | undefined;
  readonly continueOnError: boolean;
  /** Says whether an annotation was asked for. */
  readonly annotates: (annotation: string) => boolean;
  /** For `Preference-Applied`. */
  readonly applied: (...names: string[]) => Record<string, string>;
}

const MAX_PAGE = 5000;

export function readPreferences(request: ApiRequest): Preferences {
  const written = new Map(
    splitOutside(request.headers.get('prefer') ?? '', ',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
      .map((item): [string, string] => {
        const equals = item.indexOf('=');
        return equals === -1
          ? [item.toLowerCase(), '']
          : [item.slice(0, equals).trim().toLowerCase(), item.slice(equals + 1).trim()];
      }),
  );
  const size = Number(written.get('odata.maxpagesize'));
  const patterns = (written.get('odata.include-annotations') ?? '')
    .replaceAll('"', '')
    .split(',')
    .map((name) => name.trim());
  return {
    representation: written.get('return') === 'representation',
    continueOnError: written.has('odata.continue-on-error') && written.get('odata.continue-on-error') !== 'false',
    annotates: (annotation) => patterns.some((pattern) => matches(pattern, annotation)),
    applied: (...names) => {
      const list = names.filter((name) => written.has(name)).map((name) => `${name}=${written.get(name)}`);
      return list.length === 0 ? {} : { 'Preference-Applied': list.join(',') };
    },
    ...(size >= 1 && { pageSize: Math.min(size, MAX_PAGE) }),
  };
}

function matches(pattern: string, annotation: string): boolean {
  return pattern.endsWith('*') ? annotation.startsWith(pattern.slice(0, -1)) : pattern === annotation;
}
