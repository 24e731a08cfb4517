// A month of nights while webhooks are lost, late and repeated: after each night nothing is left to do.
import { expect, onTestFinished, test } from 'vitest';
import { rollDice } from '../../local/rdv-solidarites/records/random.ts';
import { DAY, openNightDesk } from './night-desk.ts';

test('drift is zero after each night', { timeout: 240_000 }, async () => {
  const dice = rollDice(7);
  const bodies: string[] = [];
  const desk = await openNightDesk({
    size: { organisations: 2, agents: 2, usagers: 10, rdvs: 24, near: 1 },
    deliver: async ({ body }) => {
      bodies.push(body);
      return { status: 200, body: '', timedOut: false };
    },
  });
  onTestFinished(() => desk.stop());
  const { store, acts } = desk.standIn;
  for (const { id } of [...store.organisations.values()]) {
    const subscriptions = ['rdv', 'user', 'user_profile'];
    store.endpoints.put({ id, organisation_id: id, target_url: 'http://127.0.0.1/', secret: 's', subscriptions });
  }
  await desk.night();
  const late: string[] = [];
  let lost = 0;
  for (let night = 0; night < 30; night += 1) {
    desk.clock.moveTo(desk.clock.now() + DAY / 2);
    const rdvs = [...store.rdvs.values()];
    const [first, second] = [rdvs[dice.between(0, rdvs.length - 1)], rdvs[dice.between(0, rdvs.length - 1)]];
    const usager = first?.participations[0]?.user_id;
    if (first !== undefined) acts.move(first.id, desk.clock.now() + dice.between(1, 20) * DAY);
    if (second !== undefined) acts.setStatus(second.id, night % 2 === 0 ? 'excused' : 'unknown');
    if (usager !== undefined) acts.editUsager(usager, { birth_name: `Naissance-${night}` });
    if (night % 10 === 9 && first !== undefined) acts.destroyRdv(first.id);
    await desk.standIn.passTime(desk.clock, 60_000);
    for (const body of [...late.splice(0), ...bodies.splice(0)]) {
      const fate = dice.between(0, 3);
      if (fate === 0) lost += 1;
      else if (fate === 1) late.push(body);
      else for (let times = 0; times < fate - 1; times += 1) await desk.webhook(body);
    }
    const { stopped, reportOnly, refused, counts } = await desk.night();
    expect([stopped, reportOnly, refused, counts.stale]).toEqual([null, null, [], 0]);
    expect(counts.read).toBeGreaterThan(20);
    const look = await desk.look();
    expect([night, look.counts.healed, look.counts.missing, look.counts.stale]).toEqual([night, 0, 0, 0]);
  }
  expect(lost).toBeGreaterThan(10);
  expect(desk.bench.quarantined.size).toBe(0);
});
