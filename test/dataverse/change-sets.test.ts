// A change set that Dataverse refuses, in each form of the refusal; attendees in the form that the environment takes.
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeNotification, makeParticipation, makeRdv, makeUser, senderJson } from '../../local/rdv-solidarites/make-notification.ts';
import { type Bench, type BenchOptions, NO_MEMORY, startBench } from '../delivery/bench.ts';

async function open(options: BenchOptions): Promise<Bench> {
  const bench = await startBench(options);
  onTestFinished(() => bench.stop());
  return bench;
}

let second = 0;
const at = () => new Date(Date.parse('2026-11-24T09:00:00Z') + 1000 * second++).toISOString();

function rdvWith(...users: number[]): string {
  const participations = users.map((id) => makeParticipation({ id: 900 + id, user: makeUser({ id }) }));
  const data = makeRdv({ id: 77, participations });
  return senderJson(makeNotification({ model: 'Rdv', event: 'updated', data, at: at() }));
}

/** Contacts who are attendees of the one appointment, by their e-mail. */
function attendees({ dataverse: { rows } }: Bench): string[] {
  const [appointment] = rows.list('appointment');
  const invited = rows.parties(String(appointment?.['activityid'])).filter((row) => row['participationtypemask'] === 5);
  return invited.map((row) => String(row['addressused'])).sort();
}

const outcomes = (bench: Bench) =>
  bench.events.filter(({ event }) => event === 'notification.done').map(({ outcome }) => outcome);

describe('a refused change set', () => {
  test.each([
    'flat',
    'nested',
    'nested-content-id',
  ] as const)('is a conflict to settle, answered %s', async (failedChangeSet) => {
    const bench = await open({ dataverse: { failedChangeSet } });
    const other = bench.colleague();
    await bench.deliver(rdvWith(12));
    await other.deliver(rdvWith(12, 13));
    // The memory of the first is old by now: 412, then it reads again.
    await bench.deliver(rdvWith(12, 13, 14));
    expect(outcomes(bench)).toEqual(['applied', 'applied']);
    expect(bench.putBack).toEqual([]);
    expect(attendees(bench)).toEqual([12, 13, 14].map((id) => `usager-${id}@example.org`));
  });
});

describe('attendees', () => {
  test.each([
    ['patch', [2, 2, 2]],
    ['put', [2, 3, 2]],
  ] as const)('are replaced where only %s is taken; a refusal is met once', async (attendeeForms, requests) => {
    const bench = await open({ dataverse: { attendeeForms }, memory: NO_MEMORY });
    const counts: number[] = [];
    for (const users of [[12], [12, 13], [13]]) {
      counts.push(await bench.requestsOf(() => bench.deliver(rdvWith(...users))));
      expect(attendees(bench)).toEqual(users.map((id) => `usager-${id}@example.org`));
    }
    expect(outcomes(bench)).toEqual(['applied', 'applied', 'applied']);
    expect(counts).toEqual(requests);
  });

  test('leave nothing in memory that the next notification would be refused for', async () => {
    const bench = await open({ dataverse: { attendeeForms: 'put' } });
    for (const users of [[12], [12, 13], [13], [14]]) await bench.deliver(rdvWith(...users));
    expect(attendees(bench)).toEqual(['usager-14@example.org']);
    expect(bench.dataverse.stats.rollbacks).toBe(1);
  });

  test('a refusal that is not about them is reported as it came', async () => {
    const bench = await open({ dataverse: { attendeeForms: 'put' } });
    await bench.deliver(rdvWith(12));
    bench.dataverse.faults.add({ kind: '503', match: { path: '$batch' } });
    await bench.deliver(rdvWith(12, 13));
    expect(bench.putBack).toHaveLength(1);
  });
});
