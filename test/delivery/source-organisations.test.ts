// A source that is given organisations sends nothing of another one.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  makeAbsence,
  makeMotif,
  makeNotification,
  makeOrganisation,
  makePlageOuverture,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { type Bench, startBench } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench({ settings: { SOURCE_ORGANISATIONS: '{"MDS-Sept":[7,8]}' } });
});
afterAll(() => bench.stop());

const of = (id: number) => makeOrganisation({ id });
const JUDGED = {
  Rdv: (id: number) => makeRdv({ organisation: of(id) }),
  UserProfile: (id: number) => ({ organisation: of(id), user: makeUser({ id: 12 }) }),
  Motif: (id: number) => makeMotif({ organisation_id: id }),
  PlageOuverture: (id: number) => makePlageOuverture({ organisation: of(id) }),
};
type Judged = keyof typeof JUDGED;

let arrivals = Date.parse('2026-11-24T11:00:00Z');
/** Delivers, and answers the code in quarantine, or what became of the notification. */
async function outcomeOf(
  model: Judged | 'User' | 'Absence',
  data: object,
  { source, to = bench, event = 'updated' }: { source?: string; to?: Bench; event?: 'updated' | 'destroyed' },
): Promise<unknown> {
  arrivals += 1;
  await to.deliver(senderJson(makeNotification({ model, event, data })), arrivals, source);
  return to.quarantined.get(`n-${arrivals}`)?.code ?? to.events.at(-1)?.['event'];
}

describe.each(Object.keys(JUDGED).filter((name): name is Judged => name in JUDGED))('%s', (model) => {
  test('of another organisation goes to quarantine whole, by the capitals of nobody', async () => {
    for (const source of ['mds-sept', 'MDS-SEPT']) {
      for (const event of ['updated', 'destroyed'] as const) {
        expect(await outcomeOf(model, JUDGED[model](9), { source, event })).toBe('other-organisation');
      }
    }
    const item = bench.quarantined.get(`n-${arrivals}`);
    expect(item?.reason).toBe('data.organisation: not one that SOURCE_ORGANISATIONS gives to this source');
    expect(item?.envelope?.source).toBe('MDS-SEPT');
    expect(Buffer.from(item?.body ?? '', 'base64').toString()).toMatch(/"(organisation_)?id":9/);
    expect(bench.dataverse.rows.list('rdvs_link')).toEqual([]);
  });
});

describe('what is applied', () => {
  test.each([
    ['Rdv', 'mds-sept', 7],
    ['UserProfile', 'Mds-Sept', 8],
    ['PlageOuverture', 'MDS-SEPT', 7],
    ['Rdv', 'elsewhere', 9],
    ['Rdv', undefined, 9],
  ] as const)('%s by source %s of organisation %i', async (model, source, id) => {
    expect(await outcomeOf(model, JUDGED[model](id), source === undefined ? {} : { source })).toBe('notification.done');
  });

  test('names no organisation, or any of those of its agent', async () => {
    const source = 'mds-sept';
    expect(await outcomeOf('User', makeUser({ id: 13 }), { source })).toBe('notification.done');
    expect(await outcomeOf('Absence', makeAbsence({ organisation: of(9) }), { source })).toBe('notification.done');
    expect(await outcomeOf('PlageOuverture', { id: 4 }, { source, event: 'destroyed' })).toBe('notification.done');
  });

  test('is everything while the setting is absent', async () => {
    const to = bench.colleague({ settings: {} });
    expect(await outcomeOf('Rdv', JUDGED.Rdv(9), { source: 'mds-sept', to })).toBe('notification.done');
  });
});
