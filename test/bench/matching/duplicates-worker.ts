// `duplicates find` alone in its process, beside a Dataverse in another: how long it takes, what it holds.
import { openDataverse } from '../../../src/dataverse/access.ts';
import { findDuplicates } from '../../../src/duplicates/find-duplicates.ts';
import { readDataverseSettings } from '../../../src/settings.ts';
import { given, tell } from '../child.ts';

export interface DuplicatesSeen {
  readonly seconds: number;
  /** The most that the process held, in MB: all of it, not the heap alone. */
  readonly megabytes: number;
  readonly pairs: number;
  readonly requests: number;
}

const dataverse = openDataverse(
  readDataverseSettings({
    DATAVERSE_URL: given<string>(),
    DATAVERSE_LOCAL_TOKEN: 'local',
    DATAVERSE_TIMEOUT_SECONDS: '90',
  }),
);
const startedAt = performance.now();
const { pairs, requests } = await findDuplicates(dataverse);
const seconds = (performance.now() - startedAt) / 1000;
tell({ seconds, megabytes: process.resourceUsage().maxRSS / 1024, pairs, requests } satisfies DuplicatesSeen);
