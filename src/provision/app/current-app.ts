// What an environment holds of our application. Drafts are read too: GET gives only what was published, and an interrupted run
// leaves parts that are not. Microsoft Learn, RetrieveUnpublishedMultiple function.

import * as z from 'zod';
import { schema } from '../../schema/schema.ts';
import type { Languages } from '../definitions.ts';
import { listOf, oneOf, type Read } from '../read.ts';
import { application, tableParts } from './application.ts';
import { KINDS, type Kind, parts, type Setting } from './parts.ts';
import { type Memory, readMemory, WRITTEN } from './written.ts';

export interface FoundPart {
  /** Its own id, which differs from the part's for the site map. */
  readonly id: string;
  /** The columns that follow the definition, in the order of `KINDS`. */
  readonly texts: readonly string[];
}

export interface CurrentApp {
  readonly setting: Setting;
  /** By the id of the part. */
  readonly found: ReadonlyMap<string, FoundPart>;
  readonly memory: Memory;
  /** Whether the web resource of the memory exists, and whether all that was written is published. */
  readonly remembered: boolean;
  readonly published: boolean;
}

const DRAFTS = 'Microsoft.Dynamics.CRM.RetrieveUnpublishedMultiple';

/** Reads everything that a plan of the application depends on; changes nothing. */
export async function readCurrentApp(read: Read, languages: Languages): Promise<CurrentApp> {
  const typeCodes = await readTypeCodes(read);
  const found = new Map<string, FoundPart>();
  for (const kind of ['icon', 'view', 'form', 'chart', 'sitemap', 'app'] as const)
    for (const [id, part] of await readDrafts(read, kind)) found.set(id, part);
  const draft = await readWritten(read, 'draft');
  const shown = draft === undefined ? undefined : await readWritten(read, 'published');
  return {
    setting: { languages, typeCodes },
    found,
    memory: readMemory(draft),
    remembered: draft !== undefined,
    published: draft !== undefined && draft === shown,
  };
}

async function readTypeCodes(read: Read): Promise<ReadonlyMap<string, number>> {
  const shape = { LogicalName: z.string(), ObjectTypeCode: z.int() };
  const names = tableParts.map(({ table }) => table);
  const { value } = await read(listOf(shape), (api, signal) =>
    api.retrieveEntities({ select: Object.keys(shape), filter: oneOf('LogicalName', names), signal }),
  );
  return new Map(value.map(({ LogicalName, ObjectTypeCode }) => [LogicalName, ObjectTypeCode]));
}

async function readDrafts(read: Read, kind: Kind): Promise<(readonly [string, FoundPart])[]> {
  const { set, key, follows } = KINDS[kind];
  const wanted = parts.filter((part) => part.kind === kind);
  const ids = wanted.map(({ id }) => `${key} eq ${id}`).join(' or ');
  const filter = kind === 'sitemap' ? `sitemapnameunique eq '${application.uniqueName}'` : ids;
  const rows = z.object({ value: z.array(z.record(z.string(), z.unknown())) });
  // Without a signal: dynamics-web-api 2.5.0 copies the one given to callFunction into an object that Node refuses.
  const { value } = await read(rows, (api) =>
    api.callFunction({ collection: set, name: DRAFTS, select: [key, ...follows], filter }),
  );
  return value.map((row) => {
    const id = z.string().parse(row[key]);
    const texts = follows.map((column) => z.string().nullish().parse(row[column]) ?? '');
    return [kind === 'sitemap' ? application.uniqueName : id, { id, texts }] as const;
  });
}

async function readWritten(read: Read, copy: 'draft' | 'published'): Promise<string | undefined> {
  const query = { collection: 'webresourceset', select: ['content'], filter: `webresourceid eq ${WRITTEN.id}` };
  const { value } = await read(listOf({ content: z.string().nullish() }), (api, signal) =>
    copy === 'draft' ? api.callFunction({ ...query, name: DRAFTS }) : api.retrieveMultiple({ ...query, signal }),
  );
  return value[0] === undefined ? undefined : (value[0].content ?? '');
}

/** Whether a managed import made our solution: its parts then come with the next import. */
export async function isManaged(read: Read): Promise<boolean> {
  const { value } = await read(listOf({ ismanaged: z.boolean() }), (api, signal) =>
    api.retrieveMultiple({
      collection: 'solutions',
      select: ['ismanaged'],
      filter: `uniquename eq '${schema.solution.uniqueName}'`,
      signal,
    }),
  );
  return value[0]?.ismanaged === true;
}
