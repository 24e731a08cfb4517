// Dataverse's own duplicate detection, which a customer may use: adding columns to a table can unpublish the rules about it
// (0x8004F039, Microsoft Learn, "Web service error codes").

import * as z from 'zod';
import { listOf, oneOf, type Read } from './read.ts';

/** Value of a rule's `statuscode` (Microsoft Learn, "DuplicateRule table/entity reference"). */
const PUBLISHED = 2;

/** The tables of Microsoft's that we add columns to. */
const EXTENDED = ['contact', 'appointment'];

export interface PublishedRule {
  readonly id: string;
  readonly name: string;
}

/** Reads the published rules about tables, the extended ones unless others are named. */
export async function readPublishedRules(read: Read, about = EXTENDED): Promise<readonly PublishedRule[]> {
  const shape = { duplicateruleid: z.string(), name: z.string().nullish() };
  const { value } = await read(listOf(shape), (api, signal) =>
    api.retrieveMultiple({
      collection: 'duplicaterules',
      select: Object.keys(shape),
      filter: `(${oneOf('baseentityname', about)}) and statuscode eq ${PUBLISHED}`,
      signal,
    }),
  );
  return value.map(({ duplicateruleid: id, name }) => ({ id, name: name ?? '' }));
}
