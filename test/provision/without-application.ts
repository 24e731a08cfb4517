// An environment without our views and forms: what they show can only be deleted after them.
import type { Rows } from '../../local/dataverse/src/direct-rows.ts';
import { KINDS, parts } from '../../src/provision/app/parts.ts';

export function withoutApplication(rows: Rows): void {
  for (const { kind, id, row } of parts.toReversed()) {
    const { entity, key } = KINDS[kind];
    const found = rows
      .list(entity)
      .find((one) => (kind === 'sitemap' ? one['sitemapnameunique'] === row['sitemapnameunique'] : one[key] === id));
    if (found !== undefined) rows.remove(entity, String(found[key]));
  }
}
