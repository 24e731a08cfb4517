// A worker that is stopped in the middle of a delivery: what it had in hand comes back, and nothing is doubled.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeNotification, makeParticipation, makeRdv, makeUser, senderJson } from '../../local/rdv-solidarites/make-notification.ts';
import { openWorkshop, type Workshop } from './workers.ts';

let workshop: Workshop;
beforeAll(async () => {
  workshop = await openWorkshop();
});
afterAll(() => workshop.stop());

const rdv = (id: number) => {
  const participations = [1, 2].map((at) =>
    makeParticipation({ user: makeUser({ id: 10 * id + at, last_name: `Usager-Test-${id}` }) }),
  );
  return senderJson(makeNotification({ model: 'Rdv', event: 'created', data: makeRdv({ id, participations }) }));
};

/** Longer than the second that a stopped worker has here, shorter than the three until its message is seen again. */
const TOO_LONG = { kind: 'slow', ms: 2500 } as const;

test.each([
  ['while it reads', 701, [TOO_LONG], 'applied'],
  ['while Dataverse carries out its change set', 702, [{ ...TOO_LONG, ms: 100 }, TOO_LONG], 'stale'],
])(
  'a delivery cut %s comes back, and everything is there once',
  async (_, id, faults, outcome) => {
    const { dataverse } = workshop;
    dataverse.clearRequests();
    for (const fault of faults) dataverse.faults.add(fault);
    const stopped = await workshop.hire();
    await workshop.enqueue(rdv(id), Date.now());
    while (dataverse.faults.list().length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await stopped.end('SIGTERM');
    expect(stopped.lines.filter((line) => line.includes('notification.done'))).toEqual([]);
    // What it asked for is carried out all the same.
    while (dataverse.requests.length < faults.length) await new Promise((resolve) => setTimeout(resolve, 10));

    const successor = await workshop.hire();
    await workshop.idle();
    await successor.end('SIGTERM');
    const done = successor.lines.filter((line) => line.includes('notification.done'));
    expect(done[0]).toContain(`"outcome":"${outcome}"`);
    expect(await workshop.quarantined()).toBe(0);
    const appointments = dataverse.rows.list('appointment').filter((row) => row['rdvs_rdvid'] === `${id}`);
    expect(appointments).toHaveLength(1);
    const attendees = dataverse.rows.parties(`${appointments[0]?.['activityid']}`);
    expect(attendees.filter((party) => party['participationtypemask'] === 5)).toHaveLength(2);
    const contacts = dataverse.rows.list('contact').filter((row) => row['lastname'] === `Usager-Test-${id}`);
    expect(contacts).toHaveLength(2);
  },
  60_000,
);
