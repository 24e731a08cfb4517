// `links suggest` alone in its process, beside a Dataverse in another: what it finds, how long it takes, what it holds.
import { openDataverse } from '../../../src/dataverse/access.ts';
import { personOf } from '../../../src/matching/identity.ts';
import { writeSheet } from '../../../src/matching/sheet-writing.ts';
import { suggestFor } from '../../../src/matching/suggestions.ts';
import { user } from '../../../src/rdv-solidarites/models.ts';
import { readDataverseSettings } from '../../../src/settings.ts';
import type { Suggested } from '../../matching/population/quality.ts';
import { given, tell } from '../child.ts';
import { readLines } from './lines.ts';

export interface MatchingCase {
  readonly dataverseUrl: string;
  /** A file of usagers, one a line, as JSON. */
  readonly usagers: string;
}

export interface MatchingSeen {
  readonly seconds: number;
  /** The most that the process held, in MB: all of it, not the heap alone. */
  readonly megabytes: number;
  readonly sheetMegabytes: number;
  readonly suggested: readonly Suggested[];
}

const { dataverseUrl, usagers: file } = given<MatchingCase>();
const usagers = await readLines(file, (line) => personOf(user.parse(JSON.parse(line))));
const dataverse = openDataverse(
  readDataverseSettings({
    DATAVERSE_URL: dataverseUrl,
    DATAVERSE_LOCAL_TOKEN: 'local',
    DATAVERSE_TIMEOUT_SECONDS: '90',
  }),
);
let sheetBytes = 0;
const startedAt = performance.now();
const suggestions = await suggestFor(dataverse, usagers);
for (const piece of writeSheet(suggestions, dataverseUrl)) sheetBytes += piece.length;
const seconds = (performance.now() - startedAt) / 1000;
const megabytes = process.resourceUsage().maxRSS / 1024;
const suggested = suggestions.map(({ usager, situation, matches }) => ({
  usager,
  situation,
  candidates: matches.slice(0, 1).map(({ contact }) => contact.id),
}));
tell({ seconds, megabytes, sheetMegabytes: sheetBytes / 1e6, suggested } satisfies MatchingSeen);
