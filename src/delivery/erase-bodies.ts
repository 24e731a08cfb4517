// What blobs keep about a person who is erased: bodies about that person alone go, others lose that person's fields.

import type { BlockBlobClient } from '@azure/storage-blob';
import type { UsagerId } from '../rdv-solidarites/models.ts';
import { type Redacted, redact } from '../rdv-solidarites/redact.ts';
import { isMissing, isMissingContainer, isRefusedCondition } from '../storage/bodies.ts';
import type { Storage } from '../storage/clients.ts';
import { BODIES_CONTAINER } from '../storage/names.ts';
import { dropHeld, listHeld, readHeld, replaceHeld } from './held.ts';
import { discardQuarantine, listQuarantine, quarantine, readQuarantine } from './quarantine.ts';

export type BodyCounts = Readonly<Record<'deleted' | 'redacted' | 'unreadable', number>>;

type Counts = { -readonly [K in keyof BodyCounts]: number };

/** Looks through quarantine, what is held and the stored bodies; a dry run only counts. */
export async function eraseBodies(storage: Storage, usager: UsagerId, dryRun: boolean): Promise<BodyCounts> {
  const counts: Counts = { deleted: 0, redacted: 0, unreadable: 0 };
  await eraseFromQuarantine(storage, { usager, dryRun, counts });
  await eraseFromHeld(storage, { usager, dryRun, counts });
  await eraseFromStored(storage, { usager, dryRun, counts });
  return counts;
}

interface Search {
  readonly usager: UsagerId;
  readonly dryRun: boolean;
  readonly counts: Counts;
}

async function eraseFromQuarantine(storage: Storage, { usager, dryRun, counts }: Search): Promise<void> {
  for (const { id } of await listQuarantine(storage)) {
    const item = await readQuarantine(storage, id);
    if (item?.body == null) continue;
    const outcome = redact(Buffer.from(item.body, 'base64'), usager);
    count(counts, outcome);
    if (dryRun) continue;
    if (outcome.kind === 'delete') await discardQuarantine(storage, id);
    if (outcome.kind === 'redacted') {
      await quarantine(storage, id, { ...item, body: outcome.body.toString('base64'), redacted: true });
    }
  }
}

async function eraseFromHeld(storage: Storage, { usager, dryRun, counts }: Search): Promise<void> {
  for (const { name } of await listHeld(storage)) {
    const held = await readHeld(storage, name);
    if (held === undefined) continue;
    const outcome = redact(held.body, usager);
    count(counts, outcome);
    if (dryRun) continue;
    if (outcome.kind === 'delete') await dropHeld(storage, name, held.etag);
    if (outcome.kind === 'redacted') await replaceHeld(storage, held, outcome.body);
  }
}

async function eraseFromStored({ blobs }: Storage, { usager, dryRun, counts }: Search): Promise<void> {
  const container = blobs.getContainerClient(BODIES_CONTAINER);
  try {
    for await (const { name } of container.listBlobsFlat()) {
      const blob = container.getBlockBlobClient(name);
      const body = await blob.downloadToBuffer().catch((error: unknown) => {
        // It was applied, and so deleted, after it was listed.
        if (isMissing(error)) return undefined;
        throw error;
      });
      if (body === undefined) continue;
      const outcome = redact(body, usager);
      count(counts, outcome);
      if (dryRun) continue;
      if (outcome.kind === 'delete') await blob.deleteIfExists();
      if (outcome.kind === 'redacted') await replace(blob, outcome.body);
    }
  } catch (error) {
    if (!isMissingContainer(error)) throw error;
  }
}

/** Writes only if the body is still there: one that was applied, and so deleted, meanwhile must not come back. */
async function replace(blob: BlockBlobClient, body: Buffer): Promise<void> {
  try {
    await blob.uploadData(body, { metadata: { redacted: 'true' }, conditions: { ifMatch: '*' } });
  } catch (error) {
    if (!isMissing(error) && !isRefusedCondition(error)) throw error;
  }
}

function count(counts: Counts, { kind }: Redacted): void {
  if (kind === 'delete') counts.deleted += 1;
  if (kind === 'redacted') counts.redacted += 1;
  if (kind === 'unreadable') counts.unreadable += 1;
}
