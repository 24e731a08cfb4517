// How many of an invented population find their contact, and how many another one's. `npm run bench -- matching` measures more.
import { describe, expect, test } from 'vitest';
import { openDataverse } from '../../src/dataverse/access.ts';
import { personOf } from '../../src/matching/identity.ts';
import { suggestFor } from '../../src/matching/suggestions.ts';
import { readDataverseSettings } from '../../src/settings.ts';
import { Desk } from './desk.ts';
import { FAMILIAR, UNFAMILIAR } from './population/names.ts';
import { makePopulation } from './population/population.ts';
import { measureQuality } from './population/quality.ts';
import { toRow, toUsager } from './population/rows.ts';

const desk = new Desk();

describe('in an invented population', () => {
  test.each([
    ['of familiar names', { seed: 20_261_124, lists: FAMILIAR }],
    ['of other names, kept aside to judge', { seed: 77, lists: UNFAMILIAR }],
  ])('%s, proposals are right, and nearly all find their contact', async (_, given) => {
    const population = makePopulation({ ...given, usagers: 3000, contacts: 2000 });
    for (const contact of population.contacts) desk.addContact(toRow(contact));
    const dataverse = openDataverse(
      readDataverseSettings({ DATAVERSE_URL: desk.dataverse.url, DATAVERSE_LOCAL_TOKEN: 'local' }),
    );
    const suggestions = await suggestFor(
      dataverse,
      population.usagers.map((one) => personOf(toUsager(one))),
    );
    const quality = measureQuality(
      population,
      suggestions.map(({ usager, situation, matches }) => ({
        usager,
        situation,
        candidates: matches.map(({ contact }) => contact.id),
      })),
    );
    expect(quality.wrong / quality.proposed).toBeLessThanOrEqual(0.001);
    expect(quality.first / quality.present).toBeGreaterThanOrEqual(0.95);
    expect(quality.proposed / quality.present).toBeGreaterThanOrEqual(0.6);
  });
});
