// Possible duplicates as rows of Dataverse.
import * as z from 'zod';
import type { Calls } from '../dataverse/calls.ts';
import type { Operation } from '../dataverse/shared-batch.ts';
import { type Progress, readPages } from '../matching/candidates.ts';
import { type DuplicateState, optionValues } from '../schema/schema.ts';
import { tables } from '../schema/tables.ts';
import { chunks } from '../sync/model/chunks.ts';
import type { Guid } from '../sync/model/link-names.ts';
import type { Etag } from '../sync/model/rows.ts';
import type { DuplicateColumns, DuplicateRow, DuplicateWrite } from './decide-duplicates.ts';

const { entitySet: collection, primaryKey } = tables.rdvs_duplicate;
const states = optionValues.rdvs_duplicate.rdvs_state;

/** Rows written in one change set. */
const AT_ONCE = 100;

const guid = z
  .string()
  .nullish()
  .transform((id) => (id == null ? null : (id.toLowerCase() as Guid)));

const row = z
  .object({
    rdvs_duplicateid: z.string().transform((id) => id.toLowerCase() as Guid),
    '@odata.etag': z.string().transform((etag) => etag as Etag),
    rdvs_state: z.number().nullish(),
    rdvs_score: z.number().nullish(),
    rdvs_name: z.string().nullish(),
    _rdvs_contact_value: guid,
    _rdvs_othercontact_value: guid,
  })
  .transform(
    (read): DuplicateRow => ({
      id: read.rdvs_duplicateid,
      etag: read['@odata.etag'],
      state: stateOf(read.rdvs_state),
      score: read.rdvs_score ?? null,
      name: read.rdvs_name ?? null,
      contacts: [read._rdvs_contact_value, read._rdvs_othercontact_value],
    }),
  );

function stateOf(value: number | null | undefined): DuplicateState | undefined {
  const names: readonly DuplicateState[] = ['toreview', 'distinct', 'merged'];
  return names.find((name) => states[name] === value);
}

/**
 * Reads all possible duplicates, those that people decided about too.
 *
 * @throws DataverseError
 */
export async function readDuplicates(calls: Calls, progress?: Progress): Promise<readonly DuplicateRow[]> {
  const columns = ['rdvs_state', 'rdvs_score', 'rdvs_name', '_rdvs_contact_value', '_rdvs_othercontact_value'];
  const found = new Map<Guid, DuplicateRow>();
  for await (const rows of readPages(calls, { collection, select: [primaryKey, ...columns] })) {
    for (const read of rows.map((one) => row.parse(one))) found.set(read.id, read);
    progress?.('duplicates', found.size);
  }
  return [...found.values()];
}

const merged = z.object({ contactid: z.string(), _masterid_value: z.string() });

/**
 * Reads which contacts were merged, and into which.
 *
 * @throws DataverseError
 */
export async function readMasters(calls: Calls): Promise<ReadonlyMap<Guid, Guid>> {
  const found = new Map<Guid, Guid>();
  const request = {
    collection: tables.contact.entitySet,
    select: Object.keys(merged.shape),
    filter: 'statecode eq 1 and _masterid_value ne null',
  };
  for await (const rows of readPages(calls, request)) {
    for (const read of rows.map((one) => merged.parse(one))) {
      found.set(read.contactid.toLowerCase() as Guid, read._masterid_value.toLowerCase() as Guid);
    }
  }
  return found;
}

/**
 * Writes rows, each on condition that nobody wrote it since it was read.
 *
 * @throws DataverseError: of kind `conflict` when somebody did; the change sets before stay written
 */
export async function writeDuplicates(calls: Calls, writes: readonly DuplicateWrite[]): Promise<void> {
  for (const some of chunks(writes, AT_ONCE)) {
    await calls.send(
      some.map(send),
      some.map(({ id }) => `rdvs_duplicate ${id}`),
    );
  }
}

function send(write: DuplicateWrite): Operation {
  const target = { collection, key: write.id };
  switch (write.kind) {
    case 'create': {
      const [first, second] = write.contacts.map((id) => `/${tables.contact.entitySet}(${id})`);
      const contacts = { 'rdvs_contact@odata.bind': first, 'rdvs_othercontact@odata.bind': second };
      const data = { ...toBody(write.columns), ...contacts };
      return (api, contentId) => api.upsert({ ...target, contentId, data, ifnonematch: '*' });
    }
    case 'update':
      return (api, contentId) => api.update({ ...target, contentId, data: toBody(write.columns), ifmatch: write.etag });
    case 'delete':
      return (api, contentId) => api.deleteRecord({ ...target, contentId, ifmatch: write.etag });
  }
}

function toBody({ name, score, state }: Partial<DuplicateColumns>): Record<string, string | number> {
  return {
    ...(name === undefined ? {} : { rdvs_name: name }),
    ...(score === undefined ? {} : { rdvs_score: score }),
    ...(state === undefined ? {} : { rdvs_state: states[state] }),
  };
}
